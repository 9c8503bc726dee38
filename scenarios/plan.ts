/**
 * From profile, window and split to what k6 will play: scenarios with exact counts, and what each partner is expected to bring. The same input gives
 * the same plan. Times of the profile are clock times of the window; out come wall ms from the run's start. A profile with a volume gets its scenarios
 * by derivation (`derive/`), before those that it names itself. InputError where something cannot be planned, all of it at once.
 */
import { clockOffsetMs } from '../contracts/duration.ts'
import { InputError, type Problem } from '../contracts/error.ts'
import type { PlannedPartner, PlannedScenario } from '../contracts/plan.ts'
import type { Profile, ProfileScenario } from '../contracts/profile.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import type { Runbook } from '../contracts/runbook.ts'
import { scenarioToWallMs } from '../contracts/scenario-clock.ts'
import type { Split } from '../contracts/split.ts'
import { busiestPerSecond, durationOf, scaledTo } from './arrival.ts'
import { iterationsAmong, type Fate } from './cast/fate.ts'
import { derive } from './derive/derive.ts'
import { publishedFigures } from './derive/figures.ts'
import type { DerivationLine } from './derive/lines.ts'
import { readMix, type Mix } from './derive/mix.ts'
import { placeScenarios, type PlacedScenario } from './derive/place.ts'
import { curveStages } from './derive/volume.ts'
import { flowOf, mainFlowOf } from './flows/index.ts'
import { dataProblems } from './plan-data.ts'
import { mistakesOf } from './plan-mistakes.ts'
import { derivedPartners, planPartners, pushesOf, type PlannablePartner } from './plan-partners.ts'
import { sizeVUs } from './size-vus.ts'

export type PlanInput = {
  profile: Profile
  window: Pick<Runbook['window'], 'start' | 'end'>
  timeScale: number
  split: Split
  unfinished: Runbook['unfinished']
  /** Decides what happens to dossiers, thereby how many of them an officer handles: needed for a volume and for `among`. */
  seed?: number
  /** The one that the profile's volume names, by default read from its file. */
  mix?: Mix
  /** k6 processes that share the load. */
  workers?: number
  /** Those of the split by default, all simulated. An absent partner pushes nothing; what is expected of it stays. */
  partners?: readonly PlannablePartner[]
}

export type PlannedLoad = { scenarios: PlannedScenario[]; partners: PlannedPartner[]; durationMs: number; derivation: DerivationLine[] }

/** k6 refuses shorter arrival-rate scenarios. */
const MIN_DURATION_MS = 1_000
/** Phases that criteria speak of are intervals of the profile; what is derived runs through all of them. */
const DERIVED_PHASE = 'load'

export function planScenarios(input: PlanInput): PlannedLoad {
  const { profile, window, timeScale, split, unfinished, partners = PARTNERS, workers = 1 } = input
  const durationMs = Math.round(scenarioToWallMs(clockOffsetMs(window.start, window.end), timeScale))
  const derived = deriveLoad(input)
  const planned = derived
    ? derivedPartners(derived.scenarios.flatMap((scenario) => scenario.partners ?? []), partners)
    : planPartners(split, partners, unfinished, profile.splitScale)
  const problems: Problem[] = []
  const scenarios: PlannedScenario[] = []
  for (const scenario of derived?.scenarios ?? []) {
    const one = planDerived(withoutAbsent(scenario, planned), workers)
    if (one.startMs + one.durationMs > durationMs) {
      problems.push({
        code: 'TIMES_OUTSIDE_WINDOW', what: `derived scenario "${one.name}" ends ${Math.ceil((one.startMs + one.durationMs - durationMs) / 1_000)} s (wall clock) after the window ${window.start} to ${window.end}`,
        where: `profile "${profile.name}" volume.curve`, mend: 'end the curve earlier or the window later, so that what was submitted last can be handled',
      })
    }
    if (one.count > 0) scenarios.push(one)
  }
  for (const scenario of profile.scenarios) {
    const mistakes = mistakesOf(scenario)
    const startMs = scenarioToWallMs(clockOffsetMs(window.start, scenario.from), timeScale)
    const lastsMs = scenarioToWallMs(clockOffsetMs(scenario.from, scenario.to), timeScale)
    if (lastsMs < MIN_DURATION_MS) {
      mistakes.push({
        what: `lasts ${Math.round(lastsMs)} ms at time scale ${timeScale}; k6 needs at least ${MIN_DURATION_MS} ms`,
        mend: `give it more time, or a time scale of at most ${Math.floor(timeScale * lastsMs / MIN_DURATION_MS)}`,
      })
    }
    problems.push(...mistakes.map(({ what, mend }) => ({
      code: 'SCENARIO_NOT_PLANNABLE', what: `scenario "${scenario.name}" ${what}`, where: `profile "${profile.name}" scenarios.${scenario.name}`, mend,
    })))
    if (mistakes.length > 0) continue
    const pushes = pushesOf(scenario, planned)
    const count = pushes ? pushes.reduce((sum, { count: one }) => sum + one, 0) : countOf(scenario, scenarios, input)
    if (count === 0) continue
    const shape = scenario.curve && scaledTo(curveStages(scenario.curve, { start: scenario.from, end: scenario.to }, timeScale, 1).stages, count)
    const lasting = shape ? durationOf(shape) : Math.round(lastsMs)
    scenarios.push({
      name: scenario.name, journey: scenario.journey, steps: stepsOf(scenario), actor: scenario.actor, phase: scenario.phase,
      startMs: Math.round(startMs), durationMs: lasting, count, ...sizeVUs(scenario, busiestPerSecond({ durationMs: lastsMs, count, stages: shape }), workers), shares: scenario.shares,
      ...(pushes && { partners: pushes }), ...(scenario.dossiersOf !== undefined && { dossiersOf: scenario.dossiersOf }), ...(scenario.among !== undefined && { among: scenario.among }),
      ...(shape && { stages: shape }),
    })
  }
  problems.push(...dataProblems(scenarios, profile.name))
  if (problems.length > 0) throw new InputError(problems)
  return { scenarios, partners: planned, durationMs, derivation: derived?.lines ?? [] }
}

