/** Criteria beside classes and incidents: each fires where it must and passes where it must not; a rule that throws is inconclusive. */
import { describe, expect, it } from 'vitest'
import { smallRun } from '../clean-run.ts'
import { withCase } from '../index.ts'
import { criterionOf, inDirectory, judged, notPassed } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'
import { CRITERION_RULES, checkCriteria } from './index.ts'

type Trouble = { name: string; plant: (run: RunBuilder) => void; id: string; status: 'fail' | 'inconclusive'; observed: RegExp }

const step = (run: RunBuilder, id: string) => run.journal.find((entry) => entry.kind === 'step' && entry.id === id && entry.event !== 'begin')!
const slow = (run: RunBuilder, ms: number) => { for (const line of run.history.get('w1')!) if (line.kind === 'dossier.submit') line.completedAt = line.invokedAt + ms }
const busy = (run: RunBuilder) => run.rows('processes').forEach((row, index) => { if (String(row.fields['process']) === 'partners') row.fields['eventLoopMsP99'] = 400 + index })

/** Seven pushes of the first partner that the plan has and that were never begun. */
const starve = (run: RunBuilder) => {
  run.plan.partners[0]!.expected += 7
  run.plan.scenarios.find((scenario) => scenario.name === 'sync-w1')!.partners![0]!.count += 7
}
const noGo = (run: RunBuilder, pending: number) => Object.assign(run.journal.find((entry) => entry.kind === 'gate' && entry.event === 'go')!, { event: 'no-go', conditions: [{ condition: 'sync.pending(all) == 0', observed: pending, held: false }] })

