/**
 * From profile, window and split to what k6 will play: scenarios with exact counts, and what each partner is expected to bring. Pure.
 * Times of the profile are clock times of the window; out come wall ms from the run's start. InputError where a scenario cannot be planned.
 */
import { clockOffsetMs } from '../contracts/duration.ts'
import { suggest } from '../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../contracts/error.ts'
import type { PlannedPartner, PlannedScenario } from '../contracts/plan.ts'
import type { Profile, ProfileScenario } from '../contracts/profile.ts'
import { PARTNERS, type Partner } from '../contracts/reference/partners.ts'
import type { Runbook } from '../contracts/runbook.ts'
import { scenarioToWallMs } from '../contracts/scenario-clock.ts'
import type { Split } from '../contracts/split.ts'
import type { SystemMode } from '../contracts/target.ts'
import { FLOW_IDS, flowOf, mainFlowOf } from './flows/index.ts'
import { scaleCounts } from './scale-counts.ts'
import { sizeVUs } from './size-vus.ts'

export type PlanInput = {
  profile: Profile
  window: Runbook['window']
  timeScale: number
  split: Split
  unfinished: Runbook['unfinished']
  /** Those of the split by default, all simulated. An absent partner pushes nothing; what is expected of it stays. */
  partners?: readonly (Partner & { mode?: SystemMode })[]
}

export type PlannedLoad = { scenarios: PlannedScenario[]; partners: PlannedPartner[]; durationMs: number }

/** k6 refuses shorter arrival-rate scenarios. */
const MIN_DURATION_MS = 1_000

export function planScenarios({ profile, window, timeScale, split, unfinished, partners = PARTNERS }: PlanInput): PlannedLoad {
  const planned = planPartners(split, partners, unfinished, profile.splitScale)
  const problems: Problem[] = []
  const scenarios: PlannedScenario[] = []
  for (const scenario of profile.scenarios) {
    const mistakes = mistakesOf(scenario)
    const startMs = scenarioToWallMs(clockOffsetMs(window.start, scenario.from), timeScale)
    const durationMs = scenarioToWallMs(clockOffsetMs(scenario.from, scenario.to), timeScale)
    if (durationMs < MIN_DURATION_MS) {
      mistakes.push({
        what: `lasts ${Math.round(durationMs)} ms at time scale ${timeScale}; k6 needs at least ${MIN_DURATION_MS} ms`,
        mend: `give it more time, or a time scale of at most ${Math.floor(timeScale * durationMs / MIN_DURATION_MS)}`,
      })
    }
    problems.push(...mistakes.map(({ what, mend }) => ({
      code: 'SCENARIO_NOT_PLANNABLE', what: `scenario "${scenario.name}" ${what}`, where: `profile "${profile.name}" scenarios.${scenario.name}`, mend,
    })))
    if (mistakes.length > 0) continue
    const pushes = pushesOf(scenario, planned)
    const count = pushes ? pushes.reduce((sum, { count: one }) => sum + one, 0) : countOf(scenario, scenarios)
    if (count === 0) continue
    scenarios.push({
      name: scenario.name, journey: scenario.journey, steps: stepsOf(scenario), actor: scenario.actor, phase: scenario.phase,
      startMs: Math.round(startMs), durationMs: Math.round(durationMs), count, ...sizeVUs(scenario, count / durationMs * 1_000), shares: scenario.shares,
      ...(pushes && { partners: pushes }), ...(scenario.dossiersOf !== undefined && { dossiersOf: scenario.dossiersOf }),
    })
  }
  if (problems.length > 0) throw new InputError(problems)
  return { scenarios, partners: planned, durationMs: Math.round(scenarioToWallMs(clockOffsetMs(window.start, window.end), timeScale)) }
}

function planPartners(split: Split, partners: NonNullable<PlanInput['partners']>, unfinished: Runbook['unfinished'], scale: number): PlannedPartner[] {
  const counts = scaleCounts(split.partners.map((entry) => entry.count), scale)
  const held = scaleCounts(unfinished.map((entry) => entry.outstanding), scale)
  return split.partners.map((entry, at) => {
    const partner = partners.find((candidate) => candidate.id === entry.id)
    if (!partner) throw new InputError([{ code: 'PARTNER_UNKNOWN', what: `the split names partner "${entry.id}", which nobody knows`, where: `split "${split.name}"`, mend: 'use an id of contracts/reference/partners.ts' }])
    const outstanding = unfinished.reduce((sum, { partner: id }, of) => sum + (id === entry.id ? held[of]! : 0), 0)
    return { id: partner.id, unitCode: partner.unitCode, title: partner.title, mode: partner.mode ?? 'simulated', wave: entry.wave, expected: counts[at]! + outstanding, outstanding }
  })
}

/** Dossier pushes per partner: a wave of the split, or, without wave and count, what unfinished partners hold back. Undefined for other scenarios. */
function pushesOf(scenario: ProfileScenario, partners: readonly PlannedPartner[]): PlannedScenario['partners'] | undefined {
  if (!isDossierPush(scenario)) return undefined
  const present = partners.filter((partner) => partner.mode !== 'absent' && (scenario.wave === undefined || partner.wave === scenario.wave))
  return present
    .map(({ id, unitCode, expected, outstanding }) => ({ id, unitCode, count: scenario.wave === undefined ? outstanding : expected - outstanding }))
    .filter(({ count }) => count > 0)
}

function countOf(scenario: ProfileScenario, earlier: readonly PlannedScenario[]): number {
  const count = scenario.count!
  if (scenario.actor !== 'partner') return count
  // At most two status pushes a dossier (`assign.ts`); a wave without dossiers has none.
  return Math.min(count, 2 * (earlier.find((candidate) => candidate.name === scenario.dossiersOf)?.count ?? 0))
}

function stepsOf(scenario: ProfileScenario): PlannedScenario['steps'] {
  return scenario.journey.flatMap((id) => flowOf(id).steps.map((step) => ({ flow: mainFlowOf(flowOf(id)), ...step })))
}

type Mistake = Pick<Problem, 'what' | 'mend'>

function mistakesOf(scenario: ProfileScenario): Mistake[] {
  const mistakes: Mistake[] = []
  const mistake = (what: string, mend: string) => { mistakes.push({ what, mend }) }
  const flows = scenario.journey.map((id) => (FLOW_IDS.includes(id) ? flowOf(id) : undefined))
  scenario.journey.forEach((id, at) => {
    const actor = flows[at]?.actor
    if (actor === undefined) mistake(`names flow "${id}", which is not known`, suggest(id, FLOW_IDS))
    else if (actor !== scenario.actor) mistake(`lets a ${scenario.actor} play flow "${id}", which is a ${actor}'s`, `set actor: ${actor}, or take another flow`)
    if (scenario.journey.indexOf(id) !== at) mistake(`plays flow "${id}" twice: its operations would have the same names`, 'name it once, or make a second scenario')
  })
  const pushes = isDossierPush(scenario)
  if (pushes && scenario.count !== undefined) mistake('gives a count for dossier-sync: the split gives it', 'leave count out and name a wave')
  if (pushes && scenario.dossiersOf !== undefined) mistake('gives dossiersOf for dossier-sync: it takes new dossiers', 'leave dossiersOf out')
  if (!pushes && scenario.count === undefined) mistake('has no count', 'say how many iterations it has')
  if (scenario.journey.includes('status-sync') && scenario.dossiersOf === undefined) mistake('needs dossiersOf for status-sync', 'name the scenario whose dossiers are reported on')
  return mistakes
}

function isDossierPush(scenario: ProfileScenario): boolean { return scenario.journey.includes('dossier-sync') }
