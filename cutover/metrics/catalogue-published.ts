/** `catalogue.published`: procedures that the portal confirmed to the catalogue; null before anything was published. */
import { NO_ARGUMENT, type Metric } from './metric.ts'

export const cataloguePublished: Metric = {
  id: 'catalogue.published',
  unit: 'count',
  arguments: NO_ARGUMENT,
  fixed: true,
  measure: async (night) => night.state.published,
}
