/**
 * Whether a run may be played on a target, and can be: permissions, time scale, hours, rate, test identities, systems that the load needs, controls that the
 * runbook needs, faults. All that does not fit is told at once, before anything starts.
 */
import { suggest } from '../../contracts/did-you-mean.ts'
import type { Problem } from '../../contracts/error.ts'
import type { PlannedScenario } from '../../contracts/plan.ts'
import type { Profile } from '../../contracts/profile.ts'
import { isGate, type Runbook } from '../../contracts/runbook.ts'
import { offers, permissionsOf, type Target, type TargetSystem } from '../../contracts/target.ts'
import { FAULTS, type PlannedFault } from '../../cutover/faults/index.ts'
import { STEP_ACTIONS } from '../../cutover/steps/index.ts'
import { busiestRequestsPerSecond } from '../../scenarios/request-rate.ts'
import { peopleOf } from '../../scenarios/people-of.ts'
import { systemsNeeded } from '../../scenarios/systems-needed.ts'
import { isServedHere } from './open-foreign.ts'
import { windowProblem } from './window.ts'

export type Fitting = {
  target: Target; shown: string; runbook: Runbook; cutover: boolean; profile: Profile; scenarios: readonly PlannedScenario[]; faults: readonly PlannedFault[]
  timeScale: number; durationMs: number; nowMs: number
}

export function fitProblems(given: Fitting): Problem[] {
  const fitting = { ...given, target: asOpened(given.target) }
  const { target, shown, profile, timeScale, scenarios } = fitting
  const may = permissionsOf(target)
  const problems: Problem[] = []
  const add = (code: string, what: string, mend: string, where = shown) => { problems.push({ code, what, where, mend }) }
  if (!may.write) add('TARGET_READ_ONLY', `the target "${target.name}" may only be read`, 'a load writes: set may.write in the file if that is agreed, or look at it with tongduyet doctor --target', `${shown} may.write`)
  const highest = target.timeScale ?? 1
  if (timeScale > highest) add('TARGET_TIME_SCALE', `the run plays ${timeScale} scenario seconds in a wall second; the clocks of this target follow at most ${highest}`, `run with --time-scale ${highest}, or set timeScale in the file if its clocks can be set`, `${shown} timeScale`)
  const closed = windowProblem(may.window, fitting.nowMs, fitting.durationMs)
  if (closed) add('TARGET_WINDOW_CLOSED', closed.what, closed.mend, `${shown} may.window`)
  if (may.ratePerSecond !== undefined) {
    const needed = busiestRequestsPerSecond(scenarios)
    if (needed > may.ratePerSecond) add('TARGET_RATE', `the load sends about ${Math.ceil(needed)} requests a second at its busiest moment; the target allows ${may.ratePerSecond}`, profile.volume ? `run with --multiplier ${multiplierFor(profile.volume.multiplier, may.ratePerSecond, needed)}` : 'use a smaller profile, or a lower --time-scale', `${shown} may.ratePerSecond`)
  }
  if (may.identities !== undefined) {
    const allowed = new RegExp(may.identities)
    const other = peopleOf(scenarios).find((personId) => !allowed.test(personId))
    if (other !== undefined) add('TARGET_IDENTITY', `the load acts for ${other}, who is none of the test identities ${may.identities}`, 'let may.identities hold the ids of the product\'s invented people (^99[5-9]), and register them at the identity provider of the target', `${shown} may.identities`)
  }
  for (const region of Object.keys(profile.regions)) if (profile.regions[region]! > 0 && !target.regions.some(({ id }) => id === region)) add('TARGET_REGION_MISSING', `the profile has citizens in region "${region}", for which the target has no gateway`, suggest(region, target.regions.map(({ id }) => id)), `${shown} regions`)
  problems.push(...preparedProblems(fitting), ...missingSystems(fitting), ...stepProblems(fitting), ...faultProblems(fitting))
  return problems
}

/** Simulators that the product serves have an address and an administration interface once the run is on. */
function asOpened(target: Target): Target {
  return { ...target, systems: target.systems.map((system) => isServedHere(target, system) ? { ...system, url: 'http://served.here', admin: 'http://served.here' } : system) }
}

function multiplierFor(multiplier: number, allowed: number, needed: number): number { return Math.max(0.001, Math.floor(multiplier * allowed / needed * 1_000) / 1_000) }

/** A reference stack that runs by itself has the old dossiers of one profile, and both portals or one. */
function preparedProblems({ target: { prepared }, shown, runbook, cutover, profile }: Fitting): Problem[] {
  if (!prepared) return []
  const add = (what: string, mend: string): Problem[] => [{ code: 'TARGET_PREPARED_OTHERWISE', what, where: `${shown} prepared`, mend: `${mend}, or start another stack: tongduyet stack up ${cutover ? `${runbook.name} --profile ${profile.name}` : `load --profile ${profile.name}`}${prepared.stack === 'embedded' ? '' : ` --target ${prepared.stack}`}` }]
  if (prepared.cutover !== cutover) return add(`the stack was started for ${prepared.cutover ? `a cutover ("${prepared.runbook}")` : 'a load without a cutover'}, the run is ${cutover ? 'a cutover' : 'a load without one'}`, prepared.cutover ? `play tongduyet rehearse ${prepared.runbook} on it` : 'play tongduyet load on it')
  if (!cutover || prepared.legacyDossiers === profile.legacyDossiers) return []
  return add(`the stack was started for profile "${prepared.profile}" with ${prepared.legacyDossiers} old dossiers, the steps of the run have the time for the ${profile.legacyDossiers} of "${profile.name}"`, `run with --profile ${prepared.profile}`)
}

