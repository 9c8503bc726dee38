/** `legacy-missing`: an old dossier that the migration should have brought over has no copy on the new portal. */
import { systemsOf, unitOf } from '../case.ts'
import { literal } from '../database.ts'
import { type Example, MAX_EXAMPLES } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { explain, percent, type IncidentRule } from './incident-rule.ts'

export const legacyMissing: IncidentRule = {
  id: 'legacy-missing',
  needs: ['legacy', 'portal'],
  async detect(kase) {
    const { db, plan, migration, times } = kase
    const [portal] = systemsOf(plan, 'portal')
    const [legacy] = systemsOf(plan, 'legacy')
    if (migration.missing === 0 || !portal || !legacy) return []
    const rows = await db.rows<{ key: string; status: string | null; line: number | null }>(`SELECT key, status, line FROM migration_missing ORDER BY key LIMIT ${MAX_EXAMPLES}`)
    const since = times.scenarioIso(times.deltaDone ?? times.bulkDone!)
    const examples = rows.map((row): Example => ({
      dossierCode: row.key.slice('dossier/'.length), procedureCode: null, time: since, step: 'migration', errorText: null,
      statuses: { [legacy.id]: row.line === null ? 'absent' : row.status ?? 'present', [portal.id]: 'absent' },
      evidence: [row.line === null ? { file: `evidence/${legacy.id}.baseline.ndjson`, lines: [] } : { file: `evidence/${legacy.id}.ndjson`, lines: [row.line] }],
    }))
    // Submitted on the old portal during the run: their missing copy is this incident too.
    await explain(db, `SELECT r.id FROM records r JOIN systems y ON y.file = r.file WHERE y.name = ${literal(legacy.id)} AND r.id IS NOT NULL AND r.khash IN (SELECT khash FROM migration_missing)`)
    const judged = migration.total - migration.afterCopy
    return [findingOf(kase, {
      incident: 'legacy-missing', class: 'lost', system: portal.id, count: migration.missing, since, examples,
      cause: `${migration.missing} of ${judged} old dossiers (${percent(migration.missing, judged)}) have no row with their old code on ${portal.id}, although bulk ${times.deltaDone === null ? 'copy' : 'and delta copy'} reported done`,
      measure: `copy the dossiers named again, and find why the copy's own verification did not see them (${unitOf(plan, legacy.id)} keeps the rows until then)`,
      rerunCondition: 'every old dossier has exactly one row with its old code on the new portal', power: powerOf(judged, migration.missing, 'old dossiers'),
    })]
  },
}
