/** `sync-lost`: the portal acknowledged a synced dossier to the partner, the partner holds it, the portal does not. */
import { systemsOf } from '../case.ts'
import { literal } from '../database.ts'
import { examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { explain, percent, type IncidentRule } from './incident-rule.ts'

export const syncLost: IncidentRule = {
  id: 'sync-lost',
  needs: ['portal', 'partner'],
  async detect(kase) {
    const { db, plan } = kase
    const findings = []
    for (const portal of systemsOf(plan, 'portal')) {
      const ids = `SELECT DISTINCT n.id FROM named n JOIN systems y ON y.file = n.file JOIN ops o ON o.id = n.id JOIN records r ON r.id = o.id AND r.chk = o.chk JOIN systems p ON p.file = r.file
        WHERE n.class = 'lost' AND y.name = ${literal(portal.id)} AND o.kind = 'sync.dossier' AND p.role = 'partner'`
      const touched = await examplesOf(kase, ids)
      if (touched.count === 0) continue
      const { all, partners } = await db.row<{ all: number; partners: number }>(`SELECT count(*) AS all, (SELECT count(DISTINCT partner) FROM ops WHERE id IN (${ids})) AS partners FROM ops WHERE kind = 'sync.dossier' AND outcome = 'ok'`)
      findings.push(findingOf(kase, {
        incident: 'sync-lost', class: 'lost', system: portal.id,
        cause: `${portal.id} acknowledged ${touched.count} of ${all} synced dossiers (${percent(touched.count, all)}) from ${partners} partners and does not hold them; the partners do`,
        measure: 'find where the portal drops a row between its acknowledgement and its commit, then let the partners push the dossiers named again (same reference, same code)',
        rerunCondition: 'every acknowledged dossier is on the portal in its final read', power: powerOf(all, touched.count, 'acknowledged dossiers'), ...touched,
      }))
      await explain(db, ids)
    }
    return findings
  },
}
