/**
 * Places follow-ups on the clock: which dossiers they handle follows from the seed, when from the moments at which whoever was before them was meant to
 * act. A follow-up comes one lag after the dossiers that it handles were made, the least lag at which none of its iterations is meant to begin
 * before its dossier's turn; its stages keep to the pace at which those dossiers came. Pure. In: derived scenarios in an order in which `after` stands before. Out: all with times.
 */
import { durationOf, intendedAtMs, type Stage } from '../arrival.ts'
import { assignStatus } from '../assign.ts'
import { FATES, iterationsAmong, type Fate } from '../cast/fate.ts'
import type { DerivedScenario } from './derive.ts'

export type PlacedScenario = DerivedScenario & { startMs: number; stages: Stage[]; count: number }

const LEVELS = 60
/** Shorter stages would be jumps that k6's clock does not see. */
const MIN_LEVEL_MS = 50
/** k6 refuses arrival-rate scenarios below a second. */
const MIN_DURATION_MS = 1_000
/** Of the first arrival from the start, at most: a rare follow-up need not begin long before. */
const MAX_LEAD_MS = 1_000

export function placeScenarios(derived: readonly DerivedScenario[], seed: number): PlacedScenario[] {
  const placed = new Map<string, PlacedScenario>()
  /** When a scenario was meant to act on the dossier of an iteration, by the iteration that made it. */
  const moments = new Map<string, Map<number, number>>()
  for (const scenario of derived) {
    const one = scenario.startMs !== undefined && scenario.stages && scenario.count !== undefined
      ? { ...scenario, startMs: scenario.startMs, stages: scenario.stages, count: scenario.count }
      : followUp(scenario, placed, moments, seed)
    if (!one) continue
    placed.set(scenario.name, one)
    const dossiers = dossiersOf(one, placed, seed)
    moments.set(scenario.name, new Map(dossiers.map((dossier, iteration) => [dossier, one.startMs + intendedAtMs(arrivalsOf(one), iteration)])))
  }
  return [...placed.values()]
}

/** Undefined where no dossier has the fate. */
function followUp(scenario: DerivedScenario, placed: ReadonlyMap<string, PlacedScenario>, moments: ReadonlyMap<string, ReadonlyMap<number, number>>, seed: number): PlacedScenario | undefined {
  const origin = placed.get(scenario.dossiersOf!)
  if (!origin) return undefined
  const count = scenario.among === undefined ? scenario.count! : iterationsAmong(seed, origin, fateOf(scenario.among)).length
  if (count === 0) return undefined
  const dossiers = dossiersOf({ ...scenario, count }, placed, seed)
  const gapMs = scenario.gapMs ?? 0
  const made = moments.get(scenario.dossiersOf!)!
  const before = (scenario.after ?? []).map((name) => moments.get(name))
  const turns = dossiers.map((dossier) => gapMs + Math.max(made.get(dossier)!, ...before.map((of) => of?.get(dossier) ?? 0)))
  const { startMs, stages } = levelsThrough(dossiers.map((dossier) => made.get(dossier)!))
  const unlagged = { durationMs: durationOf(stages), count, stages }
  const lagMs = turns.reduce((most, turn, iteration) => Math.max(most, turn - startMs - intendedAtMs(unlagged, iteration)), 0)
  return { ...scenario, count, startMs: Math.ceil(startMs + lagMs), stages }
}

/** The iteration of the earlier scenario that made each iteration's dossier, in order. */
function dossiersOf(scenario: DerivedScenario & { count: number }, placed: ReadonlyMap<string, PlacedScenario>, seed: number): number[] {
  const origin = scenario.dossiersOf === undefined ? undefined : placed.get(scenario.dossiersOf)
  if (!origin) return Array.from({ length: scenario.count }, (_, iteration) => iteration)
  if (scenario.among !== undefined) return iterationsAmong(seed, origin, fateOf(scenario.among))
  return Array.from({ length: scenario.count }, (_, iteration) => origin.partners
    ? assignStatus(iteration, scenario.count, origin.count, scenario.shares['done']).dossierIteration
    : Math.floor(iteration * origin.count / scenario.count))
}

/** Constant rates that pass through every so-manieth of the moments: the last arrival of a level comes exactly at its moment. */
function levelsThrough(due: readonly number[]): { startMs: number; stages: Stage[] } {
  const perLevel = Math.ceil(due.length / LEVELS)
  const spread = due.at(-1)! - due[0]!
  const meanGapMs = Math.max(spread / Math.max(1, due.length - 1), MIN_LEVEL_MS)
  const startMs = Math.round(due[0]! - Math.min(meanGapMs, MAX_LEAD_MS))
  const stages: Stage[] = []
  let fromMs = startMs
  for (let first = 0; first < due.length; first += perLevel) {
    const end = Math.min(due.length, first + perLevel)
    const atEnd = end === due.length
    const durationMs = Math.max(MIN_LEVEL_MS, Math.round(due[end - 1]! - fromMs), atEnd ? MIN_DURATION_MS - (fromMs - startMs) : 0)
    const rate = (end - first) / durationMs * 1_000
    stages.push({ durationMs, fromPerSecond: rate, toPerSecond: rate })
    fromMs += durationMs
  }
  return { startMs, stages }
}

function arrivalsOf({ stages, count }: PlacedScenario) { return { durationMs: durationOf(stages), count, stages } }

function fateOf(name: string): Fate {
  const fate = FATES.find((candidate) => candidate === name)
  if (!fate) throw new Error(`no fate "${name}"`)
  return fate
}
