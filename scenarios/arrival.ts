/**
 * When each iteration of a scenario is meant to begin: a pure function, the same in the plan, in k6's options and in the history. In: a planned
 * scenario. Constant rate: iteration i at i/rate, as k6's constant-arrival-rate has it. Stages: when the integral of the rate reaches i + 1, as k6's
 * ramping-arrival-rate has it (its own calculation, `cal` in lib/executor/ramping_arrival_rate.go, counts the area from one).
 */
import type { RampingArrivalRateScenario } from 'k6/options'

export type Stage = { durationMs: number; fromPerSecond: number; toPerSecond: number }
export type Arrivals = { durationMs: number; count: number; stages?: readonly Stage[] | undefined }

/** Wall ms from the scenario's start to the intended start of an iteration. */
export function intendedAtMs({ durationMs, count, stages }: Arrivals, iteration: number): number {
  if (!stages) return iteration * durationMs / count
  let wanted = iteration + 1
  let startMs = 0
  for (const stage of stages) {
    const area = areaOf(stage)
    if (wanted <= area) return startMs + withinStage(stage, wanted)
    wanted -= area
    startMs += stage.durationMs
  }
  // What rounding left over belongs to the last moment.
  return startMs
}

/** Iterations that begin within a stage. */
export function areaOf({ durationMs, fromPerSecond, toPerSecond }: Stage): number { return durationMs * (fromPerSecond + toPerSecond) / 2_000 }

/** The moment at which the area from the stage's start reaches `wanted`: a·t²/2 + from·t = wanted, in the form that does not cancel out. */
function withinStage({ durationMs, fromPerSecond, toPerSecond }: Stage, wanted: number): number {
  const slope = (toPerSecond - fromPerSecond) / (durationMs / 1_000)
  const root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * wanted))
  return Math.min(durationMs, 2 * wanted / (fromPerSecond + root) * 1_000)
}

export function areaOfStages(stages: readonly Stage[]): number { return stages.reduce((sum, stage) => sum + areaOf(stage), 0) }
export function durationOf(stages: readonly Stage[]): number { return stages.reduce((sum, { durationMs }) => sum + durationMs, 0) }

/** The same shape with exactly `count` iterations in it. */
export function scaledTo(stages: readonly Stage[], count: number): Stage[] {
  const factor = count / areaOfStages(stages)
  return stages.map(({ durationMs, fromPerSecond, toPerSecond }) => ({ durationMs, fromPerSecond: fromPerSecond * factor, toPerSecond: toPerSecond * factor }))
}

/** A virtual user is busy for about so long; a burst that is shorter asks for no more of them than its iterations. */
const BUSY_MS = 2_000

/** Iterations a wall second at the busiest moment: the most that begin within BUSY_MS. */
export function busiestPerSecond(arrivals: Arrivals): number {
  if (!arrivals.stages) return arrivals.count / arrivals.durationMs * 1_000
  const starts = Array.from({ length: arrivals.count }, (_, iteration) => intendedAtMs(arrivals, iteration))
  let most = 0
  let first = 0
  starts.forEach((start, at) => {
    while (starts[first]! <= start - BUSY_MS + 0.001) first += 1
    most = Math.max(most, at - first + 1)
  })
  return most / BUSY_MS * 1_000
}

/** k6 takes whole rates only: a long unit of time makes whole numbers of fine ones (0.014 a second = 14,000 in a million seconds). */
const TIME_UNIT_S = 1_000_000

/** The stages as k6 takes them, and a tail at the mean rate: what was dropped or rounded away is played late rather than never. */
export function rampingScenario(stages: readonly Stage[], tailMs: number): Pick<RampingArrivalRateScenario, 'executor' | 'startRate' | 'timeUnit' | 'stages'> {
  const whole = (perSecond: number) => Math.round(perSecond * TIME_UNIT_S)
  const meanPerSecond = areaOfStages(stages) / durationOf(stages) * 1_000
  const all = [...stages, { durationMs: tailMs, fromPerSecond: meanPerSecond, toPerSecond: meanPerSecond }]
  return {
    executor: 'ramping-arrival-rate', startRate: whole(all[0]!.fromPerSecond), timeUnit: `${TIME_UNIT_S}s`,
    stages: all.flatMap(({ durationMs, fromPerSecond, toPerSecond }, at) => [
      // A jump is a stage without length.
      ...(at > 0 && whole(all[at - 1]!.toPerSecond) !== whole(fromPerSecond) ? [{ duration: '0s', target: whole(fromPerSecond) }] : []),
      { duration: `${durationMs}ms`, target: whole(toPerSecond) },
    ]),
  }
}
