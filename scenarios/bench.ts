/**
 * What the history costs: CPU of k6 for the same pushes with and without lines, against played systems, in turn (with, without, without, with) so
 * that a machine that slows down or speeds up does not decide. Out: CPU ms per iteration of both and their ratio.
 */
import type { Plan } from '../contracts/plan.ts'
import { measureK6 } from './playground/measure.ts'
import { smallPlan } from './playground/plan.ts'
import { playSystems } from './playground/systems.ts'

const PUSHES = 3_000
const DURATION_MS = 8_000
const VUS = 60
const ORDER = [true, false, false, true]

export type HistoryCost = { iterations: number; cpuMsWith: number; cpuMsWithout: number; ratio: number }

export async function benchHistory(k6Path: string): Promise<HistoryCost> {
  const systems = await playSystems()
  try {
    const cost = { with: { cpuMs: 0, iterations: 0 }, without: { cpuMs: 0, iterations: 0 } }
    for (const withHistory of ORDER) {
      const sum = cost[withHistory ? 'with' : 'without']
      const { cpuMs, iterations } = await measure(k6Path, pushes(smallPlan(systems.target)), withHistory)
      sum.cpuMs += cpuMs
      sum.iterations += iterations
    }
    const cpuMsWith = cost.with.cpuMs / cost.with.iterations
    const cpuMsWithout = cost.without.cpuMs / cost.without.iterations
    const rounded = (value: number) => Number(value.toFixed(3))
    return {
      iterations: cost.with.iterations + cost.without.iterations,
      cpuMsWith: rounded(cpuMsWith), cpuMsWithout: rounded(cpuMsWithout), ratio: rounded(cpuMsWith / cpuMsWithout),
    }
  } finally { await systems.close() }
}

function pushes(plan: Plan): Plan {
  const [wave] = plan.scenarios.filter(({ name }) => name === 'sync-w1')
  const [first, ...others] = wave!.partners!
  const rest = others.reduce((sum, { count }) => sum + count, 0)
  return { ...plan, scenarios: [{ ...wave!, count: PUSHES, durationMs: DURATION_MS, preAllocatedVUs: VUS, maxVUs: VUS * 2, partners: [{ ...first!, count: PUSHES - rest }, ...others] }] }
}

/** Iterations that a busy machine dropped do not count. */
async function measure(k6Path: string, plan: Plan, withHistory: boolean): Promise<{ cpuMs: number; iterations: number }> {
  const { cpuMs, end: { summary } } = await measureK6(plan, { k6Path, withoutHistory: !withHistory })
  if (!summary) throw new Error('k6 ended without its counters: nothing was measured')
  return { cpuMs, iterations: summary.iterations - summary.surplus_iterations }
}
