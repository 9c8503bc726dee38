/**
 * What staff, citizens who come again, ministries' own services and the feedback system add to a run that is written by hand (`run-builder.ts`, a plan with
 * `country`): each function adds one operation with all the records that are due, and gives its line. `countryRun` has all of them, four of each.
 */
import { feedbackUnit } from '../../contracts/reference/feedback-units.ts'
import { dossierCode } from '../../contracts/ids.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { DOSSIER_STATUSES, type DossierStatus } from '../../contracts/status.ts'
import type { Plan } from '../../contracts/plan.ts'
import { smallRun } from './clean-run.ts'
import { RECORD_TYPES } from './record-types.ts'
import type { RunBuilder } from './run-builder.ts'
import type { SamplePlanOptions } from './sample-plan.ts'

type Changes = Partial<OperationLine>
const SET_BY = {
  'receive': 'received', 'refuse': 'not-received', 'supplement-ask': 'supplement-asked', 'process': 'in-process', 'finish': 'done', 'stop': 'stopped', 'return': 'result-returned',
  'supplement-answer': 'in-process', 'withdraw': 'withdrawn',
} as const satisfies Record<string, DossierStatus>
export type Act = keyof typeof SET_BY

/** The dossier that `submit('citizens-new', iteration)` made. */
export function submittedDossier(run: RunBuilder, iteration: number): { partner: Plan['partners'][number]; code: string } {
  const partner = run.plan.partners[iteration % run.plan.partners.length]!
  return { partner, code: dossierCode(partner.unitCode, '260410', 900_000 + iteration) }
}

/** Staff or the citizen set a status; coordination, portal and partner have the event, and the dossier with it. */
export function act(run: RunBuilder, iteration: number, step: Act, changes: Changes = {}): OperationLine {
  const byCitizen = step === 'supplement-answer' || step === 'withdraw'
  const { partner, code } = submittedDossier(run, iteration)
  const line = run.line(byCitizen ? 'citizens-later' : 'officers', iteration, step, {
    dossierCode: code, unitCode: partner.unitCode, fields: { partner: partner.id }, observed: SET_BY[step], system: byCitizen ? 'portal' : 'coordination', ...changes,
  })
  for (const system of ['coordination', 'portal', `partner-${partner.id}`]) {
    run.record(system, `event/${line.op}`, line.op, SET_BY[step], { dossierCode: code, source: byCitizen ? 'citizen' : 'staff' }, line.completedAt)
    for (const row of run.rows(system)) if (row.key === `dossier/${code}`) row.status = SET_BY[step]
  }
  return line
}

/** On a ministry's own service; it syncs the dossier up. */
export function apply(run: RunBuilder, iteration: number, changes: Changes = {}): OperationLine {
  const partner = run.plan.partners[0]!
  const code = dossierCode(partner.unitCode, '260410', 8_000_001 + iteration)
  const held = { applicantName: personOf(70_000 + iteration).name, procedureCode: '9.900019', unitCode: partner.unitCode }
  const line = run.line('applicants', iteration, 'apply', { dossierCode: code, procedureCode: held.procedureCode, unitCode: held.unitCode, fields: { ...held, partner: partner.id }, system: `partner-${partner.id}`, ...changes })
  run.record(`partner-${partner.id}`, `dossier/${code}`, line.op, 'newly-registered', { ...held, origin: 'own-service', sync: 'acknowledged' }, line.completedAt)
  run.record('portal', `dossier/${code}`, line.op, 'newly-registered', { ...held, partner: partner.id, origin: 'synced', legacyCode: null, feeVnd: 0 }, line.completedAt + 30)
  run.record('coordination', `dossier/${code}`, line.op, 'newly-registered', held, line.completedAt + 60)
  return line
}

export function payAtCounter(run: RunBuilder, iteration: number, changes: Changes = {}): OperationLine {
  const { code } = submittedDossier(run, iteration)
  const held = { transactionCode: `C${iteration}`, dossierCode: code, amountVnd: 8_000 }
  const line = run.line('officers-money', iteration, 'pay-counter', { dossierCode: code, amountVnd: held.amountVnd, fields: { amountVnd: held.amountVnd, transactionCode: held.transactionCode }, system: 'coordination', ...changes })
  run.record('payments', `counter/${held.transactionCode}`, line.op, 'paid', held, line.completedAt)
  run.record('portal', `paid/${held.transactionCode}`, line.op, 'paid', held, line.completedAt + 40)
  receipt(run, line, held)
  return line
}

/** A receipt wherever one is due by `contracts/kinds.ts`. */
export function receipt(run: RunBuilder, payment: OperationLine, held: { transactionCode: string; dossierCode: string; amountVnd: number }): void {
  if (!RECORD_TYPES.includes('receipt')) return
  for (const [system, after] of [['payments', 50], ['portal', 90]] as const) run.record(system, `receipt/${held.transactionCode}`, payment.op, 'issued', held, payment.completedAt + after)
}

/** Of the payment that `pay(iteration)` made. */
export function refund(run: RunBuilder, iteration: number, changes: Changes = {}): OperationLine {
  const { code } = submittedDossier(run, iteration)
  const bank = iteration % 2 === 0 ? 'vcb' : 'bidv'
  const held = { transactionCode: `T${String(iteration).padStart(6, '0')}`, dossierCode: code, amountVnd: 8_000 + iteration * 1_000 }
  const line = run.line('officers-money', iteration, 'refund', { dossierCode: code, amountVnd: held.amountVnd, fields: { amountVnd: held.amountVnd, bank, transactionCode: held.transactionCode }, system: 'coordination', ...changes })
  run.record('payments', `refund/${line.op}`, line.op, 'done', { ...held, bank: `bank-${bank}` }, line.completedAt)
  run.record(`bank-${bank}`, `credit/${line.op}`, line.op, undefined, { transactionCode: held.transactionCode, amountVnd: held.amountVnd }, line.completedAt + 20)
  run.record('portal', `refund/${line.op}`, line.op, 'done', held, line.completedAt + 30)
  return line
}

