/** A derived load as real k6 plays it against played systems: what the plan derives is what is played, by everybody, in its turn. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parseOp } from '../../contracts/op.ts'
import type { Plan } from '../../contracts/plan.ts'
import { Profile } from '../../contracts/profile.ts'
import type { Target } from '../../contracts/target.ts'
import { intendedAtMs } from '../arrival.ts'
import { FLOWS } from '../flows/index.ts'
import { planScenarios } from '../plan.ts'
import { k6Path, WHY_SKIPPED } from '../playground/k6.ts'
import { expectWholeHistory, play, type Played } from '../playground/performance.ts'
import { SMALL_SPLIT, smallPlan } from '../playground/plan.ts'
import { readMix } from './mix.ts'

/** Four seconds of the national peak, dossiers handled half a second after each other, so that all of it takes a dozen. */
function derivedPlan(target: Target, { seed }: { seed: number }): Plan {
  const plan = smallPlan(target, { seed })
  const mix = readMix('national', 'here')
  const profile = Profile.parse({
    ...plan.profile, scenarios: [], window: { start: '09:00', end: '10:00' },
    volume: { basis: 'national', mix: 'national', curve: [{ at: '09:01', times: 0.5 }, { at: '09:05', times: 1 }, { at: '09:09', times: 1 }] },
  })
  const planned = planScenarios({
    profile, window: profile.window!, timeScale: 120, split: SMALL_SPLIT, unfinished: [], seed,
    mix: { ...mix, gapMs: { ...mix.gapMs, value: 500 }, atLeast: { ...mix.atLeast, value: 24 } },
  })
  return { ...plan, profile, ...planned, scenarios: planned.scenarios.map((scenario) => ({ ...scenario, preAllocatedVUs: Math.min(60, scenario.count), maxVUs: scenario.count + 10 })) }
}

describe.skipIf(!k6Path)(`real k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let played: Played
  beforeAll(async () => { played = await play({ planOf: derivedPlan }) })

  test('nothing dropped, nothing twice, every iteration of the plan played', () => { expectWholeHistory(played) })

  test('all 13 flows, citizens, staff and partners, and every act succeeds in its turn', () => {
    expect(new Set(played.lines.map(({ flow }) => flow))).toEqual(new Set(FLOWS.map(({ id }) => id)))
    expect(new Set(played.lines.map(({ actor }) => actor))).toEqual(new Set(['citizen', 'staff', 'partner']))
    expect(played.lines.filter(({ outcome }) => outcome !== 'ok').map(({ op, error }) => `${op} ${error}`)).toEqual([])
  })

  test('every iteration was intended where the plan has it', () => {
    for (const scenario of played.plan.scenarios) {
      const first = new Map<number, number>()
      for (const { op, intendedAt } of played.lines) {
        const parts = parseOp(op)!
        if (parts.scenario === scenario.name) first.set(parts.iteration, Math.min(first.get(parts.iteration) ?? Infinity, intendedAt))
      }
      const starts = [...first].map(([iteration, intendedAt]) => intendedAt - intendedAtMs(scenario, iteration))
      expect(Math.max(...starts) - Math.min(...starts), scenario.name).toBeLessThanOrEqual(1)
    }
  })
})
