/**
 * What a run folder holds: the plan, the journal and every record file with the word whether it is whole (trailer and SHA-256) and, for evidence,
 * its header. Opens nothing under `sealed/`. Checks run one after the other beside the loading, which waits for the check of its own file.
 */
import { open, readdir, readFile } from 'node:fs/promises'
import { InputError } from '../../contracts/error.ts'
import { EvidenceHeader, type EvidenceMode } from '../../contracts/evidence.ts'
import { AddedHandTests, HAND_TESTS } from '../../contracts/hand-tests.ts'
import { JournalEntry } from '../../contracts/journal.ts'
import { Plan } from '../../contracts/plan.ts'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import type { SystemRole } from '../../contracts/target.ts'
import { RECORD_KEEPERS } from './record-types.ts'

export type RecordFile = {
  /** As named in verdicts: `evidence/portal.ndjson`. */
  name: string
  path: string
  /** Evidence: the system's id. History: the worker. */
  system: string
  /** `hand`: the history of what people tested by hand. */
  kind: 'history' | 'hand' | 'evidence' | 'baseline' | 'load' | 'processes' | 'journal'
  role: SystemRole | null
  unit: string
}
export type FileState = { whole: boolean; reason: string; rows: number; beganAt: number | null; mode: EvidenceMode | null }

export type RunRecords = {
  folder: RunFolder
  plan: Plan
  files: RecordFile[]
  /** Settles for each file; memoised. */
  stateOf: (file: RecordFile) => Promise<FileState>
  journal: JournalEntry[]
  /** Declared by the plan, or added when the run was over. */
  handTests: { rows: number; sha256: string; added: boolean } | null
}

export async function openRun(directory: string): Promise<RunRecords> {
  const folder = runFolder(directory)
  const plan = await readPlan(folder)
  const handTests = plan.handTests ? { ...plan.handTests, added: false } : await readAdded(folder)
  const files = await listFiles(folder, plan, handTests !== null)
  const states = new Map<string, Promise<FileState>>()
  let chain: Promise<unknown> = Promise.resolve()
  // History and journal first: the judge begins with them.
  for (const file of files.toSorted((a, b) => Number(b.kind === 'history' || b.kind === 'journal') - Number(a.kind === 'history' || a.kind === 'journal'))) {
    const state = chain.then(() => examine(file))
    chain = state
    states.set(file.name, state)
  }
  return { folder, plan, files, stateOf: (file) => states.get(file.name)!, journal: await readJournal(folder.journal), handTests }
}

async function readPlan(folder: RunFolder): Promise<Plan> {
  const bad = (what: string) => new InputError([{ code: 'RUN_PLAN_UNREADABLE', what, where: folder.plan, mend: 'name a run folder that holds a plan.json of this version' }])
  let json: unknown
  try { json = JSON.parse(await readFile(folder.plan, 'utf8')) } catch (error) { throw bad((error as Error).message) }
  const parsed = Plan.safeParse(json)
  if (!parsed.success) throw bad(parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return parsed.data
}

/** One that cannot be read fits no history. */
async function readAdded(folder: RunFolder): Promise<RunRecords['handTests']> {
  const text = await readFile(folder.handTests, 'utf8').catch(() => null)
  if (text === null) return null
  let json: unknown
  try { json = JSON.parse(text) } catch { json = null }
  const { success, data } = AddedHandTests.safeParse(json)
  return success ? { rows: data.rows, sha256: data.sha256, added: true } : { rows: 0, sha256: '', added: true }
}

async function listFiles(folder: RunFolder, plan: Plan, withHandTests: boolean): Promise<RecordFile[]> {
  const names = async (path: string) => (await readdir(path).catch(() => [])).filter((name) => name.endsWith('.ndjson')).sort()
  const systems = new Map(plan.target.systems.map((system) => [system.id, system]))
  const present = await names(folder.history)
  // A worker's history that is not there at all is looked at too, and found missing.
  const workers = [...new Set([...present.map((name) => name.slice(0, -'.ndjson'.length)), ...plan.workers, ...withHandTests ? [HAND_TESTS] : []])].sort()
  const files: RecordFile[] = workers.map((worker) => ({
    name: `history/${worker}.ndjson`, path: folder.historyOf(worker), system: worker, kind: withHandTests && worker === HAND_TESTS ? 'hand' : 'history', role: null, unit: '',
  }))
  for (const name of await names(folder.evidence)) {
    const baseline = name.endsWith('.baseline.ndjson')
    const system = name.slice(0, baseline ? -'.baseline.ndjson'.length : -'.ndjson'.length)
    const known = systems.get(system)
    const kind = baseline ? 'baseline' : known ? 'evidence' : system.startsWith('load-') ? 'load' : system === 'processes' ? 'processes' : 'evidence'
    files.push({ name: `evidence/${name}`, path: `${folder.evidence}/${name}`, system, kind, role: known?.role ?? null, unit: known?.unit ?? '' })
  }
  files.push({ name: 'journal.ndjson', path: folder.journal, system: 'journal', kind: 'journal', role: null, unit: '' })
  return files
}

async function examine(file: RecordFile): Promise<FileState> {
  const check = await checkRecordFile(file.path)
  const state: FileState = { whole: check.whole, reason: check.whole ? '' : check.reason, rows: check.whole ? check.rows : 0, beganAt: null, mode: null }
  if (file.kind === 'history' || file.kind === 'hand' || file.kind === 'journal' || !check.whole) return state
  const header = EvidenceHeader.safeParse(await firstLine(file.path))
  if (!header.success) return { ...state, whole: false, reason: 'has no evidence header' }
  if (header.data.system !== file.system) return { ...state, whole: false, reason: `its header names ${header.data.system}` }
  const wanted = file.kind === 'baseline' ? header.data.mode === 'baseline' : file.role !== null && RECORD_KEEPERS.has(file.role) ? header.data.mode === 'final' : header.data.mode !== 'baseline'
  if (!wanted) return { ...state, whole: false, reason: `its header says mode ${header.data.mode}` }
  return { ...state, beganAt: header.data.beganAt, mode: header.data.mode }
}

async function firstLine(path: string): Promise<unknown> {
  await using handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0)
  try { return JSON.parse(buffer.subarray(0, bytesRead).toString('utf8').split('\n')[0]!) } catch { return null }
}

/** Every line that is a journal entry; a torn end is left out here and named by the check of the file. */
async function readJournal(path: string): Promise<JournalEntry[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const entries: JournalEntry[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    let json: unknown
    try { json = JSON.parse(line) } catch { continue }
    const parsed = JournalEntry.safeParse(json)
    if (parsed.success) entries.push(parsed.data)
  }
  return entries.sort((a, b) => a.seq - b.seq)
}
