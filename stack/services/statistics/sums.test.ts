import { describe, expect, it } from 'vitest'
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'
import { inconsistencies, RULES, type SourceId } from './sums.ts'

const ALL: SourceId[] = ['coordination', 'payments', 'notifications', 'feedback']

/** Figures that add up; whole numbers that tell each apart. */
function soundFigures(): Record<string, number> {
  const statuses = Object.fromEntries(DOSSIER_STATUSES.map((status, index) => [`dossiers.${status}`, index]))
  return {
    ...statuses, 'dossiers.total': 45, 'dossiers.direct': 20, 'dossiers.synced': 15, 'dossiers.migrated': 10, 'dossiers.dueSoon': 4, 'dossiers.overdue': 2,
    // The counts of facts section 3 that do add up; of the paid ones 491 + 567 + 129 = 1,187 were published for 1,190.
    'payments.asked': 2_397, 'payments.paid': 1_190, 'payments.failed': 271, 'payments.expired': 932, 'payments.open': 4,
    'payments.fee': 494, 'payments.fine': 567, 'payments.social-insurance': 129, 'money.paidVnd': 1_449_532_600, 'money.refundedVnd': 500_000, 'refunds': 3,
    'sms.asked': 4_108, 'sms.sent': 3_924, 'sms.delivered': 3_900, 'sms.timeout': 184, 'sms.failed': 0, 'sms.open': 0,
    'feedback.total': 30, 'feedback.answered': 12, 'feedback.open': 18,
  }
}

describe('the sums of a report', () => {
  it('hold for figures that add up, and for none at all', () => {
    expect(inconsistencies(soundFigures(), ALL)).toEqual([])
    expect(inconsistencies(Object.fromEntries(Object.keys(soundFigures()).map((name) => [name, 0])), ALL)).toEqual([])
  })

  it('find the published sum that was wrong', () => {
    expect(inconsistencies({ ...soundFigures(), 'payments.fee': 491 }, ALL)).toEqual(['payments.fee + payments.fine + payments.social-insurance = 1187, payments.paid = 1190'])
  })

  it.each(RULES.map((rule) => [`${rule.whole} ${rule.holds === 'equal' ? '=' : '≥'} ${rule.parts.join(' + ')}`, rule] as const))('find a breach of %s', (_name, { whole, parts, holds }) => {
    const figures = soundFigures()
    figures[whole] = holds === 'equal' ? figures[whole]! + 1 : parts.reduce((so, name) => so + figures[name]!, 0) - 1
    expect(inconsistencies(figures, ALL).join()).toContain(`${whole} = ${figures[whole]}`)
  })

  it('name a count that is not there or below zero, but only of the systems that were asked', () => {
    const { 'sms.open': _, ...without } = soundFigures()
    expect(inconsistencies(without, ALL)).toEqual(['notifications gave no count for sms.open'])
    expect(inconsistencies(without, ['coordination'])).toEqual([])
    expect(inconsistencies({ ...soundFigures(), 'dossiers.overdue': -1 }, ALL)).toEqual(['coordination gave no count for dossiers.overdue'])
  })
})
