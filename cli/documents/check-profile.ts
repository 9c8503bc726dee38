/** What a profile must hold beyond its schema: known flows and regions, shares that add up, references between scenarios, times inside the window. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { Problem } from '../../contracts/error.ts'
import type { Profile } from '../../contracts/profile.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { Runbook } from '../../contracts/runbook.ts'
import type { Split } from '../../contracts/split.ts'
import type { Place } from './yaml-document.ts'

export function checkProfile(profile: Profile, place: Place, flowIds: readonly string[], surroundings: { window?: Runbook['window']; split?: Split }): Problem[] {
  const problems: Problem[] = []
  const regions = REGIONS.map((region) => region.id)
  for (const region of Object.keys(profile.regions)) {
    if (!regions.includes(region)) problems.push({ code: 'REGION_UNKNOWN', what: `region "${region}" is not known`, where: place(['regions', region]), mend: suggest(region, regions) })
  }
  const sum = Object.values(profile.regions).reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) > 1e-6) problems.push({ code: 'SHARES_DO_NOT_ADD_UP', what: `the regions' shares add up to ${sum}`, where: place(['regions']), mend: 'make them add up to 1' })
  const names = profile.scenarios.map((scenario) => scenario.name)
  const waves = surroundings.split ? [...new Set(surroundings.split.partners.map((partner) => partner.wave))] : undefined
  const length = surroundings.window ? clockOffsetMs(surroundings.window.start, surroundings.window.end) : undefined

  profile.scenarios.forEach((scenario, index) => {
    const at = (...path: (string | number)[]) => place(['scenarios', index, ...path])
    if (names.indexOf(scenario.name) !== index) problems.push({ code: 'NAME_TWICE', what: `scenario "${scenario.name}" stands twice`, where: at('name'), mend: 'give each scenario a name of its own' })
    scenario.journey.forEach((flow, step) => {
      if (!flowIds.includes(flow)) problems.push({ code: 'FLOW_UNKNOWN', what: `flow "${flow}" is not known`, where: at('journey', step), mend: suggest(flow, flowIds) })
    })
    for (const flow of Object.keys(scenario.shares)) {
      if (!scenario.journey.includes(flow)) problems.push({ code: 'SHARE_WITHOUT_FLOW', what: `a share is given for "${flow}", which is not in the journey`, where: at('shares', flow), mend: suggest(flow, scenario.journey) })
    }
    if (scenario.dossiersOf !== undefined && !names.includes(scenario.dossiersOf)) {
      problems.push({ code: 'SCENARIO_UNKNOWN', what: `dossiersOf names "${scenario.dossiersOf}", which is no scenario of this profile`, where: at('dossiersOf'), mend: suggest(scenario.dossiersOf, names) })
    }
    if (scenario.wave !== undefined && waves && !waves.includes(scenario.wave)) {
      problems.push({ code: 'WAVE_UNKNOWN', what: `wave ${scenario.wave} is not in the split`, where: at('wave'), mend: `use one of: ${waves.join(', ')}` })
    }
    if (surroundings.window && length !== undefined) {
      const from = clockOffsetMs(surroundings.window.start, scenario.from)
      const to = clockOffsetMs(surroundings.window.start, scenario.to)
      if (from >= length || to > length || from >= to) {
        problems.push({ code: 'TIMES_OUTSIDE_WINDOW', what: `${scenario.from} to ${scenario.to} does not lie inside the window ${surroundings.window.start} to ${surroundings.window.end}`, where: at('from'), mend: 'give times inside the window, the earlier first' })
      }
    }
  })
  return problems
}
