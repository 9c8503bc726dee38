/** What a partner's desk answers (`contracts/api/partners.ts` DeskAnswer) means for the push behind it. */
import type { Outcome } from '../../contracts/operation.ts'
import { bodyOf, conclude, unreadable, type Answer, type Conclusion, type Said } from '../answer.ts'

const OUTCOMES: Record<string, Outcome> = { 'acknowledged': 'ok', 'refused': 'fail', 'not-connected': 'fail', 'unknown': 'info' }

export function deskConclusion(answer: Answer, partner: string, said: Said): Conclusion {
  const conclusion = conclude(answer, `partner-${partner}`, said)
  if (conclusion.outcome !== 'ok') return conclusion
  const { sync, portalStatus, errorCode, message } = bodyOf(answer) ?? {}
  const outcome = typeof sync === 'string' ? OUTCOMES[sync] : undefined
  if (outcome === undefined) return unreadable(conclusion, `sync is ${JSON.stringify(sync)}`)
  if (outcome === 'ok') return conclusion
  const code = typeof errorCode === 'string' ? errorCode : typeof portalStatus === 'number' ? `HTTP ${portalStatus}` : String(sync)
  return { ...conclusion, outcome, error: typeof message === 'string' && message !== '' ? `${code}: ${message}` : code }
}
