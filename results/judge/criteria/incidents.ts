/** One criterion for each incident that can be found: no sign of it, or the finding. */
import { INCIDENTS } from '../../../contracts/incidents.ts'
import { INCIDENT_RULES, unreadNeeds } from '../incidents/index.ts'
import { type CriterionRule, listed, result } from './criterion.ts'

export const incidents: CriterionRule = {
  id: 'incident',
  async check(kase, findings) {
    return Promise.all(INCIDENT_RULES.map(async (rule) => {
      const own = findings.filter((finding) => finding.incident === rule.id)
      const unread = unreadNeeds(kase, rule)
      const expected = `no sign of: ${INCIDENTS[rule.id].title.en}`
      if (own.length > 0) return result(`incident.${rule.id}`, 'fail', expected, own.map((finding) => `${finding.system}: ${finding.cause}`).join('; '), own.flatMap((finding) => finding.examples[0]?.evidence ?? []).slice(0, 5))
      if (unread.length > 0) return result(`incident.${rule.id}`, 'inconclusive', expected, `cannot be told without ${listed(unread)}`)
      const doubt = await rule.doubt?.(kase) ?? null
      if (doubt !== null) return result(`incident.${rule.id}`, 'inconclusive', expected, doubt)
      return result(`incident.${rule.id}`, 'pass', expected, 'none')
    }))
  },
}
