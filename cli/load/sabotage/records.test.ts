/** Lies in the records: each on a copy of one true run by real k6, none may end in a pass, each is called by its reason. */
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../../../results/judge/index.ts'
import { k6Path, WHY_SKIPPED } from '../../../scenarios/playground/k6.ts'
import { tellLie, type Told } from './lab.ts'
import { edited, linesOf, raw, resealed } from './tamper.ts'

const HISTORY = 'history/w1.ndjson'
const LOAD = 'evidence/load-w1.ndjson'
const HOUR_MS = 3_600_000

type Row = { lie: string; tamper: (run: string) => void; because: RegExp; verdict?: 'fail' | 'inconclusive' }
const setMetric = (name: string, value: number) => (run: string) => edited(run, LOAD, (row) => { if (row.key === name) row.fields.value = value })
const plan = (change: (plan: any) => void) => (run: string) => raw(run, 'plan.json', (text) => { const json = JSON.parse(text); change(json); return JSON.stringify(json) })

const ROWS: Row[] = [
  { lie: 'the history cut at a line end', tamper: (run) => raw(run, HISTORY, (text) => `${text.trimEnd().split('\n').slice(0, -5).join('\n')}\n`), because: /valid\.record-files-whole: .*w1\.ndjson has no trailer/ },
  { lie: 'the history cut in the middle of its last line', tamper: (run) => raw(run, HISTORY, (text) => text.slice(0, text.lastIndexOf('"attempt"') + 4)), because: /w1\.ndjson ends in the middle of a line/ },
  { lie: 'a torn line in the middle', tamper: (run) => raw(run, HISTORY, (text) => text.replace('"outcome":"ok"', '"outcome"')), because: /w1\.ndjson its content does not fit the hash/ },
  { lie: 'the trailer taken away', tamper: (run) => raw(run, HISTORY, (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`), because: /w1\.ndjson has no trailer/ },
  { lie: 'a trailer of another file', tamper: (run) => raw(run, HISTORY, (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n{"trailer":{"rows":47,"sha256":"${'0'.repeat(64)}","endedAt":1}}\n`), because: /does not fit the hash in its trailer/ },
  { lie: 'all lines doubled', tamper: (run) => resealed(run, HISTORY, (lines) => [...lines, ...lines]), because: /valid\.operations-derivable: 47 attempts are told twice/ },
  { lie: 'lines taken out of the middle', tamper: (run) => resealed(run, HISTORY, (lines) => lines.filter((_, index) => index < 20 || index > 22)), because: /valid\.history-complete: w1: k6 counted 47, the history has 44 lines/ },
  { lie: 'slow lines taken out and the counter made to fit', tamper: (run) => { resealed(run, HISTORY, (lines) => lines.slice(3)); setMetric('metric/history_lines', 44)(run) }, because: /valid\.planned-load: too few: sync-w1 44\/47/ },
  { lie: 'the history emptied', tamper: (run) => resealed(run, HISTORY, () => []), because: /valid\.planned-load: too few: sync-w1 0\/47/ },
  { lie: 'the history gone', tamper: (run) => rmSync(join(run, HISTORY)), because: /w1\.ndjson cannot be read/ },
  { lie: 'the history under another worker\'s name', tamper: (run) => renameSync(join(run, HISTORY), join(run, 'history/w2.ndjson')), because: /the plan has no worker w2/ },
  { lie: 'a second worker that the plan does not know', tamper: (run) => cpSync(join(run, HISTORY), join(run, 'history/w2.ndjson')), because: /the plan has no worker w2/ },
  { lie: 'operations of a foreign system', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index === 3) line.op = 'somebody-elses-4711' }), because: /valid\.operations-derivable: 1 do not/ },
  { lie: 'operations of another seed', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index === 3) line.op = line.op.replace(/[0-9a-f]{10}$/, '0123456789') }), because: /valid\.operations-derivable: 1 do not/ },
  { lie: 'operations beyond the plan', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index === 3) line.op = line.op.replace(/\.\d+\./, '.4711.') }), because: /valid\.operations-derivable: 1 do not/ },
  { lie: 'a record taken out of the portal', tamper: (run) => resealed(run, 'evidence/portal.ndjson', (lines) => lines.filter((_, index) => index !== 5)), because: /class\.lost: 1/, verdict: 'fail' },
  { lie: 'yes told as a proven no', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index === 3) line.outcome = 'fail' }), because: /class\.ghost: 1/, verdict: 'fail' },
  { lie: 'latencies made shorter', tamper: (run) => edited(run, HISTORY, (line) => { line.completedAt = line.invokedAt + 1 }), because: /valid\.history-sealed: w1: its history is another than the one its k6 left/ },
  // Give or take the real run's own milliseconds between its two clocks.
  { lie: 'a wall clock that was set during the run', tamper: (run) => edited(run, 'evidence/processes.ndjson', (row, index) => { if (row.fields?.wallMs !== undefined && index > 20) row.fields.wallMs += HOUR_MS }), because: /valid\.clock-jumps: 1 jumps: \+(35999|36000)\d\d ms/ },
  { lie: 'no samples of the processes', tamper: (run) => rmSync(join(run, 'evidence/processes.ndjson')), because: /valid\.clock-jumps: not measured/ },
  { lie: 'a partner that answered less often than the history says', tamper: (run) => edited(run, 'evidence/processes.ndjson', (row) => { if (row.key === 'served/partner-justice/end') row.fields.served = 3 }), because: /valid\.served: partner-justice says 3, the history 30/ },
  { lie: 'a clock that jumped back an hour', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index > 30) for (const name of ['invokedAt', 'completedAt']) line[name] -= HOUR_MS }), because: /valid\.clocks: .*begin too early/ },
  { lie: 'a clock that jumped on an hour', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index > 30) for (const name of ['intendedAt', 'invokedAt', 'completedAt']) line[name] += HOUR_MS }), because: /valid\.clocks: .*lie outside the run/ },
  { lie: 'ends before their beginnings', tamper: (run) => edited(run, HISTORY, (line, index) => { if (index === 3) line.completedAt = line.invokedAt - 500 }), because: /valid\.clocks: 1 end before they begin/ },
  { lie: 'iterations that began seconds late', tamper: (run) => edited(run, HISTORY, (line) => { line.invokedAt += 5_000; line.completedAt += 5_000 }), because: /valid\.lateness: \d+ ms over 47 iterations/ },
  { lie: 'dropped iterations', tamper: setMetric('metric/dropped_iterations', 12), because: /valid\.dropped-iterations: w1: 12/ },
  { lie: 'writes that failed', tamper: setMetric('stderr/failed-writes', 3), because: /valid\.generator-ended: w1: 3 failed writes/ },
  { lie: 'a script that broke off', tamper: setMetric('exit/code', 107), because: /valid\.generator-ended: w1: exit code 107/ },
  { lie: 'no counters of the generator', tamper: (run) => rmSync(join(run, LOAD)), because: /no record of w1's load generator/ },
  { lie: 'counters without the dropped ones', tamper: (run) => resealed(run, LOAD, (lines) => lines.filter((line) => !line.includes('dropped'))), because: /valid\.dropped-iterations: w1: not measured/ },
  { lie: 'the portal\'s evidence missing', tamper: (run) => rmSync(join(run, 'evidence/portal.ndjson')), because: /valid\.systems-read: not read: portal/ },
  { lie: 'a partner\'s evidence missing', tamper: (run) => rmSync(join(run, 'evidence/partner-justice.ndjson')), because: /valid\.systems-read: not read: partner-justice/ },
  { lie: 'the evidence of another system under its name', tamper: (run) => cpSync(join(run, 'evidence/coordination.ndjson'), join(run, 'evidence/portal.ndjson')), because: /its header names coordination/ },
  { lie: 'the baseline in the place of the final read', tamper: (run) => cpSync(join(run, 'evidence/portal.baseline.ndjson'), join(run, 'evidence/portal.ndjson')), because: /its header says mode baseline/ },
  { lie: 'evidence read before the load had ended', tamper: (run) => edited(run, 'evidence/portal.ndjson', (row, index) => { if (index === 0) row.beganAt = JSON.parse(linesOf(run, HISTORY)[20]!).invokedAt }), because: /valid\.final-reads: too early: portal/ },
  { lie: 'no baseline', tamper: (run) => rmSync(join(run, 'evidence/portal.baseline.ndjson')), because: /valid\.baseline-read: without a baseline: portal/ },
  { lie: 'a baseline read when the load was on', tamper: (run) => edited(run, 'evidence/portal.baseline.ndjson', (row, index) => { if (index === 0) row.beganAt = JSON.parse(linesOf(run, HISTORY)[20]!).invokedAt }), because: /portal\.baseline\.ndjson began after the first operation/ },
  { lie: 'a baseline that holds this very run already', tamper: (run) => resealed(run, 'evidence/portal.baseline.ndjson', (lines) => [...lines, ...linesOf(run, 'evidence/portal.ndjson').slice(1, 4)]), because: /valid\.baseline-unused: 3 records in the baseline of portal/ },
  { lie: 'a journal without its end', tamper: (run) => raw(run, 'journal.ndjson', (text) => `${text.trimEnd().split('\n').slice(0, -3).join('\n')}\n`), because: /journal\.ndjson has no trailer/ },
  { lie: 'a plan edited after the run', tamper: plan((json) => { json.scenarios[0].count = 10 }), because: /valid\.plan-hash: its content has the hash/ },
  { lie: 'limits loosened after the run', tamper: plan((json) => { json.profile.limits.minPlannedShare = 0 }), because: /valid\.plan-hash: its content has the hash/ },
  { lie: 'a plan without load', tamper: plan((json) => { json.scenarios = [] }), because: /valid\.plan-hash.*valid\.planned-load/s },
]

describe.skipIf(!k6Path)(`lies in the records${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let truth: Told
  let copies: string
  beforeAll(async () => {
    truth = await tellLie()
    copies = mkdtempSync(join(tmpdir(), 'lies-'))
  })
  afterAll(() => { truth.remove(); rmSync(copies, { recursive: true, force: true }) })

  it('the truth passes', () => { expect(reasons(truth.verdict.criteria)).toBe('') })

  it.each(ROWS)('$lie', async ({ tamper, because, verdict }) => {
    const run = join(copies, String(readdirSync(copies).length))
    cpSync(truth.folder.directory, run, { recursive: true })
    tamper(run)
    const told = await judge(run)
    expect(['fail', 'inconclusive']).toContain(told.verdict.verdict)
    if (verdict) expect(told.verdict.verdict).toBe(verdict)
    expect(reasons(told.verdict.criteria)).toMatch(because)
  })
})

function reasons(criteria: readonly { id: string; status: string; observed: string }[]): string {
  return criteria.filter((one) => one.status !== 'pass').map((one) => `${one.id}: ${one.observed}`).join('\n')
}