function deriveLoad({ profile, window, timeScale, seed, mix: given }: PlanInput): { scenarios: PlacedScenario[]; lines: DerivationLine[] } | undefined {
  if (!profile.volume) return undefined
  if (seed === undefined) throw new Error(`profile "${profile.name}" cannot be planned without a seed: it decides what happens to dossiers`)
  const mix = given ?? readMix(profile.volume.mix, `profile "${profile.name}" volume.mix`)
  const { scenarios, lines } = derive({ profile, mix, figures: publishedFigures(), window, timeScale })
  return { scenarios: placeScenarios(scenarios, seed), lines }
}

function planDerived({ name, journey, actor, startMs, stages, count, shares, partners, dossiersOf, among }: PlacedScenario, workers: number): PlannedScenario {
  const arrivals = { durationMs: durationOf(stages), count, stages: scaledTo(stages, Math.max(1, count)) }
  return {
    name, journey, steps: stepsOf({ journey }), actor, phase: DERIVED_PHASE, startMs, ...arrivals, ...sizeVUs({ actor, journey, among }, busiestPerSecond(arrivals), workers), shares,
    ...(partners && { partners }), ...(dossiersOf !== undefined && { dossiersOf }), ...(among !== undefined && { among }),
  }
}

function withoutAbsent(scenario: PlacedScenario, planned: readonly PlannedPartner[]): PlacedScenario {
  if (!scenario.partners) return scenario
  const partners = scenario.partners.filter(({ id }) => planned.find((partner) => partner.id === id)?.mode !== 'absent')
  return { ...scenario, partners, count: partners.reduce((sum, { count }) => sum + count, 0) }
}

function countOf(scenario: ProfileScenario, earlier: readonly PlannedScenario[], { profile, seed }: PlanInput): number {
  const origin = earlier.find((candidate) => candidate.name === scenario.dossiersOf)
  if (scenario.among !== undefined) {
    if (seed === undefined) throw new Error(`profile "${profile.name}" cannot be planned without a seed: it decides what happens to dossiers`)
    return origin ? iterationsAmong(seed, origin, scenario.among as Fate).length : 0
  }
  const count = scenario.count!
  if (scenario.actor !== 'partner') return count
  // At most two status pushes a dossier (`assign.ts`), one where all say the same; a wave without dossiers has none.
  return Math.min(count, (scenario.shares['done'] === undefined ? 2 : 1) * (origin?.count ?? 0))
}

function stepsOf({ journey }: Pick<ProfileScenario, 'journey'>): PlannedScenario['steps'] {
  return journey.flatMap((id) => flowOf(id).steps.map((step) => ({ flow: mainFlowOf(flowOf(id)), ...step })))
}
