/**
 * Says before the start whether this machine can carry the plan: the busiest moment's CPU need (cost of each act, measured on the whole stack,
 * times planned rate) against what its cores give, by a short calibration. Out: nothing, or MACHINE_TOO_SLOW with a time scale or, for a derived load,
 * a multiplier that fits.
 */
import { createHash } from 'node:crypto'
import type { PlannedScenario } from '../../contracts/plan.ts'
import { InputError } from '../../contracts/error.ts'
import type { Resolved, TargetKind } from './resolve.ts'

/**
 * CPU ms of all processes together for one act at REFERENCE_SPEED, from a surge to four times the national peak, 0.15 of its cores idle (`npm run bench`
 * prints the CPU of each process). Rather too little than too much: the run says itself whether it was carried. An act without a figure costs as its
 * actor's do.
 */
const COST_MS: Readonly<Record<string, number>> = {
  'citizen': 5.2, 'staff': 5.2, 'partner': 2.6,
  'login': 6.8, 'logout': 3, 'find-service': 4.5, 'submit': 6, 'pay': 12, 'staff-login': 1.5, 'process': 9, 'dossier-sync': 2.6, 'status-sync': 2.6,
}
/**
 * Requests of one act that come to an edge, as counted in its log: of a citizen one where no figure stands, of staff none, since they work behind it. On the stack in
 * containers each of them takes more: 3 ms the OWASP rules (docs/waf.md), the rest two nginx and the networks between containers (the documented night at ×100 took 1.83 cores
 * where it was played whole).
 */
const EDGE_REQUESTS: Readonly<Record<string, number>> = { 'citizen': 1, 'staff': 0, 'partner': 1, 'login': 3.1, 'find-service': 1.4, 'pay': 2.7, 'staff-login': 0, 'process': 0 }
const MORE_MS: Readonly<Record<TargetKind, number>> = { embedded: 0, containers: 4.9, file: 0 }
/** Calibration rounds per ms of the machine on which COST_MS was measured. */
const REFERENCE_SPEED = 250
/** The share of all cores the plan may take at its busiest moment: above it latencies say more about the machine than about the system. */
const USABLE_SHARE = 0.85

const SLICES = 5
const SLICE_MS = 40

/**
 * Rounds of hashing and JSON per ms of CPU on one core, the best of several slices. Not per ms on the wall: what a neighbour takes for a moment is not this
 * machine's speed, and whether the load was carried beside it the run says itself.
 */
export function measureSpeed(): number {
  return Math.max(...Array.from({ length: SLICES }, measureSlice))
}

function measureSlice(): number {
  const record = { reference: 'sync-w1.123.push.0123456789', note: 'Đăng ký khai sinh '.repeat(10), at: 1 }
  let text = JSON.stringify(record)
  const before = process.cpuUsage()
  for (let rounds = 50; ; rounds += 50) {
    for (let n = 0; n < 50; n += 1) text = JSON.stringify({ ...JSON.parse(text) as object, hash: createHash('sha256').update(text).digest('hex') })
    const { user, system } = process.cpuUsage(before)
    const spent = (user + system) / 1_000
    if (spent >= SLICE_MS) return rounds / spent
  }
}

/** Cores that the plan needs at its busiest moment, on a machine of this speed. */
export function coresNeeded(scenarios: readonly PlannedScenario[], speed: number, moreMs = 0): number {
  const moments = [...new Set(scenarios.flatMap(turningPoints))]
  const coresAt = (atMs: number) => scenarios.reduce((sum, scenario) => sum + ratePerSecond(scenario, atMs) / 1_000 * costMs(scenario, moreMs) * (REFERENCE_SPEED / speed), 0)
  return Math.max(0, ...moments.map(coresAt))
}

/** Flows that not everybody goes through count by their share. */
function costMs({ journey, actor, shares }: PlannedScenario, moreMs: number): number {
  const of = (figures: Readonly<Record<string, number>>, act: string) => figures[act] ?? figures[actor] ?? figures['citizen']!
  return journey.reduce((sum, act) => sum + (of(COST_MS, act) + of(EDGE_REQUESTS, act) * moreMs) * (shares[act] ?? 1), 0)
}

type Arrivals = Pick<PlannedScenario, 'startMs' | 'durationMs' | 'count' | 'stages'>

/** Between two of them rates run straight, so that the busiest moment is at one of them, or just before it. */
function turningPoints({ startMs, durationMs, stages }: Arrivals): number[] {
  let at = startMs
  const ends = (stages ?? [{ durationMs }]).map((stage) => (at += stage.durationMs))
  return [startMs, ...ends].flatMap((moment) => [moment - JUST_BEFORE_MS, moment])
}

const JUST_BEFORE_MS = 0.01

export function ratePerSecond({ startMs, durationMs, count, stages }: Arrivals, atMs: number): number {
  let into = atMs - startMs
  if (into < 0 || into >= durationMs) return 0
  if (!stages) return count / durationMs * 1_000
  for (const { durationMs: lasts, fromPerSecond, toPerSecond } of stages) {
    if (into < lasts) return fromPerSecond + (toPerSecond - fromPerSecond) * into / lasts
    into -= lasts
  }
  return 0
}

/** Of that cost, what the load generator itself takes: all that this machine carries where the systems are elsewhere. Rather too much. */
const GENERATOR_SHARE = 0.4

export function checkCapacity(plan: Pick<Resolved, 'scenarios' | 'timeScale' | 'profile' | 'targetKind' | 'foreign'>, machine: { cores: number; speed: number }): void {
  // A reference stack that runs by itself takes its share of this machine too.
  const kind = plan.foreign?.value.prepared?.stack ?? plan.targetKind
  const needed = coresNeeded(plan.scenarios, machine.speed, MORE_MS[kind]) * (kind === 'file' ? GENERATOR_SHARE : 1)
  const usable = machine.cores * USABLE_SHARE
  if (needed <= usable) return
  const { volume } = plan.profile
  // A derived load's rates are of the wall clock: another time scale would not lessen them.
  const [where, mend] = volume
    ? ['--multiplier', `run with --multiplier ${Math.max(0.01, Math.floor(volume.multiplier * usable / needed * 100) / 100)}`]
    : ['--time-scale', `run with --time-scale ${Math.max(1, Math.floor(plan.timeScale * usable / needed))} or --profile smoke`]
  throw new InputError([{
    code: 'MACHINE_TOO_SLOW', what: `the plan needs ${needed.toFixed(1)} cores at its busiest moment, this machine gives ${usable.toFixed(1)} (${machine.cores} cores, measured)`, where, mend,
  }])
}
