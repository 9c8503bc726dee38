/** Every class of design section 5 on a night of a few lines: fires on the operation that has it, and on no other. */
import { describe, expect, it } from 'vitest'
import { OPERATION_CLASSES } from '../../contracts/verdict.ts'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'
import type { SampleScenario } from './sample-plan.ts'

/** Takes away a line and returns it changed: an outcome other than what the records say. */
function relog(run: RunBuilder, scenario: SampleScenario, iteration: number, step: string, changes: Record<string, unknown>): string {
  const op = run.opOf(scenario, iteration, step)
  for (const line of run.history.get('w1')!) if (line.op === op) Object.assign(line, changes)
  return op
}

type Anomaly = {
  name: string
  plant: (run: RunBuilder) => void
  /** Classes with their counts; every other failing or open class must be 0. */
  classes: Partial<Record<(typeof OPERATION_CLASSES)[number], number>>
  /** `class:system` of the findings that no incident explains. */
  findings: string[]
  verdict: 'pass' | 'inconclusive' | 'fail'
}

const ANOMALIES: readonly Anomaly[] = [
  { name: 'nothing planted', plant: () => {}, classes: {}, findings: [], verdict: 'pass' },
  { name: 'a session acknowledged and gone', plant: (run) => run.drop('portal', run.opOf('citizens-new', 1, 'login')), classes: { lost: 1 }, findings: ['lost:portal'], verdict: 'fail' },
  { name: 'a copy missing at the coordination system', plant: (run) => run.drop('coordination', run.opOf('sync-w1', 0, 'push')), classes: { lost: 1 }, findings: ['lost:coordination'], verdict: 'fail' },
  { name: 'a paid payment that the portal does not know', plant: (run) => run.drop('portal', run.opOf('citizens-new', 0, 'scan'), 'paid'), classes: { lost: 1 }, findings: ['lost:portal'], verdict: 'fail' },
  {
    name: 'an info without record, with record', classes: { unresolved: 1, recovered: 1 }, findings: [], verdict: 'pass',
    plant: (run) => {
      const gone = relog(run, 'citizens-new', 0, 'sms', { outcome: 'info', error: 'timeout' })
      run.drop('notifications', gone)
      run.drop('sms', gone)
      relog(run, 'citizens-new', 1, 'sms', { outcome: 'info', error: 'timeout' })
    },
  },
  {
    name: 'a dossier that lies in the old portal alone', classes: { misrouted: 1 }, findings: ['misrouted:legacy'], verdict: 'fail',
    plant: (run) => {
      const op = run.opOf('citizens-new', 1, 'submit')
      for (const system of ['portal', 'coordination', 'partner-justice', 'partner-ha-noi', 'partner-tay-ninh']) run.drop(system, op)
      run.record('legacy', 'dossier/H01.2026.990001', op, '1', { applicantName: 'Người Thử 000001' })
    },
  },
  { name: 'a debit at the other bank', classes: { misrouted: 1 }, findings: ['misrouted:bank-bidv'], verdict: 'fail', plant: (run) => {
    const op = run.opOf('citizens-new', 0, 'scan')
    run.rows('bank-bidv').push(...run.rows('bank-vcb').filter((row) => row.op === op))
    run.drop('bank-vcb', op)
  } },
  { name: 'a second record with another partner', classes: { split: 1 }, findings: ['split:partner-tay-ninh'], verdict: 'fail', plant: (run) => { run.record('partner-tay-ninh', 'dossier/G08-260410-000001', run.opOf('sync-w1', 0, 'push'), 'received') } },
  { name: 'two messages for one request', classes: { duplicate: 1 }, findings: ['duplicate:notifications'], verdict: 'fail', plant: (run) => { run.record('notifications', 'sms/again', run.opOf('citizens-new', 0, 'sms'), 'delivered') } },
  { name: 'two messages at the gateway', classes: { duplicate: 1 }, findings: ['duplicate:sms'], verdict: 'fail', plant: (run) => { run.record('sms', 'sms/again', run.opOf('citizens-new', 0, 'sms'), 'delivered') } },
  { name: 'a no that was stored', classes: { ghost: 1 }, findings: ['ghost:portal'], verdict: 'fail', plant: (run) => { relog(run, 'citizens-new', 2, 'login', { outcome: 'fail', error: 'HTTP 400' }) } },
  { name: 'a record of an operation that the plan does not know', classes: { unexpected: 1 }, findings: ['unexpected:portal'], verdict: 'fail', plant: (run) => { run.record('portal', 'dossier/H01-260410-777777', 'sync-w1.999.push.0123456789', 'received') } },
  { name: 'a record in a planned operation\'s name with another check', classes: { unexpected: 1 }, findings: ['unexpected:coordination'], verdict: 'fail', plant: (run) => { run.record('coordination', 'dossier/H01-260410-777777', 'sync-w1.1.push.0123456789', 'received') } },
  { name: 'a record without operation', classes: { unexpected: 1 }, findings: ['unexpected:portal'], verdict: 'fail', plant: (run) => { run.record('portal', 'dossier/H01-260410-777777', undefined, 'received', { origin: 'synced' }) } },
  { name: 'the same in the baseline', classes: {}, findings: [], verdict: 'pass', plant: (run) => {
    for (const file of ['portal', 'portal.baseline']) {
      run.record(file, 'dossier/H01-260410-777777', undefined, 'received', { origin: 'synced' })
      run.record(file, 'dossier/H01-260410-777778', 'sync-w1.1.push.0123456789', 'received', { origin: 'synced' })
    }
  } },
  { name: 'another name than was sent', classes: { inconsistent: 1 }, findings: ['inconsistent:portal'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('portal')) if (row.op === run.opOf('sync-w1', 1, 'push')) row.fields['applicantName'] = 'Người Thử 999999'
  } },
  { name: 'another amount than was sent', classes: { inconsistent: 1 }, findings: ['inconsistent:payments'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('payments')) if (row.op === run.opOf('citizens-new', 1, 'pay')) row.fields['amountVnd'] = 1
  } },
  { name: 'a record that arrived without its name', classes: { inconsistent: 1 }, findings: ['inconsistent:coordination'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('coordination')) if (row.op === run.opOf('sync-w1', 1, 'push')) row.fields['applicantName'] = null
  } },
  { name: 'a dossier kept under another code than the user was told', classes: { inconsistent: 1 }, findings: ['inconsistent:portal'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('portal')) if (row.op === run.opOf('citizens-new', 1, 'submit')) row.key = 'dossier/H01-260410-777777'
  } },
  { name: 'a no that was stored in the other portal', classes: { ghost: 1 }, findings: ['ghost:legacy'], verdict: 'fail', plant: (run) => {
    const op = relog(run, 'citizens-new', 1, 'submit', { outcome: 'fail', error: 'PORTAL_FROZEN' })
    for (const system of ['portal', 'coordination', 'partner-justice', 'partner-ha-noi', 'partner-tay-ninh']) run.drop(system, op)
    run.record('legacy', 'dossier/H01.2026.990001', op, '1', {})
  } },
  { name: 'a no whose copy was handed on', classes: { ghost: 1 }, findings: ['ghost:coordination'], verdict: 'fail', plant: (run) => {
    const op = relog(run, 'citizens-new', 1, 'submit', { outcome: 'fail', error: 'HTTP 400' })
    for (const system of ['portal', 'partner-justice', 'partner-ha-noi', 'partner-tay-ninh']) run.drop(system, op)
  } },
  { name: 'a no to a push that its partner keeps, as it should', classes: {}, findings: [], verdict: 'fail', plant: (run) => {
    const op = relog(run, 'sync-w1', 3, 'push', { outcome: 'fail', error: 'HTTP 400' })
    for (const system of ['portal', 'coordination']) run.drop(system, op)
  } },
  { name: 'an unanswered submission that lies in the old portal alone', classes: { misrouted: 1 }, findings: ['misrouted:legacy'], verdict: 'fail', plant: (run) => {
    const op = relog(run, 'citizens-new', 1, 'submit', { outcome: 'info', error: 'timeout' })
    for (const system of ['portal', 'coordination', 'partner-justice', 'partner-ha-noi', 'partner-tay-ninh']) run.drop(system, op)
    run.record('legacy', 'dossier/H01.2026.990001', op, '1', {})
  } },
  { name: 'an unanswered push that lies with another partner too', classes: { split: 1 }, findings: ['split:partner-tay-ninh'], verdict: 'fail', plant: (run) => {
    run.record('partner-tay-ninh', 'dossier/G08-260410-000001', relog(run, 'sync-w1', 0, 'push', { outcome: 'info', error: 'timeout' }), 'received')
  } },
  { name: 'an unanswered login that went to the other portal while resolvers follow', classes: { unresolved: 1 }, findings: [], verdict: 'pass', plant: (run) => {
    const at = { intendedAt: run.at('23:16'), invokedAt: run.at('23:16'), completedAt: run.at('23:16') + 20 }
    const op = relog(run, 'citizens-new', 0, 'login', { ...at, outcome: 'info', error: 'timeout' })
    run.drop('portal', op)
    run.record('legacy', 'session/elsewhere', op, 'open')
  } },
  { name: 'an unanswered message that was sent twice', classes: { recovered: 1, duplicate: 1 }, findings: ['duplicate:sms'], verdict: 'fail', plant: (run) => { run.record('sms', 'sms/again', relog(run, 'citizens-new', 0, 'sms', { outcome: 'info' }), 'delivered') } },
  { name: 'a dossier of the old portal with a partner that it does not concern', classes: { split: 1 }, findings: ['split:partner-tay-ninh'], verdict: 'fail', plant: (run) => { run.record('partner-tay-ninh', 'dossier/G08-260410-000001', run.opOf('citizens-old', 0, 'submit'), 'received') } },
  { name: 'a dossier of the old portal with the partner that it concerns', classes: {}, findings: [], verdict: 'pass', plant: (run) => { run.record('partner-justice', 'dossier/G08-260410-555555', run.opOf('citizens-old', 0, 'submit'), 'received') } },
  { name: 'a synced dossier that is shown older than it was acknowledged', classes: { stale: 1 }, findings: ['stale:coordination'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('coordination')) if (row.op === run.opOf('sync-w1', 3, 'push')) row.status = 'newly-registered'
  } },
  { name: 'a dossier without any status where one was acknowledged', classes: { stale: 1 }, findings: ['stale:coordination'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('coordination')) if (row.key === `dossier/${run.syncedDossier(1).code}`) delete row.status
  } },
  { name: 'an old dossier on the new portal that the old one never had', classes: { unexpected: 1 }, findings: ['unexpected:portal'], verdict: 'fail', plant: (run) => { run.record('portal', 'dossier/H01-260410-777777', undefined, 'received', { origin: 'migrated', legacyCode: 'H01.1999.000001' }) } },
  { name: 'the same name in another normal form, with spaces around', classes: {}, findings: [], verdict: 'pass', plant: (run) => {
    for (const row of run.rows('portal')) if (row.op === run.opOf('sync-w1', 1, 'push')) row.fields['applicantName'] = ` ${String(row.fields['applicantName']).normalize('NFD')}\u00a0 `
  } },
  { name: 'a status older than the acknowledged, past the bound', classes: { stale: 1 }, findings: ['stale:coordination'], verdict: 'fail', plant: (run) => {
    for (const row of run.rows('coordination')) if (row.key === `dossier/${run.syncedDossier(1).code}`) row.status = 'in-process'
  } },
  { name: 'the same inside the bound', classes: { late: 1 }, findings: [], verdict: 'pass', plant: (run) => {
    for (const row of run.rows('coordination')) if (row.key === `dossier/${run.syncedDossier(2).code}`) row.status = 'in-process'
    run.evidence.get('coordination')!.beganAt = run.history.get('w1')!.find((line) => line.op === run.opOf('status-w1', 2, 'done'))!.completedAt + 1_000
  } },
  { name: 'a status older than the acknowledged that an unanswered push explains', classes: { recovered: 1 }, findings: [], verdict: 'pass', plant: (run) => {
    relog(run, 'status-w1', 1, 'in-process', { outcome: 'info' })
    for (const row of run.rows('coordination')) if (row.key === `dossier/${run.syncedDossier(1).code}`) row.status = 'in-process'
  } },
  { name: 'a newer status read, then an older one', classes: { regressed: 1 }, findings: ['regressed:portal'], verdict: 'fail', plant: (run) => {
    const first = run.history.get('w1')!.find((line) => line.op === run.opOf('citizens-new', 0, 'pay-read'))!
    Object.assign(first, { kind: 'payment.read', observed: 'paid', completedAt: first.invokedAt + 1 })
    run.history.get('w1')!.push({ ...first, op: run.opOf('citizens-new', 0, 'read'), step: 'read', kind: 'payment.read', observed: 'initiated', invokedAt: first.invokedAt + 500, completedAt: first.invokedAt + 520 })
    run.history.set('w1', run.history.get('w1')!.filter((line) => !(line.op === run.opOf('citizens-new', 0, 'read') && line.kind === 'dossier.read')))
    run.plan.scenarios.find((scenario) => scenario.name === 'citizens-new')!.steps.find((step) => step.step === 'read')!.kind = 'payment.read'
    for (const line of run.history.get('w1')!) if (line.step === 'read' && line.trace.startsWith('citizens-new.') && line.kind === 'dossier.read') Object.assign(line, { kind: 'payment.read', observed: 'paid' })
  } },
  { name: 'events in a forbidden order', classes: { 'illegal-transition': 1 }, findings: ['illegal-transition:portal'], verdict: 'fail', plant: (run) => {
    const rows = run.rows('portal')
    const [early, late] = ['in-process', 'done'].map((step) => rows.find((row) => row.key === `event/${run.opOf('status-w1', 2, step)}`)!)
    const at = early!.sourceAt!
    early!.sourceAt = late!.sourceAt! + 5
    late!.sourceAt = at
  } },
]

