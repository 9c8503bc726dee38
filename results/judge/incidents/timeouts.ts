/** What the two incidents of time-outs share: which operations ended without an answer, and whether they are more than chance. */
import type { Finding } from '../../../contracts/verdict.ts'
import type { Case } from '../case.ts'
import { type Examples, examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { isIncident, percent } from './incident-rule.ts'

export type TimeoutSigns = {
  incident: 'bank-timeout' | 'sms-timeout'
  system: string
  /** Operations that went to this system, and those of them that timed out. */
  allSql: string
  touchedSql: string
  what: string
  measure: string
  rerunCondition: string
}

export async function timeoutFinding(kase: Case, signs: TimeoutSigns): Promise<Finding[]> {
  const all = await kase.db.count(`SELECT count(*) FROM (${signs.allSql})`)
  const touched: Examples = await examplesOf(kase, signs.touchedSql)
  if (!isIncident(touched.count, all)) return []
  const held = await kase.db.count(`SELECT count(DISTINCT id) FROM named WHERE class = 'recovered' AND id IN (${signs.touchedSql})`)
  return [findingOf(kase, {
    incident: signs.incident, class: 'incident', system: signs.system,
    cause: `${signs.system} did not answer in time for ${touched.count} of ${all} ${signs.what} (${percent(touched.count, all)}); ${held} of them are kept as failed by the system that asked`,
    measure: signs.measure, rerunCondition: signs.rerunCondition, power: powerOf(all, touched.count, signs.what), ...touched,
  })]
}
