/** Records that are whole and all the same prove nothing: a read at the wrong moment, a line that is no operation, a worker nobody planned. Never a pass, never a fail. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

type Json = Record<string, unknown>
type Trouble = { name: string; plant?: (run: RunBuilder) => void; tamper?: (directory: string) => void; id: string; observed: RegExp }

/** Changes a file's records and seals it again, so that its trailer fits. */
function reseal(file: string, change: (records: Json[]) => Json[]): (directory: string) => void {
  return (directory) => {
    const path = join(directory, file)
    const records = readFileSync(path, 'utf8').trim().split('\n').map((line): Json => JSON.parse(line))
    const { endedAt } = records.pop()!['trailer'] as { endedAt: number }
    const lines = change(records).map((record) => `${JSON.stringify(record)}\n`)
    const sha256 = createHash('sha256').update(lines.join('')).digest('hex')
    writeFileSync(path, `${lines.join('')}${JSON.stringify({ trailer: { rows: lines.length, sha256, endedAt } })}\n`)
  }
}

/** The first record without one of its members. */
const without = (member: string, of: (record: Json) => boolean) => (records: Json[]) => {
  const first = records.findIndex(of)
  return records.map((record, index) => index === first ? Object.fromEntries(Object.entries(record).filter(([name]) => name !== member)) : record)
}
const isSubmit = (record: Json) => record['kind'] === 'dossier.submit'

const TROUBLES: readonly Trouble[] = [
  { name: 'a final read that was taken while the run went on', id: 'valid.systems-read', observed: /not read: portal/, plant: (run) => { run.evidence.get('portal')!.mode = 'running' } },
  { name: 'a final read from before the last operation', id: 'valid.final-reads', observed: /partner-ha-noi/, plant: (run) => { run.evidence.get('partner-ha-noi')!.beganAt = run.at('01:00') } },
  { name: 'a baseline from after the first operation', id: 'valid.baseline-read', observed: /without a baseline: portal/, plant: (run) => {
    for (const file of ['portal', 'portal.baseline']) run.record(file, 'dossier/H01-260410-777777', undefined, 'received', { origin: 'synced' })
    run.evidence.get('portal.baseline')!.beganAt = run.at('01:00')
  } },
  { name: 'a baseline that holds operations of this very plan', id: 'valid.baseline-unused', observed: /1 records .* sms/, plant: (run) => { run.record('sms.baseline', 'sms/g-old', run.opOf('citizens-new', 0, 'sms'), 'delivered') } },
  { name: 'an evidence row without a key', id: 'valid.record-files-whole', observed: /evidence\/sms.ndjson .*without a key/, tamper: reseal('evidence/sms.ndjson', without('key', (record) => 'key' in record)) },
  { name: 'a history line without its kind', id: 'valid.operations-derivable', observed: /1 do not/, tamper: reseal('history/w1.ndjson', without('kind', isSubmit)) },
  { name: 'a history line without its outcome', id: 'valid.operations-derivable', observed: /1 do not/, tamper: reseal('history/w1.ndjson', without('outcome', isSubmit)) },
  { name: 'a history line without its end', id: 'valid.operations-derivable', observed: /1 do not/, tamper: reseal('history/w1.ndjson', without('completedAt', isSubmit)) },
  { name: 'one attempt told by two workers', id: 'valid.operations-derivable', observed: /1 attempts are told twice/, plant: (run) => {
    run.plan.workers.push('w2')
    run.history.set('w2', [{ ...run.history.get('w1')![0]!, worker: 'w2' }])
  } },
  { name: 'the history of a worker that the plan does not know', id: 'valid.history-complete', observed: /w9/, plant: (run) => {
    const lines = run.history.get('w1')!
    run.history.set('w9', lines.splice(-3))
  } },
  { name: 'a journal line that is no entry', id: 'valid.record-files-whole', observed: /journal.ndjson .*1 lines are no journal entries/, tamper: reseal('journal.ndjson', (records) => [...records, { v: 1, seq: 999, kind: 'watch', id: 'steady-state', event: 'breached' }]) },
  { name: 'no journal', id: 'valid.record-files-whole', observed: /journal.ndjson cannot be read/, tamper: (directory) => rmSync(join(directory, 'journal.ndjson')) },
  { name: 'a journal that ends before the freeze', id: 'valid.record-files-whole', observed: /journal.ndjson has no trailer/, tamper: (directory) => {
    const path = join(directory, 'journal.ndjson')
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(0, 4).map((line) => `${line}\n`).join(''))
  } },
  { name: 'a journal that ends before the copy was taken back', id: 'valid.record-files-whole', observed: /journal.ndjson has no trailer/, plant: (run) => { run.evidence.get('portal')!.rows = run.rows('portal').filter((row) => !row.fields['legacyCode']) }, tamper: (directory) => {
    const path = join(directory, 'journal.ndjson')
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').filter((line) => !/"(trailer|night.close)"|"event":"(end|drained)"/.test(line)).join('\n'))
  } },
]

describe('a record that proves nothing', () => {
  it.each(TROUBLES)('$name makes the run inconclusive', async ({ plant = () => {}, tamper, id, observed }) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run, tamper)
    expect(notPassed(judgement).filter((text) => text.endsWith(': fail'))).toEqual([])
    expect(judgement.findings).toEqual([])
    expect(criterionOf(judgement, id)).toEqual({ status: 'inconclusive', observed: expect.stringMatching(observed) })
    expect(judgement.verdict.verdict).toBe('inconclusive')
  })
})