describe('the class of an operation', () => {
  it.each(ANOMALIES)('$name', async ({ plant, classes, findings, verdict }) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run)
    const counted = Object.fromEntries(OPERATION_CLASSES.filter((name) => name !== 'confirmed').map((name) => [name, Number(criterionOf(judgement, `class.${name}`).observed.split(';')[0])]).filter(([, count]) => count !== 0))
    expect(counted).toEqual(classes)
    expect(judgement.findings.map((finding) => `${finding.class}:${finding.system}`)).toEqual(findings)
    expect(judgement.findings.every((finding) => finding.count === 1 && finding.examples[0]!.evidence.length > 0)).toBe(true)
    expect([judgement.verdict.verdict, notPassed(judgement).join()]).toEqual([verdict, verdict === 'pass' ? '' : expect.any(String)])
  })

  it('folds attempts: a no and then a yes is a yes, a time-out and then a no stays open', async () => {
    const run = smallRun()
    const lines = run.history.get('w1')!
    const first = lines.find((line) => line.op === run.opOf('citizens-new', 0, 'sms'))!
    lines.push({ ...first, attempt: 2, invokedAt: first.invokedAt + 50, completedAt: first.completedAt + 50 })
    first.outcome = 'fail'
    const second = lines.find((line) => line.op === run.opOf('citizens-new', 1, 'sms'))!
    lines.push({ ...second, attempt: 2, outcome: 'fail', invokedAt: second.invokedAt + 50, completedAt: second.completedAt + 50 })
    second.outcome = 'info'
    const judgement = await judged(run)
    expect(notPassed(judgement)).toEqual([])
    expect(criterionOf(judgement, 'class.recovered').observed).toBe('1')
    expect(judgement.verdict.coverage.operations).toBe(lines.length - 2)
  })

  it('is unverified where the system was read before the bound, or not at all', async () => {
    const early = smallRun()
    early.drop('coordination', early.opOf('sync-w1', 3, 'push'))
    early.evidence.get('coordination')!.beganAt = early.history.get('w1')!.find((line) => line.op === early.opOf('sync-w1', 3, 'push'))!.completedAt + 100
    const judgement = await judged(early)
    expect(criterionOf(judgement, 'class.unverified').status).toBe('inconclusive')
    expect(criterionOf(judgement, 'class.lost')).toEqual({ status: 'pass', observed: '0' })

    const unread = smallRun()
    unread.evidence.delete('coordination')
    const without = await judged(unread)
    expect(notPassed(without)).toContain('class.unverified: inconclusive')
    expect(criterionOf(without, 'valid.systems-read').observed).toBe('not read: coordination')
    expect(without.verdict.verdict).toBe('inconclusive')
  })
})
