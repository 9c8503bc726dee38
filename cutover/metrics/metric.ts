/**
 * The seam of metrics: what a condition of a runbook can ask for. `measure` gives ms, a ratio or a count by `unit`, and null where it
 * could not be measured; a null is never a pass. `arguments` lists the words allowed in brackets, for the check of a runbook.
 */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { Night } from '../night.ts'

export type MetricArguments = {
  /** Empty: the metric takes none. */
  words: readonly string[]
  /** Waves of the split: `wave-1`, `wave-2`, … */
  waves: boolean
  required: boolean
}

export type Metric = {
  id: string
  unit: 'ms' | 'ratio' | 'count'
  arguments: MetricArguments
  /** Changes only by what a step does: where it does not hold, waiting does not mend it. */
  fixed?: boolean
  measure(night: Night, argument: string | undefined): Promise<number | null>
}

export const NO_ARGUMENT: MetricArguments = { words: [], waves: false, required: false }
export const REGION_ARGUMENT: MetricArguments = { words: ['all', ...REGIONS.map((region) => region.id)], waves: false, required: true }
export const PARTNER_ARGUMENT: MetricArguments = { words: ['all', ...PARTNERS.map((partner) => partner.id)], waves: true, required: false }
export const WAVE_ARGUMENT: MetricArguments = { words: ['all'], waves: true, required: true }

export const WAVE = /^wave-(\d+)$/

/** The planned partners that an argument means. */
export function partnersOf(night: Night, argument: string | undefined): Night['plan']['partners'] {
  const present = night.plan.partners.filter((partner) => partner.mode !== 'absent')
  if (argument === undefined || argument === 'all') return present
  const wave = WAVE.exec(argument)
  return wave ? present.filter((partner) => partner.wave === Number(wave[1])) : present.filter((partner) => partner.id === argument)
}

export function regionsOf(night: Night, argument: string | undefined): string[] {
  const regions = night.plan.target.regions.map((region) => region.id)
  return argument === undefined || argument === 'all' ? regions : regions.filter((region) => region === argument)
}
