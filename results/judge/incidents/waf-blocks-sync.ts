/** `waf-blocks-sync`: partners' pushes were refused by the firewall in front of the new portal: sync operations with a row in its block log. */
import { systemsOf } from '../case.ts'
import { literal } from '../database.ts'
import { examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { readJson } from '../load-records.ts'
import { explain, percent, type IncidentRule } from './incident-rule.ts'

const BLOCKS = `{key: 'VARCHAR', op: 'VARCHAR', fields: 'STRUCT(ruleId VARCHAR, ruleTitle VARCHAR, partner VARCHAR, matched VARCHAR)'}`

export const wafBlocksSync: IncidentRule = {
  id: 'waf-blocks-sync',
  needs: ['edge'],
  async detect(kase) {
    const { db, plan } = kase
    const pushes = `kind IN ('sync.dossier', 'sync.status')`
    const findings = []
    for (const edge of systemsOf(plan, 'edge')) {
      const ids = `SELECT DISTINCT o.id FROM ops o JOIN edge_rows e ON e.id = o.id AND e.chk = o.chk JOIN systems y ON y.file = e.file
        WHERE o.${pushes} AND e.entry = 'block' AND y.name = ${literal(edge.id)}`
      const touched = await examplesOf(kase, ids)
      if (touched.count === 0) continue
      const { source } = await db.row<{ source: string }>(`SELECT source FROM systems WHERE name = ${literal(edge.id)} AND role = 'edge'`)
      const rules = await db.rows<{ rule: string; title: string | null; matched: string | null; blocks: number; partners: number }>(`
        SELECT fields.ruleId AS rule, min(fields.ruleTitle) AS title, min(fields.matched) AS matched, count(*) AS blocks, count(DISTINCT fields.partner) AS partners
        FROM ${readJson(source, BLOCKS)} WHERE key LIKE 'block/%' AND op IN (SELECT op_name(id, chk) FROM ops WHERE id IN (${ids})) GROUP BY rule ORDER BY blocks DESC, rule LIMIT 3`)
      const all = await db.count(`SELECT count(*) FROM ops WHERE ${pushes}`)
      const named = rules.map((rule) => `rule ${rule.rule}${rule.title === null ? '' : ` (${rule.title})`} blocked ${rule.blocks} calls of ${rule.partners} partners, for instance at ${JSON.stringify(rule.matched ?? '')}`)
      findings.push(findingOf(kase, {
        incident: 'waf-blocks-sync', class: 'incident', system: edge.id,
        cause: `${edge.id} refused ${touched.count} of ${all} sync operations (${percent(touched.count, all)}): ${named.join('; ') || 'no rule is named in its log'}`,
        measure: 'exempt the partners\' signed sync calls from the rule, or narrow its pattern to what is no ordinary Vietnamese text; then let the partners push again',
        rerunCondition: 'no sync call stands in the block log, and every partner has synced what is expected', power: powerOf(all, touched.count, 'sync operations'), ...touched,
      }))
      await explain(db, ids)
    }
    return findings
  },
}
