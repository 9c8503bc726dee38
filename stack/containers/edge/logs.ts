/**
 * An edge's two logs as evidence: rows in exactly the shape of the embedded edge's, as one snapshot of both files up to the length that they have
 * when the read begins. What cannot be read makes the read fail, so that a short log is not taken for a whole one.
 */
import { stat } from 'node:fs/promises'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { accessRow, isSync, wafRow } from '../../network/edge/access-log.ts'
import type { Origins } from '../../network/edge/origin.ts'
import { accessEntryOf } from './access-line.ts'
import { wafEntriesOf } from './audit-entry.ts'
import { linesOf, wholeLength } from './log-file.ts'

export type EdgeLogs = {
  rows: () => AsyncGenerator<EvidenceRow>
  served: () => Promise<number>
  blocked: () => Promise<{ all: number; sync: number }>
  /** From now on no read is whole. */
  damage: (what: string) => void
}

export function edgeLogs(files: { access: string; audit: string }, origins: Origins): EdgeLogs {
  let damaged: string | undefined
  const requests = follow(files.access, 0, (count) => count + 1)
  const blocks = follow(files.audit, { all: 0, sync: 0 }, (count, line) => {
    const block = wafEntriesOf(line, origins).find(({ action }) => action === 'block')
    return block ? { all: count.all + 1, sync: count.sync + Number(isSync(block.path)) } : count
  })
  return {
    async *rows() {
      const seenAt = Date.now()
      const [access, audit] = await Promise.all([stat(files.access), stat(files.audit)])
      const lengths = [await wholeLength(files.access, access.size), await wholeLength(files.audit, audit.size)] as const
      let n = 0
      for await (const line of linesOf(files.access, 0, lengths[0])) yield accessRow(n += 1, read(files.access, n, () => accessEntryOf(line, origins)), seenAt)
      n = 0
      let entry = 0
      for await (const line of linesOf(files.audit, 0, lengths[1])) {
        n += 1
        for (const found of read(files.audit, n, () => wafEntriesOf(line, origins))) yield wafRow(entry += 1, found, seenAt)
      }
      if (damaged !== undefined) throw new Error(`the edge's logs have gaps: ${damaged}`)
    },
    served: requests,
    blocked: blocks,
    damage: (what) => { damaged ??= what },
  }
}

function read<T>(file: string, line: number, parse: () => T): T {
  try { return parse() } catch (error) { throw new Error(`${file}:${line} cannot be read: ${(error as Error).message}`, { cause: error }) }
}

/** Folds the lines that have come since the last call; one call at a time. */
function follow<T>(file: string, first: T, fold: (value: T, line: string) => T): () => Promise<T> {
  let value = first
  let offset = 0
  let turn: Promise<unknown> = Promise.resolve()
  const goOn = async () => {
    const to = await wholeLength(file, (await stat(file)).size)
    let next = value
    for await (const line of linesOf(file, offset, to)) next = fold(next, line)
    value = next
    offset = to
    return value
  }
  return () => {
    const mine = turn.then(goOn)
    turn = mine.catch(() => {})
    return mine
  }
}
