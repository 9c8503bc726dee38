/**
 * Where an iteration's dossier came from: a follow-up (`dossiersOf`) handles what an earlier scenario's iteration made, its i-th one, or the i-th of
 * those with the fate `among`. Pure, so officers, citizens and partners agree on whose dossier it is without asking each other. In: the load plan.
 */
import { assignStatus } from '../assign.ts'
import { scenarioOf, type LoadPlan, type LoadScenario } from '../load-plan.ts'
import { FATES, iterationsAmong, type Fate } from './fate.ts'

/** Iterations of the earlier scenario with the fate of `among`, in order; in k6 looked up in a table shared between virtual users. */
export type Among = (scenario: string) => ArrayLike<number>
export type Origin = { scenario: LoadScenario; iteration: number }

/** The iteration that made the dossier; the iteration itself where it makes one. */
export function originOf(load: LoadPlan, scenario: LoadScenario, iteration: number, among: Among): Origin {
  if (scenario.dossiersOf === undefined) return { scenario, iteration }
  if (asked?.scenario === scenario && asked.iteration === iteration && asked.load === load && asked.among === among) return asked.origin
  const earlier = scenarioOf(load, scenario.dossiersOf)
  const origin = originOf(load, earlier, placeOf(scenario, earlier, iteration, among), among)
  asked = { load, scenario, iteration, among, origin }
  return origin
}

/** An iteration's casting asks for it several times, and taking a place out of a shared table costs k6 15 µs. */
let asked: { load: LoadPlan; scenario: LoadScenario; iteration: number; among: Among; origin: Origin } | undefined

function placeOf(scenario: LoadScenario, earlier: LoadScenario, iteration: number, among: Among): number {
  if (earlier.partners) return assignStatus(iteration, scenario.count, earlier.count, scenario.shares['done']).dossierIteration
  if (scenario.among === undefined) return Math.floor(iteration * earlier.count / scenario.count)
  const iterations = among(scenario.name)
  if (iterations.length === 0) throw new RangeError(`scenario "${scenario.name}": no dossier of "${earlier.name}" has the fate "${scenario.among}"`)
  return iterations[Math.floor(iteration * iterations.length / scenario.count)]!
}

/** The table behind `Among` for one scenario; empty where it names no fate. */
export function amongOf(load: LoadPlan, scenario: LoadScenario): number[] {
  if (scenario.among === undefined || scenario.dossiersOf === undefined) return []
  if (!(FATES as readonly string[]).includes(scenario.among)) throw new RangeError(`scenario "${scenario.name}": no fate "${scenario.among}", only ${FATES.join(', ')}`)
  return iterationsAmong(load.seed, scenarioOf(load, scenario.dossiersOf), scenario.among as Fate)
}
