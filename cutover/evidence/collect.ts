/**
 * Reads the evidence of every system of a target into record files: header, rows, trailer (contracts/record-file.ts). Several at once, but bounded.
 * A system that cannot be read to its end is journalled and leaves no file, so that nothing torn is taken for whole.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { EvidenceRow, type EvidenceHeader, type EvidenceMode } from '../../contracts/evidence.ts'
import { RecordWriter } from '../../contracts/record-file.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import { hasReader, type Target, type TargetSystem } from '../../contracts/target.ts'
import { eachBounded } from '../bounded.ts'
import type { Journal } from '../journal-file.ts'
import type { AdminPort } from '../ports.ts'

const AT_ONCE = 4

export type CollectOptions = {
  target: Target
  admin: (systemId: string) => AdminPort
  folder: RunFolder
  mode: Extract<EvidenceMode, 'baseline' | 'final'>
  journal: Journal
  signal?: AbortSignal
  now?: () => number
}
export type Collected = { read: string[]; unreadable: { system: string; note: string; error?: unknown }[] }

/** What resolvers answer is sampled all along by `dns-watch.ts`; a last look into their caches would say less. */
export function hasEvidence(system: TargetSystem): boolean {
  return hasReader(system) && system.role !== 'resolver'
}

export async function collectEvidence(options: CollectOptions): Promise<Collected> {
  const collected: Collected = { read: [], unreadable: [] }
  await mkdir(options.folder.evidence, { recursive: true })
  await eachBounded(options.target.systems.filter(hasEvidence), AT_ONCE, async ({ id }) => {
    if (options.signal?.aborted) { collected.unreadable.push({ system: id, note: 'interrupted' }); return }
    options.journal.write({ kind: 'read', system: id, event: 'begin', mode: options.mode })
    try {
      const rows = await readOne(id, options)
      options.journal.write({ kind: 'read', system: id, event: 'done', mode: options.mode, rows })
      collected.read.push(id)
    } catch (error) {
      if (isOwnFault(error)) throw error
      const note = (error as Error).message
      options.journal.write({ kind: 'read', system: id, event: 'error', mode: options.mode, note })
      collected.unreadable.push({ system: id, note, error })
    }
  })
  return collected
}

async function readOne(system: string, options: CollectOptions): Promise<number> {
  const now = options.now ?? Date.now
  const path = options.folder.evidenceOf(system, options.mode)
  const writer = new RecordWriter(path)
  try {
    const header: EvidenceHeader = { v: 1, system, readId: randomUUID(), mode: options.mode, beganAt: now() }
    writer.write(header)
    for await (const lines of options.admin(system).evidence(options.mode, options.signal)) {
      for (const line of lines) {
        assertRow(line)
        writer.writeLine(line)
      }
    }
    const rows = writer.rows - 1
    writer.close(now())
    return rows
  } catch (error) {
    writer.abandon()
    await rm(path, { force: true })
    throw error
  }
}

/** The whole schema for each of some hundred thousand rows would cost seconds; what the judge needs of a row is checked. */
function assertRow(line: string): void {
  const row = JSON.parse(line) as Partial<EvidenceRow>
  if (typeof row.key === 'string' && typeof row.seenAt === 'number' && typeof row.fields === 'object' && row.fields !== null && !Array.isArray(row.fields)) return
  throw new Error(`a row is no evidence: ${EvidenceRow.safeParse(row).error?.issues[0]?.message ?? 'wrong shape'}: ${line.slice(0, 120)}`)
}

/** A disk that is full is the machine's fault, not the system's. */
function isOwnFault(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')
}