const TROUBLES: readonly Trouble[] = [
  { name: 'a step not done', id: 'runbook.step.verify-copy', status: 'fail', observed: /not-done; migration.mismatches == 0 was 3/, plant: (run) => Object.assign(step(run, 'verify-copy'), { event: 'not-done', conditions: [{ condition: 'migration.mismatches == 0', observed: 3, held: false }] }) },
  { name: 'a step never reached', id: 'runbook.step.close', status: 'fail', observed: /not reached/, plant: (run) => { run.journal.splice(0, run.journal.length, ...run.journal.filter((entry) => !(entry.kind === 'step' && entry.id === 'close'))) } },
  { name: 'a gate that says no', id: 'runbook.gate.go-no-go', status: 'fail', observed: /no-go; sync.pending == 0 was not measured/, plant: (run) => Object.assign(run.journal.find((entry) => entry.kind === 'gate' && entry.event === 'go')!, { event: 'no-go', conditions: [{ condition: 'sync.pending == 0', observed: null, held: null }] }) },
  { name: 'a gate that goes although it should not', id: 'runbook.gate.go-no-go', status: 'fail', observed: /go; sync.pending == 0 was 4/, plant: (run) => Object.assign(run.journal.find((entry) => entry.kind === 'gate' && entry.event === 'go')!, { conditions: [{ condition: 'sync.pending == 0', observed: 4, held: false }] }) },
  { name: 'a step done without a measurement', id: 'runbook.step.verify-copy', status: 'inconclusive', observed: /done; migration.mismatches == 0 was not measured/, plant: (run) => Object.assign(step(run, 'verify-copy'), { conditions: [{ condition: 'migration.mismatches == 0', observed: null, held: null }] }) },
  { name: 'an interrupted night', id: 'runbook.completed', status: 'inconclusive', observed: /interrupted/, plant: (run) => Object.assign(run.journal.find((entry) => entry.kind === 'run' && entry.event === 'end')!, { event: 'interrupted' }) },
  { name: 'an aborted night', id: 'runbook.completed', status: 'fail', observed: /aborted: gate/, plant: (run) => Object.assign(run.journal.find((entry) => entry.kind === 'run' && entry.event === 'end')!, { event: 'aborted', note: 'gate' }) },
  { name: 'a partner with dossiers outstanding', id: 'partners.complete', status: 'fail', observed: /1 unfinished: justice 2\/9, last at 2026-04-11T00:/, plant: (run) => { run.plan.partners[0]!.expected = 9 } },
  { name: 'a partner whose dossiers the load generator never offered', id: 'partners.complete', status: 'inconclusive', observed: /1 unfinished: justice 2\/9, .*; the load generator never offered the others/, plant: (run) => starve(run) },
  { name: 'a gate that waits for dossiers never offered', id: 'runbook.gate.go-no-go', status: 'inconclusive', observed: /sync.pending\(all\) == 0 was 7/, plant: (run) => { starve(run); noGo(run, 7) } },
  { name: 'a gate that waits for more than was never offered', id: 'runbook.gate.go-no-go', status: 'fail', observed: /sync.pending\(all\) == 0 was 8/, plant: (run) => { starve(run); noGo(run, 8) } },
  { name: 'slow submissions measured by a late generator', id: 'steady.portal.submit.p95<800ms', status: 'inconclusive', observed: /the load generator, 900 ms late/, plant: (run) => { slow(run, 900); for (const line of run.history.get('w1')!) line.intendedAt = line.invokedAt - 900 } },
  { name: 'an old name that was copied wrongly', id: 'migration.complete', status: 'fail', observed: /0 missing, 1 different/, plant: (run) => { run.rows('portal').find((row) => row.fields['legacyCode'] && !row.op)!.fields['applicantName'] = 'Người Thử khác' } },
  { name: 'an old status that was mapped wrongly', id: 'migration.complete', status: 'fail', observed: /1 different/, plant: (run) => { run.rows('portal').find((row) => row.fields['legacyCode'] && !row.op)!.status = 'done' } },
  { name: 'an old fee that was lost', id: 'migration.complete', status: 'fail', observed: /1 different/, plant: (run) => { run.rows('portal').find((row) => row.fields['legacyCode'] && !row.op)!.fields['feeVnd'] = 0 } },
  { name: 'an old name that was not copied', id: 'migration.complete', status: 'fail', observed: /1 different/, plant: (run) => { run.rows('portal').find((row) => row.fields['legacyCode'] && !row.op)!.fields['applicantName'] = null } },
  { name: 'an old dossier that is on neither portal any more', id: 'migration.complete', status: 'fail', observed: /1 missing/, plant: (run) => {
    const code = run.legacyDossier(77, { migrated: false })
    run.evidence.get('legacy')!.rows = run.rows('legacy').filter((row) => row.key !== `dossier/${code}`)
  } },
  { name: 'a dossier that the old portal took in while the last copy ran', id: 'migration.complete', status: 'fail', observed: /1 missing/, plant: (run) => {
    const op = run.opOf('citizens-old', 1, 'submit')
    run.history.get('w1')!.find((line) => line.op === op)!.completedAt = run.at('22:40') + 50
    run.drop('portal', op)
    run.drop('coordination', op)
  } },
  { name: 'an old dossier copied twice', id: 'migration.complete', status: 'fail', observed: /1 different/, plant: (run) => { const row = run.rows('portal').find((candidate) => candidate.fields['legacyCode'] && !candidate.op)!; run.rows('portal').push({ ...row, key: `${row.key}9` }) } },
  { name: 'a lasting breach of the steady state', id: 'steady.portal.errorRate<20%', status: 'fail', observed: /1 breaches lasted/, plant: (run) => run.journal.push({ at: run.at('01:00'), kind: 'watch', id: 'steady-state', event: 'breach', condition: 'portal.errorRate < 20%', observed: 0.5 }) },
  { name: 'an error rate over the limit', id: 'steady.portal.errorRate<20%', status: 'fail', observed: /^\d\d\.\d\d % over/, plant: (run) => { for (const line of run.history.get('w1')!) if (line.kind === 'service.find' || line.kind === 'dossier.read') line.outcome = 'fail' } },
  { name: 'slow submissions on a quiet machine', id: 'steady.portal.submit.p95<800ms', status: 'fail', observed: /^900 over/, plant: (run) => slow(run, 900) },
  { name: 'slow submissions on a saturated machine', id: 'steady.portal.submit.p95<800ms', status: 'inconclusive', observed: /saturated meanwhile: partners/, plant: (run) => { slow(run, 900); busy(run) } },
  { name: 'money that did not arrive', id: 'figures.money', status: 'fail', observed: /banks 27000 VND in 3, payments 27000 VND in 3, portal 26999/, plant: (run) => { run.rows('portal').find((row) => row.key.startsWith('paid/'))!.fields['amountVnd'] = 7_999 } },
  { name: 'a message in no known state', id: 'figures.sms', status: 'fail', observed: /1 in another state/, plant: (run) => { run.rows('notifications')[0]!.status = 'queued' } },
  { name: 'too little load', id: 'valid.planned-load', status: 'inconclusive', observed: /sync-w1 4\/40/, plant: (run) => { run.plan.scenarios.find((scenario) => scenario.name === 'sync-w1')!.count = 40 } },
  { name: 'dropped iterations', id: 'valid.dropped-iterations', status: 'inconclusive', observed: /w1: 2/, plant: (run) => { run.load['dropped_iterations'] = 2 } },
  { name: 'iterations that start late', id: 'valid.lateness', status: 'inconclusive', observed: /900 ms/, plant: (run) => { for (const line of run.history.get('w1')!) line.intendedAt = line.invokedAt - 900 } },
  { name: 'too few samples', id: 'valid.samples', status: 'inconclusive', observed: /sms.send 0/, plant: (run) => { run.history.set('w1', run.history.get('w1')!.filter((line) => line.kind !== 'sms.send')) } },
  { name: 'clocks that run backwards', id: 'valid.clocks', status: 'inconclusive', observed: /1 end before they begin/, plant: (run) => { const line = run.history.get('w1')!.find((candidate) => candidate.kind === 'service.find')!; line.completedAt = line.invokedAt - 1 } },
  { name: 'an operation outside the run', id: 'valid.clocks', status: 'inconclusive', observed: /1 lie outside the run/, plant: (run) => { const line = run.history.get('w1')!.find((candidate) => candidate.kind === 'service.find')!; line.invokedAt = line.intendedAt = run.beganAt - 5_000 } },
  { name: 'a history shorter than k6 counted', id: 'valid.history-complete', status: 'inconclusive', observed: /k6 counted 99/, plant: (run) => { run.load['history_lines'] = 99 } },
  { name: 'a load generator that was killed', id: 'valid.generator-ended', status: 'inconclusive', observed: /w1: exit code none, signal SIGKILL/, plant: (run) => {
    const row = (key: string, value: string | number | null, status?: string) => ({ key, fields: { value }, seenAt: run.beganAt, ...(status ? { status } : {}) })
    run.evidence.set('load-w1', { mode: 'final', beganAt: run.beganAt, rows: [row('metric/history_lines', run.history.get('w1')!.length), row('metric/dropped_iterations', 0), row('exit/code', null), row('exit/signal', 'SIGKILL', 'SIGKILL'), row('stderr/failed-writes', 0)] })
  } },
  { name: 'a history whose writes failed', id: 'valid.generator-ended', status: 'inconclusive', observed: /w1: 3 failed writes/, plant: (run) => {
    const row = (key: string, value: number) => ({ key, fields: { value }, seenAt: run.beganAt })
    run.evidence.set('load-w1', { mode: 'final', beganAt: run.beganAt, rows: [row('metric/history_lines', run.history.get('w1')!.length), row('metric/dropped_iterations', 0), row('exit/code', 0), row('stderr/failed-writes', 3)] })
  } },
  { name: 'more cut off than users were in flight', id: 'valid.cut-off', status: 'inconclusive', observed: /22 records/, plant: (run) => {
    run.plan.scenarios.find((scenario) => scenario.name === 'sync-w1')!.count = 40
    for (let i = 10; i < 32; i += 1) run.record('portal', `dossier/H01-260410-1${i}`, run.opOf('sync-w1', i, 'push'), 'received')
  } },
  { name: 'an operation that does not follow from the plan', id: 'valid.operations-derivable', status: 'inconclusive', observed: /1 do not, the first is citizens-new.0.find.0000000000/, plant: (run) => { run.history.get('w1')!.find((line) => line.op === run.opOf('citizens-new', 0, 'find'))!.op = 'citizens-new.0.find.0000000000' } },
  { name: 'an acknowledged operation in no access log', id: 'valid.edges', status: 'inconclusive', observed: /1 acknowledged operations/, plant: (run) => run.drop('edge-new', run.opOf('citizens-new', 0, 'find')) },
  { name: 'a request that the plan does not know', id: 'valid.edges', status: 'inconclusive', observed: /1 requests/, plant: (run) => { run.record('edge-new', 'request/999', 'somebody.else', '200') } },
]

