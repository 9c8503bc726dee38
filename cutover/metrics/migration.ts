/**
 * `migration.copied`, `.remaining`, `.compared`, `.mismatches`: counts of the last copy and the last verification of this night;
 * null before they ran. `remaining` also counts what the old portal still has to settle by itself (its nightly batch).
 */
import { byRole } from '../systems.ts'
import { NO_ARGUMENT, type Metric } from './metric.ts'

function ofState(id: string, key: 'copied' | 'compared' | 'mismatches'): Metric {
  return { id, unit: 'count', arguments: NO_ARGUMENT, fixed: true, measure: async (night) => night.state.migration[key] }
}

export const migrationCopied = ofState('migration.copied', 'copied')
export const migrationCompared = ofState('migration.compared', 'compared')
export const migrationMismatches = ofState('migration.mismatches', 'mismatches')

export const migrationRemaining: Metric = {
  id: 'migration.remaining',
  unit: 'count',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const { remaining } = night.state.migration
    if (remaining === null) return null
    return remaining + await night.ports.admin(byRole(night.plan.target, 'legacy').id).pending()
  },
}