export function sendFeedback(run: RunBuilder, iteration: number, changes: Changes = {}): OperationLine {
  const unitCode = feedbackUnit('land', 'ha-noi')
  const line = run.line('feedback', iteration, 'feedback-send', { unitCode, fields: { topic: 'land', provinceId: 'ha-noi', unitCode }, ...changes })
  for (const system of ['portal', 'feedback']) run.record(system, `feedback/PA-260410-${iteration}`, line.op, 'sent', { topic: 'land', provinceId: 'ha-noi', unitCode }, line.completedAt)
  return line
}

export function answerFeedback(run: RunBuilder, iteration: number, changes: Changes = {}): OperationLine {
  const line = run.line('feedback-answers', iteration, 'feedback-answer', { fields: {}, system: 'feedback', ...changes })
  for (const system of ['feedback', 'portal']) {
    run.record(system, `feedback-answer/PA-260410-${iteration}`, line.op, 'answered', { feedbackCode: `PA-260410-${iteration}` }, line.completedAt)
    for (const row of run.rows(system)) if (row.key === `feedback/PA-260410-${iteration}`) row.status = 'answered'
  }
  return line
}

/** The figures that follow from the records, as the statistics system reports them. */
export function reportFigures(run: RunBuilder): void {
  const of = (system: string, type: string, status?: string) => run.rows(system).filter((row) => row.key.startsWith(`${type}/`) && (status === undefined || row.status === status))
  const vnd = (rows: readonly { fields: Record<string, unknown> }[]) => rows.reduce((sum, { fields }) => sum + Number(fields['amountVnd'] ?? 0), 0)
  const dossiers = of('coordination', 'dossier')
  const direct = dossiers.filter((row) => /-[89]\d{5}$/.test(row.key)).length
  const paid = [...of('payments', 'paid'), ...of('payments', 'counter')]
  const asked = of('payments', 'payment').length + of('payments', 'counter').length
  const sms = of('notifications', 'sms')
  const figures: Record<string, number> = {
    'dossiers.total': dossiers.length, 'dossiers.direct': direct, 'dossiers.synced': dossiers.length - direct, 'dossiers.migrated': 0,
    ...Object.fromEntries(DOSSIER_STATUSES.map((status) => [`dossiers.${status}`, of('coordination', 'dossier', status).length])), 'dossiers.dueSoon': 0, 'dossiers.overdue': 0,
    'payments.asked': asked, 'payments.paid': paid.length, 'payments.failed': 0, 'payments.expired': 0, 'payments.open': asked - paid.length,
    'payments.fee': paid.length, 'payments.fine': 0, 'payments.social-insurance': 0, 'money.paidVnd': vnd(paid), 'refunds': of('payments', 'refund').length, 'money.refundedVnd': vnd(of('payments', 'refund')),
    'sms.asked': sms.length, 'sms.sent': sms.length, 'sms.delivered': of('notifications', 'sms', 'delivered').length, 'sms.timeout': 0, 'sms.failed': 0, 'sms.open': 0,
    'feedback.total': of('feedback', 'feedback').length, 'feedback.answered': of('feedback', 'feedback-answer').length, 'feedback.open': of('feedback', 'feedback').length - of('feedback', 'feedback-answer').length,
  }
  for (const [name, value] of Object.entries(figures)) run.record('statistics', `figure/${name}`, undefined, undefined, { value, source: 'coordination' })
}

/** Four of everything; `prepare` changes the run before its figures are counted. */
export function countryRun(options: SamplePlanOptions = {}, prepare: (run: RunBuilder) => void = () => {}): RunBuilder {
  const run = smallRun({ country: true, ...options, counts: { 'citizens-new': 4, ...options.counts } })
  const at = (clock: string, plusMs = 0) => ({ intendedAt: run.at(clock) + plusMs, invokedAt: run.at(clock) + plusMs + 2 })
  for (let i = 0; i < 4; i += 1) {
    apply(run, i)
    run.line('officers', i, 'staff-login', { system: 'coordination', fields: { account: 'cb.H01.commune.000001' } })
    if (i === 0) for (const [n, step] of (['receive', 'process', 'finish', 'return'] as const).entries()) act(run, i, step, at('03:02', n * 50))
    if (i === 1) {
      act(run, i, 'receive')
      act(run, i, 'supplement-ask')
      act(run, i, 'supplement-answer', at('03:05'))
      act(run, i, 'stop', at('03:10'))
    }
    if (i === 2) act(run, i, 'refuse')
    if (i === 3) {
      act(run, i, 'receive')
      act(run, i, 'withdraw', at('03:12'))
    }
    run.line('citizens-later', i, 'read-later', { dossierCode: submittedDossier(run, i).code, observed: 'result-returned', ...at('03:18', i * 300) })
    payAtCounter(run, i)
    refund(run, i)
    sendFeedback(run, i)
    run.line('feedback', i, 'feedback-read')
    answerFeedback(run, i)
    run.line('reports', i, 'report', { system: 'statistics' })
  }
  prepare(run)
  reportFigures(run)
  return run
}