describe('criteria', () => {
  it.each(TROUBLES)('$id is $status for $name', async ({ plant, id, status, observed }) => {
    const run = smallRun()
    plant(run)
    const found = criterionOf(await judged(run), id)
    expect(found).toEqual({ status, observed: expect.stringMatching(observed) })
  })

  it('take old texts for equal in every way that old portals write them, short breaches for noise, a saturated machine alone for a note', async () => {
    const run = smallRun()
    const copy = run.rows('portal').find((row) => row.fields['legacyCode'] && !row.op)!
    copy.fields['applicantName'] = 'Người Thử 000000 Đỗ Thị Hoà'
    for (const row of run.rows('legacy')) if (row.key === `dossier/${copy.fields['legacyCode']}`) row.fields['applicantName'] = '  Ng\u00ad\u00eai  Th\u00f6 000000 §\u00e7 ThÞ\u00a0Hoµ '
    const second = run.rows('portal').filter((row) => row.fields['legacyCode'] && !row.op)[1]!
    for (const row of run.rows('legacy')) if (row.key === `dossier/${second.fields['legacyCode']}`) row.fields['applicantName'] = String(second.fields['applicantName']).normalize('NFD')
    for (const event of ['breach', 'recovered'] as const) run.journal.push({ at: run.at('01:00') + (event === 'breach' ? 0 : 1_500), kind: 'watch', id: 'steady-state', event, condition: 'portal.errorRate < 20%', observed: 0.3 })
    busy(run)
    // Cut off in flight: at most as many as there are virtual users.
    run.plan.scenarios.find((scenario) => scenario.name === 'sync-w1')!.count = 4
    const cut = run.opOf('sync-w1', 3, 'push')
    run.history.set('w1', run.history.get('w1')!.filter((line) => line.op !== cut))
    run.plan.profile.limits.minPlannedShare = 0.7
    run.plan.partners[0]!.expected = 1
    const judgement = await judged(run)
    expect(notPassed(judgement)).toEqual([])
    expect(criterionOf(judgement, 'valid.head-room').observed).toContain('saturated: partners')
    expect(criterionOf(judgement, 'valid.cut-off').observed).toMatch(/^1 records/)
  })

  it('do not count what the runbook\'s freeze refused, but what is refused once DNS has settled', async () => {
    const run = smallRun()
    for (const line of run.history.get('w1')!) if (line.kind === 'service.find' || line.kind === 'dossier.read') Object.assign(line, { outcome: 'fail', error: 'PORTAL_FROZEN: no new dossiers', invokedAt: run.at('22:01'), completedAt: run.at('22:01') + 5, intendedAt: run.at('22:01') })
    const id = 'steady.portal.errorRate<20%'
    expect(criterionOf(await judged(run), id)).toEqual({ status: 'pass', observed: '0.00 % over the whole run; no breach lasted; not counted: 11 refused while the runbook kept submissions closed' })
    for (const line of run.history.get('w1')!) if (line.error) Object.assign(line, { invokedAt: run.at('23:40'), completedAt: run.at('23:40') + 5, intendedAt: run.at('23:40') })
    expect(criterionOf(await judged(run), id).status).toBe('fail')
  })

  it('say nothing against an interrupted and undone night but that it was interrupted', async () => {
    const run = smallRun()
    run.plan.partners[0]!.expected = 50
    for (const row of run.rows('portal').filter((candidate) => candidate.fields['legacyCode'])) {
      run.evidence.get('portal')!.rows = run.rows('portal').filter((candidate) => candidate !== row)
      if (!row.op) run.record('coordination', row.key, undefined, 'in-process')
    }
    run.journal.push({ at: run.at('03:40'), kind: 'run', event: 'interrupted' }, { at: run.at('03:41'), kind: 'undo', id: 'bulk-copy', event: 'begin' }, { at: run.at('03:42'), kind: 'undo', id: 'bulk-copy', event: 'done' })
    const judgement = await judged(run)
    expect(judgement.findings).toEqual([])
    expect(notPassed(judgement)).toEqual(['partners.complete: inconclusive', 'migration.complete: inconclusive', 'runbook.completed: inconclusive'])
  })

  it('report latency and head-room without judging them where the profile says so', async () => {
    const run = smallRun({ limits: { judgeHeadroom: false } })
    slow(run, 900)
    expect(criterionOf(await judged(run), 'steady.portal.submit.p95<800ms')).toEqual({ status: 'pass', observed: expect.stringContaining('not judged by this profile') })
  })

  it('are inconclusive, never gone, where a rule throws', async () => {
    await inDirectory(smallRun(), (directory) => withCase(directory, async (kase) => {
      const results = await checkCriteria(kase, [], [{ id: 'broken', check: async () => { throw new Error('table of nothing') } }, ...CRITERION_RULES])
      expect(results[0]).toMatchObject({ id: 'broken', status: 'inconclusive', observed: 'it failed: table of nothing' })
      expect(results.length).toBeGreaterThan(40)
    }))
  })
})
