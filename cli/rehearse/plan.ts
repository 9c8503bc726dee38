/** Builds `plan.json`: everything decided before the start, and its hash. Says nothing about faults; passwords in database addresses are left out. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { parseDurationMs } from '../../contracts/duration.ts'
import { Plan } from '../../contracts/plan.ts'
import { BOUND_NAMES } from '../../contracts/profile.ts'
import { entryId, isGate } from '../../contracts/runbook.ts'
import { boundWallMs } from '../../contracts/scenario-clock.ts'
import type { Target } from '../../contracts/target.ts'
import type { Resolved } from './resolve.ts'

export type PlanSurroundings = { runId: string; createdAt: number; target: Target; workers: readonly string[]; workerParts?: Plan['workerParts'] | undefined; versions: Record<string, string> }

export function buildPlan(resolved: Resolved, { runId, createdAt, target, workers, workerParts, versions }: PlanSurroundings): Plan {
  const { runbook, profile, timeScale } = resolved
  const rest: Omit<Plan, 'planHash'> = {
    v: 1, runId, createdAt, seed: resolved.seed, timeScale, scenarioStartMs: resolved.scenarioStartMs, durationMs: resolved.durationMs,
    runbook, profile, target: withoutSecrets(target), scenarios: resolved.scenarios, partners: resolved.partners,
    boundsWallMs: Object.fromEntries(BOUND_NAMES.map((name) => [name, boundWallMs(parseDurationMs(profile.bounds[name])!, timeScale)])) as Plan['boundsWallMs'],
    criteria: [
      ...runbook.steps.map((entry) => ({
        id: isGate(entry) ? `gate.${entryId(entry)}` : `step.${entryId(entry)}`,
        expected: isGate(entry) ? { vi: entry.asks.join('; '), en: entry.asks.join('; ') } : { vi: entry.doneWhen.join('; '), en: entry.doneWhen.join('; ') },
      })),
      ...runbook.steadyState.map((condition) => ({ id: `steady.${condition}`, expected: { vi: condition, en: condition } })),
      ...profile.criteria.map((criterion) => ({ id: `load.${criterion}`, expected: { vi: criterion, en: criterion } })),
    ],
    assumptions: resolved.assumptions, ...(resolved.derivation.length > 0 && { derivation: resolved.derivation }), ...(resolved.handTests && { handTests: { rows: resolved.handTests.lines.length, sha256: resolved.handTests.sha256 } }), workers: [...workers], ...(workerParts && { workerParts: { ...workerParts } }), versions,
  }
  return Plan.parse({ ...rest, planHash: createHash('sha256').update(canonicalJson(rest)).digest('hex') })
}

function withoutSecrets(target: Target): Target {
  return { ...target, systems: target.systems.map(({ database: _, ...system }) => system) }
}
