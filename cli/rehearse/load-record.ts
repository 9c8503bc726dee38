/**
 * What is known of one k6 process when it has ended, as evidence: its own counters, exit, and writes that failed. The history gets its
 * trailer only if k6 ended in order: a killed writer leaves a file that must not be taken for whole. Its hash stands here too, so that a history
 * that was edited afterwards and given a new trailer is told from the one that k6 wrote.
 */
import { sealRecordFile, RecordWriter } from '../../contracts/record-file.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { K6End } from '../../scenarios/run-k6.ts'

/** k6 ended by itself or by a graceful stop; its console output is complete. 99 thresholds, 105 stopped by signal after gracefulStop, 108 aborted. */
const ORDERLY_EXITS: readonly number[] = [0, 99, 105, 108]

export async function recordLoad(folder: RunFolder, worker: string, end: K6End, nowMs: () => number): Promise<void> {
  const orderly = end.signal === null && end.exitCode !== null && ORDERLY_EXITS.includes(end.exitCode)
  const sealed = orderly ? await seal(folder.historyOf(worker), nowMs()) : { sealed: false as const, reason: 'k6 did not end in order' }
  const system = `load-${worker}`
  const writer = new RecordWriter(folder.evidenceOf(system))
  writer.write({ v: 1, system, readId: `${system}-final`, mode: 'final', beganAt: nowMs() })
  const row = (key: string, fields: EvidenceRow['fields'], status?: string) => { writer.write({ key, ...(status && { status }), fields, seenAt: nowMs() } satisfies EvidenceRow) }
  for (const [name, value] of Object.entries(end.summary ?? {})) {
    if (typeof value === 'number') row(`metric/${name}`, { value })
  }
  row('exit/code', { value: end.exitCode })
  if (end.signal) row('exit/signal', { value: end.signal }, end.signal)
  row('stderr/failed-writes', { value: end.failedWrites })
  row('history/sealed', { value: sealed.sealed, ...(sealed.sealed ? { reason: null, rows: sealed.rows, sha256: sealed.sha256 } : { reason: sealed.reason }) })
  writer.close(nowMs())
}

/** A k6 that ended with 0 and left no file at all is no fault of the harness. */
async function seal(path: string, endedAt: number): ReturnType<typeof sealRecordFile> {
  try { return await sealRecordFile(path, endedAt) } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { sealed: false, reason: 'is not there' }
    throw error
  }
}
