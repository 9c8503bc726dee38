/**
 * What a profile must hold beyond its schema: known flows and regions, shares that add up, references between scenarios, times inside the window, phases
 * apart from each other, criteria that can be read, a volume that can be derived.
 */
import { suggest } from '../../contracts/did-you-mean.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { Problem } from '../../contracts/error.ts'
import type { Profile } from '../../contracts/profile.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { Runbook } from '../../contracts/runbook.ts'
import type { Split } from '../../contracts/split.ts'
import { CITIZEN_SHARES } from '../../scenarios/cast/citizen.ts'
import { FATE_SHARES, FATES } from '../../scenarios/cast/fate.ts'
import { DERIVED_NAMES } from '../../scenarios/derive/derive.ts'
import { checkCriteria, checkPhases } from './check-phases.ts'
import { checkCurve, checkVolume } from './check-volume.ts'
import type { Place } from './yaml-document.ts'

/** Shares that say something else than who goes through a flow of the journey. */
const OTHER_SHARES: readonly string[] = [...CITIZEN_SHARES, ...FATE_SHARES, 'done']

export function checkProfile(profile: Profile, place: Place, flowIds: readonly string[], surroundings: { window?: Pick<Runbook['window'], 'start' | 'end'>; split?: Split }): Problem[] {
  const problems: Problem[] = []
  const regions = REGIONS.map((region) => region.id)
  for (const region of Object.keys(profile.regions)) {
    if (!regions.includes(region)) problems.push({ code: 'REGION_UNKNOWN', what: `region "${region}" is not known`, where: place(['regions', region]), mend: suggest(region, regions) })
  }
  const sum = Object.values(profile.regions).reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) > 1e-6) problems.push({ code: 'SHARES_DO_NOT_ADD_UP', what: `the regions' shares add up to ${sum}`, where: place(['regions']), mend: 'make them add up to 1' })

  // A load without a cutover brings its own hours.
  const window = surroundings.window ?? profile.window
  problems.push(...checkPhases(profile, place, window), ...checkCriteria(profile, place))
  if (profile.volume) problems.push(...checkVolume(profile.volume, place, window))
  else if (profile.scenarios.length === 0) problems.push({ code: 'PROFILE_EMPTY', what: `profile "${profile.name}" has neither scenarios nor a volume`, where: place([]), mend: 'list scenarios, or give a volume to derive them from' })
  problems.push(...checkScenarios(profile, place, flowIds, window, surroundings.split))
  return problems
}

function checkScenarios(profile: Profile, place: Place, flowIds: readonly string[], window: { start: string; end: string } | undefined, split: Split | undefined): Problem[] {
  const problems: Problem[] = []
  const derived = profile.volume ? DERIVED_NAMES : []
  const names = [...derived, ...profile.scenarios.map((scenario) => scenario.name)]
  const waves = split ? [...new Set(split.partners.map((partner) => partner.wave))] : undefined
  const length = window ? clockOffsetMs(window.start, window.end) : undefined

  profile.scenarios.forEach((scenario, index) => {
    const at = (...path: (string | number)[]) => place(['scenarios', index, ...path])
    if (names.indexOf(scenario.name) !== derived.length + index) problems.push({ code: 'NAME_TWICE', what: `scenario "${scenario.name}" stands twice`, where: at('name'), mend: 'give each scenario a name of its own' })
    scenario.journey.forEach((flow, step) => {
      if (!flowIds.includes(flow)) problems.push({ code: 'FLOW_UNKNOWN', what: `flow "${flow}" is not known`, where: at('journey', step), mend: suggest(flow, flowIds) })
    })
    for (const flow of Object.keys(scenario.shares)) {
      if (!scenario.journey.includes(flow) && !OTHER_SHARES.includes(flow)) {
        problems.push({ code: 'SHARE_WITHOUT_FLOW', what: `a share is given for "${flow}", which is not in the journey`, where: at('shares', flow), mend: suggest(flow, [...scenario.journey, ...OTHER_SHARES]) })
      }
    }
    if (scenario.dossiersOf !== undefined && !names.includes(scenario.dossiersOf)) {
      problems.push({ code: 'SCENARIO_UNKNOWN', what: `dossiersOf names "${scenario.dossiersOf}", which is no scenario of this profile`, where: at('dossiersOf'), mend: suggest(scenario.dossiersOf, names) })
    }
    if (scenario.among !== undefined && !(FATES as readonly string[]).includes(scenario.among)) {
      problems.push({ code: 'FATE_UNKNOWN', what: `among names "${scenario.among}", which happens to no dossier`, where: at('among'), mend: suggest(scenario.among, FATES) })
    }
    if (scenario.wave !== undefined && waves && !waves.includes(scenario.wave)) {
      problems.push({ code: 'WAVE_UNKNOWN', what: `wave ${scenario.wave} is not in the split`, where: at('wave'), mend: `use one of: ${waves.join(', ')}` })
    }
    if (scenario.curve) problems.push(...checkScenarioCurve(scenario, ['scenarios', index, 'curve'], place, window))
    if (window && length !== undefined) {
      const from = clockOffsetMs(window.start, scenario.from)
      const to = clockOffsetMs(window.start, scenario.to)
      if (from >= length || to > length || from >= to) {
        problems.push({ code: 'TIMES_OUTSIDE_WINDOW', what: `${scenario.from} to ${scenario.to} does not lie inside the window ${window.start} to ${window.end}`, where: at('from'), mend: 'give times inside the window, the earlier first' })
      }
    }
  })
  return problems
}

function checkScenarioCurve({ curve, from, to }: Profile['scenarios'][number], path: (string | number)[], place: Place, window: { start: string; end: string } | undefined): Problem[] {
  const problems = checkCurve(curve!, path, place, window && { start: from, end: to })
  const [first, last] = [curve![0]!.at, curve!.at(-1)!.at]
  if (first !== from || last !== to) problems.push({ code: 'CURVE_INVALID', what: `the curve runs from ${first} to ${last}, its scenario from ${from} to ${to}`, where: place(path), mend: `begin it at ${from} and end it at ${to}` })
  return problems
}
