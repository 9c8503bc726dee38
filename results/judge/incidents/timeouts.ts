/**
 * What the two incidents of time-outs share: which operations ended without an answer, and whether they are more than chance. On a machine that gave
 * nobody his time a simulated partner is late like everybody else: then the signs are doubted, not taken for the incident.
 */
import type { Finding } from '../../../contracts/verdict.ts'
import type { Case } from '../case.ts'
import { type Examples, examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { starved } from '../busy.ts'
import { type IncidentRule, isIncident, percent } from './incident-rule.ts'

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

export function timeoutRule({ id, needs, signsOf }: Pick<IncidentRule, 'needs'> & { id: TimeoutSigns['incident']; signsOf: (kase: Case) => Promise<TimeoutSigns[]> }): IncidentRule {
  return {
    id, needs,
    async detect(kase) { return await starved(kase) === null ? findingsOf(kase, await signsOf(kase)) : [] },
    async doubt(kase) {
      const why = await starved(kase)
      if (why === null) return null
      const found = await findingsOf(kase, await signsOf(kase))
      return found.length === 0 ? null : `signs of it at ${found.map(({ system }) => system).join(', ')}, but too busy itself meanwhile: ${why}`
    },
  }
}

async function findingsOf(kase: Case, signs: readonly TimeoutSigns[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const one of signs) findings.push(...await timeoutFinding(kase, one))
  return findings
}

async function timeoutFinding(kase: Case, signs: TimeoutSigns): Promise<Finding[]> {
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
