/**
 * `migration.copied`, `.remaining`, `.compared`, `.mismatches`: counts of the last copy and the last verification of this night;
 * null before they ran. `remaining`: rows of the old portal, its nightly batch settled, that the last delta did not bring over.
 */
import { NO_ARGUMENT, type Metric } from './metric.ts'

function ofState(id: string, key: 'copied' | 'remaining' | 'compared' | 'mismatches'): Metric {
  return { id, unit: 'count', arguments: NO_ARGUMENT, fixed: true, measure: async (night) => night.state.migration[key] }
}

export const migrationCopied = ofState('migration.copied', 'copied')
export const migrationCompared = ofState('migration.compared', 'compared')
export const migrationMismatches = ofState('migration.mismatches', 'mismatches')

export const migrationRemaining = ofState('migration.remaining', 'remaining')
