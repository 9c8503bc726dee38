/**
 * Says before the start whether this machine can carry the plan: the busiest moment's CPU need (cost per iteration, measured on the whole stack,
 * times planned rate) against what its cores give, by a short calibration. Out: nothing, or MACHINE_TOO_SLOW with a time scale that fits.
 */
import { createHash } from 'node:crypto'
import type { PlannedScenario } from '../../contracts/plan.ts'
import { InputError } from '../../contracts/error.ts'

/**
 * CPU ms of all processes together for one iteration at REFERENCE_SPEED: a default night took 1.65 cores with 330 dossier pushes, 43 status pushes
 * and 6 citizens' journeys a second, 0.13 of them idle (`npm run bench` prints the CPU of each process).
 */
const COST_MS = { partner: 3.4, citizen: 40, staff: 15 } as const
/** Calibration rounds per ms of the machine on which COST_MS was measured. */
const REFERENCE_SPEED = 250
/** The share of all cores the plan may take at its busiest moment: above it latencies say more about the machine than about the system. */
const USABLE_SHARE = 0.85

const SLICES = 5
const SLICE_MS = 40

/** Rounds of hashing and JSON per ms on one core: the best of several slices, because a neighbour's burst is not this machine's speed. */
export function measureSpeed(): number {
  return Math.max(...Array.from({ length: SLICES }, measureSlice))
}

function measureSlice(): number {
  const record = { reference: 'sync-w1.123.push.0123456789', note: 'Đăng ký khai sinh '.repeat(10), at: 1 }
  let text = JSON.stringify(record)
  const startedAt = performance.now()
  for (let rounds = 50; ; rounds += 50) {
    for (let n = 0; n < 50; n += 1) text = JSON.stringify({ ...JSON.parse(text) as object, hash: createHash('sha256').update(text).digest('hex') })
    const spent = performance.now() - startedAt
    if (spent >= SLICE_MS) return rounds / spent
  }
}

/** Cores that the plan needs at its busiest moment, on a machine of this speed. */
export function coresNeeded(scenarios: readonly PlannedScenario[], speed: number): number {
  const loads = scenarios.map((scenario) => ({
    from: scenario.startMs, to: scenario.startMs + scenario.durationMs,
    cores: (scenario.count / scenario.durationMs) * (COST_MS[scenario.actor as keyof typeof COST_MS] ?? COST_MS.citizen) * (REFERENCE_SPEED / speed),
  }))
  return Math.max(0, ...loads.map(({ from }) => loads.filter((load) => load.from <= from && from < load.to).reduce((sum, load) => sum + load.cores, 0)))
}

export function checkCapacity(plan: { scenarios: readonly PlannedScenario[]; timeScale: number }, machine: { cores: number; speed: number }): void {
  const needed = coresNeeded(plan.scenarios, machine.speed)
  const usable = machine.cores * USABLE_SHARE
  if (needed <= usable) return
  const fitting = Math.max(1, Math.floor(plan.timeScale * usable / needed))
  throw new InputError([{
    code: 'MACHINE_TOO_SLOW',
    what: `the plan needs ${needed.toFixed(1)} cores at its busiest moment, this machine gives ${usable.toFixed(1)} (${machine.cores} cores, measured)`,
    where: '--time-scale',
    mend: `run with --time-scale ${fitting} or --profile smoke`,
  }])
}
