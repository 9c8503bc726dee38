/** Plays a plan from beginning to end, and what must hold of its history however badly the systems behave. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { KINDS } from '../../contracts/kinds.ts'
import { deriveOp, parseOp } from '../../contracts/op.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Plan } from '../../contracts/plan.ts'
import type { Target } from '../../contracts/target.ts'
import { amongOf, originOf } from '../cast/origin.ts'
import { loadPlanOf, scenarioOf, type LoadPlan } from '../load-plan.ts'
import type { K6End } from '../run-k6.ts'
import { smallPlan } from './plan.ts'
import { setStage } from './play.ts'
import { playSystems, type Disturb, type PlayedSystems } from './systems.ts'

export type Played = { systems: PlayedSystems; plan: Plan; lines: OperationLine[]; end: K6End }

export async function play({ servedBy = 'portal', disturb, planOf = smallPlan, seed = 7 }: {
  servedBy?: 'portal' | 'legacy'; disturb?: Disturb; planOf?: (target: Target, options: { seed: number }) => Plan; seed?: number
} = {}): Promise<Played> {
  const systems = await playSystems({ servedBy, ...(disturb && { disturb }) })
  const plan = planOf(systems.target, { seed })
  const stage = await setStage(plan)
  try {
    await stage.run.started
    const end = await stage.run.finished
    return { systems, plan, lines: await stage.history(), end }
  } finally {
    await systems.close()
    await stage.remove()
  }
}

export const ops = (lines: readonly OperationLine[]) => lines.map(({ op }) => op).toSorted()
export const storedOps = ({ systems }: Played) => Object.values(systems.stored).flatMap((records) => [...records.keys()])
export const isStored = ({ kind }: OperationLine) => KINDS[kind].effect === 'write'

export function expectWholeHistory({ systems, plan, lines, end }: Played): void {
  const load = loadPlanOf(plan)
  expect(new Set(ops(lines)).size).toBe(lines.length)
  expect(end.summary).toMatchObject({ history_lines: lines.length, dropped_iterations: 0 })
  expect(end).toMatchObject({ failedWrites: 0, signal: null })
  for (const { op, trace, step, kind, flow, intendedAt, invokedAt, completedAt } of lines) {
    const parts = parseOp(op)!
    const scenario = plan.scenarios.find(({ name }) => name === parts.scenario)!
    expect(op).toBe(deriveOp(sha256, plan.seed, parts.scenario, parts.iteration, step))
    expect(trace).toBe(traceOf(load, parts.scenario, parts.iteration))
    expect(parts.iteration).toBeLessThan(scenario.count)
    expect(scenario.steps).toContainEqual({ flow, step, kind })
    expect(invokedAt).toBeLessThanOrEqual(completedAt)
    expect(intendedAt).toBeLessThanOrEqual(invokedAt + 2)
  }
  // Each planned iteration left at least its first step; each request that could have changed anything belongs to a line.
  const played = new Set(lines.map(({ op }) => { const { scenario, iteration } = parseOp(op)!; return `${scenario}.${iteration}` }))
  for (const { name, count } of plan.scenarios) for (let iteration = 0; iteration < count; iteration += 1) expect(played).toContain(`${name}.${iteration}`)
  const written = new Set(ops(lines))
  for (const { op, path } of systems.seen) if (op !== '' && !path.startsWith('/staff/v1/dossiers?')) expect(written).toContain(op)
}

/** Of the iteration that made the dossier, over all actors that handle it. */
function traceOf(load: LoadPlan, scenario: string, iteration: number): string {
  const origin = originOf(load, scenarioOf(load, scenario), iteration, (name) => amongOf(load, scenarioOf(load, name)))
  return `${origin.scenario.name}.${origin.iteration}`
}

function sha256(text: string): string { return createHash('sha256').update(text).digest('hex') }
