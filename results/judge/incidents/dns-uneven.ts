/**
 * `dns-uneven`: after the switch and the convergence bound a region's resolver still gives the old address, or the region's users are still
 * answered by the old portal. Their dossiers land there (misrouted).
 */
import { systemsOf } from '../case.ts'
import { literal } from '../database.ts'
import { examplesOf, type Example } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { explain, isIncident, percent, type IncidentRule } from './incident-rule.ts'

/** Of the answers after the bound. Half: a resolver that swings between both is as useless as one that stays. */
const OLD_SHARE = 0.5

export const dnsUneven: IncidentRule = {
  id: 'dns-uneven',
  needs: ['resolver'],
  async detect(kase) {
    const { db, plan, times } = kase
    if (times.switchDone === null || times.switchUndone !== null) return []
    const bound = times.switchDone + times.dnsBoundMs
    const old = plan.target.addresses.old
    const legacyIds = systemsOf(plan, 'legacy').map((system) => literal(system.id)).join(', ') || 'NULL'
    const findings = []
    for (const region of plan.target.regions) {
      const system = `resolver-${region.id}`
      const answers = await db.row<{ all: number; old: number; first: number | null; last: number | null; label: string | null }>(`
        SELECT count(*) AS all, count(*) FILTER (a.address = ${literal(old)}) AS old, min(CASE WHEN a.address = ${literal(old)} THEN a.rowid - y.base + 1 END) AS first,
          max(CASE WHEN a.address = ${literal(old)} THEN a.rowid - y.base + 1 END) AS last, any_value(y.label) AS label
        FROM answers a JOIN systems y ON y.file = a.file WHERE y.name = ${literal(system)} AND a.address IS NOT NULL AND a.seen_at >= ${bound}`)
      // Once the region is known to be uneven, what landed wrong inside the bound is explained by it too.
      const ids = `SELECT id FROM ops WHERE region = ${literal(region.id)} AND system IN (${legacyIds})
        AND (invoked >= ${bound} OR invoked >= ${times.switchBegin ?? times.switchDone} AND id IN (SELECT id FROM named WHERE class = 'misrouted'))`
      const users = await db.row<{ all: number; old: number }>(`SELECT count(*) AS all, count(*) FILTER (system IN (${legacyIds})) AS old FROM ops
        WHERE region = ${literal(region.id)} AND invoked >= ${bound} AND kind NOT IN ('sync.dossier', 'sync.status', 'payment.scan')`)
      if (!(answers.all > 0 && answers.old >= answers.all * OLD_SHARE) && !isIncident(users.old, users.all)) continue
      const touched = await examplesOf(kase, ids)
      const misrouted = await db.count(`SELECT count(DISTINCT id) FROM named WHERE class = 'misrouted' AND id IN (${ids})`)
      const proof: Example['evidence'] = answers.label === null || answers.first === null ? [] : [{ file: answers.label, lines: answers.first === answers.last ? [answers.first] : [answers.first, answers.last!] }]
      const alone: Example = { dossierCode: null, procedureCode: null, time: times.scenarioIso(bound), step: 'dns.watch', errorText: null, statuses: { [system]: old }, evidence: proof }
      findings.push(findingOf(kase, {
        incident: 'dns-uneven', class: misrouted > 0 ? 'misrouted' : 'incident', system,
        cause: `${system} gave the old address ${old} in ${answers.old} of ${answers.all} answers later than ${Math.round(times.dnsBoundMs * plan.timeScale / 60_000)} scenario minutes after the switch; `
          + `${users.old} of ${users.all} operations of region ${region.id} (${percent(users.old, users.all)}) were answered by the old portal, ${misrouted} records lie there alone`,
        measure: `make the resolver of region ${region.id} follow the TTL (flush its cache, forbid serving expired answers), keep the old portal closed to submissions, move the dossiers named to the new portal`,
        rerunCondition: `every answer of ${system} is the new address within the bound after the switch, and no operation of region ${region.id} is answered by the old portal`,
        power: powerOf(users.all, users.old, `operations of region ${region.id} after the bound`),
        count: touched.count || answers.old, since: touched.since || times.scenarioIso(bound),
        examples: touched.examples.length === 0 ? [alone] : touched.examples.map((example, index) => index === 0 ? { ...example, evidence: [...example.evidence, ...proof] } : example),
      }))
      await explain(db, ids)
    }
    return findings
  },
}