/** A flow that meets nobody at the other end would only make failures. */
function missingSystems({ target, shown, scenarios }: Fitting): Problem[] {
  return systemsNeeded(scenarios, target.systems).flatMap(({ id, flows }): Problem[] => {
    const system = target.systems.find((candidate) => candidate.id === id)
    const where = `${shown} systems`
    const played = `the load plays ${flows.join(', ')}`
    if (!system || system.mode === 'absent') return [{ code: 'TARGET_SYSTEM_MISSING', what: `${played}, which needs "${id}"; the target has none`, where, mend: 'add the system, or use a profile without these flows' }]
    if (system.url === undefined) return [{ code: 'TARGET_SYSTEM_MISSING', what: `${played}, which needs the url of "${id}"`, where, mend: `give "${id}" its url` }]
    if (system.may?.write === false) return [{ code: 'TARGET_READ_ONLY', what: `${played}, which writes to "${id}"; it may only be read`, where, mend: `set may.write of "${id}" if that is agreed, or use a profile without these flows` }]
    return []
  })
}

function stepProblems({ target, shown, runbook }: Fitting): Problem[] {
  const may = permissionsOf(target)
  return runbook.steps.flatMap((entry): Problem[] => {
    if (isGate(entry)) return []
    const [[action, params]] = Object.entries(entry.do) as [[string, unknown]]
    const known = STEP_ACTIONS.get(action)
    if (!known?.needs) return []
    return known.needs(target, known.schema.parse(params)).flatMap((need): Problem[] => {
      const where = `${shown} systems`
      if ('missing' in need) return [{ code: 'TARGET_STEP_NOT_OFFERED', what: `step "${entry.id}" (${action}) cannot be done there: ${need.missing}`, where, mend: need.mend }]
      const system = target.systems.find(({ id }) => id === need.system)!
      if (!may.control || system.may?.control === false) {
        // What a person does is not done by the harness.
        if (system.control?.[need.act]?.by === 'confirm') return []
        return [{ code: 'TARGET_STEP_NOT_ALLOWED', what: `step "${entry.id}" (${action}) acts on "${system.id}", which the target does not allow`, where: `${shown} may.control`, mend: `set may.control if that is agreed, or let a person do it: control: { ${need.act}: { by: confirm } } of "${system.id}"` }]
      }
      if (offers(system, need.act)) return []
      return [{ code: 'TARGET_STEP_NOT_OFFERED', what: `step "${entry.id}" (${action}) cannot be done there: the target does not say how "${need.act}" is done at "${system.id}"`, where, mend: `say it: control: { ${need.act}: { by: command, run: [...] } } or by: http, or let a person do it: by: confirm` }]
    })
  })
}

function faultProblems({ target, faults }: Fitting): Problem[] {
  const may = permissionsOf(target)
  const allows = (allowed: TargetSystem['may'], id: string) => allowed?.faults === undefined || allowed.faults === 'all' || (allowed.faults as readonly string[]).includes(id)
  return faults.flatMap(({ id, params }): Problem[] => {
    const where = `--fault ${id}`
    if (!allows({ faults: may.faults }, id)) return [{ code: 'TARGET_FAULT_NOT_ALLOWED', what: `"${id}" may not be planted at the target "${target.name}"`, where, mend: may.faults === 'all' || may.faults.length === 0 ? 'add it under may.faults of the file if that is agreed' : `plant one of: ${may.faults.join(', ')}` }]
    const mends = 'plant it at a target that has it, such as --target embedded'
    const needs = FAULTS.find((fault) => fault.id === id)?.needs?.(target, params)
    // A fault that does not say what it needs knows the product's own stack only.
    if (!needs) return target.kind === 'reference' ? [] : [{ code: 'TARGET_FAULT_NOT_POSSIBLE', what: `"${id}" can be planted in the product's own stack only`, where, mend: mends }]
    return needs.flatMap(({ system: wanted, what }): Problem[] => {
      const system = target.systems.find((candidate) => candidate.id === wanted)
      if (!system || system.mode === 'absent') return [{ code: 'TARGET_FAULT_NOT_POSSIBLE', what: `"${id}" cannot be planted there: the target has no "${wanted}"`, where, mend: mends }]
      if (!allows(system.may, id)) return [{ code: 'TARGET_FAULT_NOT_ALLOWED', what: `"${id}" may not be planted at "${wanted}"`, where, mend: `add it under may.faults of "${wanted}" if that is agreed` }]
      if (what === 'admin' ? system.admin !== undefined : system.database !== undefined) return []
      return [{ code: 'TARGET_FAULT_NOT_POSSIBLE', what: `"${id}" cannot be planted there: "${wanted}" has no ${what === 'admin' ? 'administration interface' : 'database address'} in the target`, where, mend: mends }]
    })
  })
}
