/** Every old dossier has one copy on the new portal with mapped status, equal name and equal amount; judged where a copy reported done. */
import { systemsOf } from '../case.ts'
import { type CriterionRule, result } from './criterion.ts'

export const migration: CriterionRule = {
  id: 'migration.complete',
  async check({ plan, times, migration: figures, db }) {
    const planned = plan.runbook.steps.some((entry) => 'do' in entry && 'migration.bulk' in entry.do)
    if (!planned || systemsOf(plan, 'legacy').length === 0) return []
    const expected = 'every old dossier exactly once on the new portal, equal after normalisation'
    if (times.bulkDone === null) return [result('migration.complete', 'inconclusive', expected, 'no copy reported done')]
    if (!figures.judged) return [result('migration.complete', 'inconclusive', expected, 'one of the two portals was not read')]
    const lines = await db.rows<{ line: number }>('SELECT line FROM (SELECT line FROM migration_missing UNION SELECT line FROM migration_mismatch) WHERE line IS NOT NULL ORDER BY line LIMIT 5')
    const legacy = systemsOf(plan, 'legacy')[0]!.id
    return [result('migration.complete', figures.missing + figures.mismatched > 0 ? 'fail' : figures.total === 0 ? 'inconclusive' : 'pass', expected,
      `${figures.total} old dossiers: ${figures.verified} verified, ${figures.missing} missing, ${figures.mismatched} different, ${figures.afterCopy} taken in after the copy`,
      lines.length === 0 ? [] : [{ file: `evidence/${legacy}.ndjson`, lines: lines.map((row) => row.line) }])]
  },
}
