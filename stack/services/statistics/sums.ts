/**
 * What must hold between the figures of a report before anybody is shown it: parts sum to the whole, a part is no larger than its whole (facts
 * section 3 lists published figures of which neither held). Each rule belongs to the system that counts. Out: what does not hold, in words.
 */
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'

export type SourceId = 'coordination' | 'payments' | 'notifications' | 'feedback'
type Rule = { source: SourceId; whole: string; parts: readonly string[]; holds: 'equal' | 'at most' }

const sum = (source: SourceId, whole: string, parts: readonly string[]): Rule => ({ source, whole, parts, holds: 'equal' })
const within = (source: SourceId, whole: string, part: string): Rule => ({ source, whole, parts: [part], holds: 'at most' })

export const RULES: readonly Rule[] = [
  sum('coordination', 'dossiers.total', ['dossiers.direct', 'dossiers.synced', 'dossiers.migrated']),
  sum('coordination', 'dossiers.total', DOSSIER_STATUSES.map((status) => `dossiers.${status}`)),
  within('coordination', 'dossiers.total', 'dossiers.dueSoon'),
  within('coordination', 'dossiers.total', 'dossiers.overdue'),
  sum('payments', 'payments.asked', ['payments.paid', 'payments.failed', 'payments.expired', 'payments.open']),
  sum('payments', 'payments.paid', ['payments.fee', 'payments.fine', 'payments.social-insurance']),
  within('payments', 'payments.paid', 'refunds'),
  within('payments', 'money.paidVnd', 'money.refundedVnd'),
  sum('notifications', 'sms.asked', ['sms.sent', 'sms.timeout', 'sms.failed', 'sms.open']),
  within('notifications', 'sms.sent', 'sms.delivered'),
  sum('feedback', 'feedback.total', ['feedback.answered', 'feedback.open']),
]

/** Empty where all rules of the sources hold. A figure that is missing or negative breaks them too. */
export function inconsistencies(figures: Readonly<Record<string, number>>, sources: readonly SourceId[]): string[] {
  const found: string[] = []
  for (const { source, whole, parts, holds } of RULES) {
    if (!sources.includes(source)) continue
    const missing = [whole, ...parts].filter((name) => figures[name] === undefined || figures[name] < 0)
    if (missing.length > 0) {
      found.push(`${source} gave no count for ${missing.join(', ')}`)
      continue
    }
    const total = parts.reduce((so, name) => so + figures[name]!, 0)
    if (holds === 'equal' ? total !== figures[whole] : total > figures[whole]!) {
      found.push(`${parts.join(' + ')} = ${total}, ${whole} = ${figures[whole]}`)
    }
  }
  return found
}
