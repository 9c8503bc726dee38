/** Puts a file of behaviours to the partners that are served; what does not fit any of them is told, all of it at once, with its place in the file. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Behaviour } from '../../contracts/api/behaviour.ts'
import type { BehavioursFile } from '../../contracts/partner-api/behaviours-file.ts'
import type { Simulator } from '../../mocks/simulator.ts'
import type { Loaded } from '../documents/yaml-document.ts'
import type { Listed } from './listing.ts'

export function applyBehaviours({ value, place }: Loaded<BehavioursFile>, listing: readonly Listed[], simulators: ReadonlyMap<string, Simulator>): void {
  const problems: Problem[] = []
  const chosen = new Map<string, Behaviour[]>()
  for (const [name, behaviours] of Object.entries(value.partners)) {
    const targets = targetsOf(name, listing)
    if (targets.length === 0) {
      problems.push({ code: 'PARTNER_UNKNOWN', what: `no partner or role "${name}" is served`, where: place(['partners', name]), mend: suggest(name, ['*', ...new Set(listing.flatMap(({ id, role }) => [role, id]))]) })
    }
    for (const [i, behaviour] of behaviours.entries()) {
      const refusals = targets.map((id) => ({ id, problems: problemsAt(simulators.get(id)!, behaviour) }))
      const fitting = refusals.filter((one) => one.problems.length === 0)
      for (const { id } of fitting) chosen.set(id, [...chosen.get(id) ?? [], behaviour])
      if (fitting.length === 0 && refusals[0]) problems.push(...refusals[0].problems.map((problem) => ({ ...problem, where: place(['partners', name, i]) })))
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  for (const [id, behaviours] of chosen) simulators.get(id)!.endpoint.behave(behaviours)
}

/** To the partners that it fits; told where it fits none. */
export function behaveEverywhere(behaviours: readonly Behaviour[], simulators: readonly Simulator[]): { behaviours: number; partners: number } {
  const problems = behaviours.flatMap((behaviour) => {
    const refused = simulators.map((simulator) => problemsAt(simulator, behaviour))
    return refused.every((one) => one.length > 0) ? refused[0] ?? [] : []
  })
  if (problems.length > 0) throw new InputError(problems)
  for (const simulator of simulators) simulator.endpoint.behave(behaviours.filter((behaviour) => problemsAt(simulator, behaviour).length === 0))
  return { behaviours: behaviours.length, partners: simulators.length }
}

function targetsOf(name: string, listing: readonly Listed[]): string[] {
  return listing.filter(({ id, role }) => name === '*' || id === name || role === name || id === `partner-${name}`).map(({ id }) => id)
}

function problemsAt(simulator: Simulator, behaviour: Behaviour): Problem[] {
  return simulator.endpoint.behaviours?.problems([behaviour]) ?? []
}
