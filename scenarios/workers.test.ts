/** Several k6 processes share one plan: the same operations as one process plays, each once, at the same intended moments. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseOp } from '../contracts/op.ts'
import type { OperationLine } from '../contracts/operation.ts'
import type { Plan } from '../contracts/plan.ts'
import { intendedAtMs } from './arrival.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'
import { smallPlan } from './playground/plan.ts'
import { setStage } from './playground/play.ts'
import { playSystems, type PlayedSystems } from './playground/systems.ts'
import { workerSegments } from './worker-segments.ts'

const RAMP = [{ at: '21:00', times: 1 }, { at: '22:00', times: 6 }, { at: '22:00', times: 2 }, { at: '23:00', times: 2 }]

function fraction(text: string): number {
  const [over, under = '1'] = text.split('/')
  return Number(over) / Number(under)
}

test('segments lie end to end from nothing to everything, each as long as the others', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 40 }), (workers) => {
    const segments = workerSegments(workers)
    expect(new Set(segments.map((segment) => segment!.all)).size).toBe(1)
    const bounds = segments[0]!.all.split(',')
    expect(bounds).toHaveLength(workers + 1)
    expect([bounds[0], bounds.at(-1)]).toEqual(['0', '1'])
    segments.forEach((segment, at) => {
      expect(segment!.own).toBe(`${bounds[at]}:${bounds[at + 1]}`)
      expect(fraction(bounds[at + 1]!) - fraction(bounds[at]!)).toBeCloseTo(1 / workers, 9)
    })
  }))
  expect(workerSegments(1)).toEqual([undefined])
  expect(() => workerSegments(0)).toThrow(RangeError)
})

describe.skipIf(!k6Path)(`real k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let systems: PlayedSystems
  let plan: Plan
  let alone: OperationLine[]
  let shared: { lines: OperationLine[]; dropped: number }[]

  beforeAll(async () => {
    systems = await playSystems()
    plan = smallPlan(systems.target, { scenarios: [
      { name: 'visitors', journey: ['login', 'find-service', 'logout'], actor: 'citizen', phase: 'open', from: '21:00', to: '23:00', count: 50, curve: RAMP, shares: { logout: 0.5 } },
      { name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner', phase: 'sync', from: '21:00', to: '23:00', wave: 1 },
    ] })
    alone = (await play(undefined)).lines
    shared = await Promise.all(workerSegments(3).map((segment, at) => play(segment, `w${at + 1}`)))
  })
  afterAll(() => systems.close())

  async function play(segment: { own: string; all: string } | undefined, worker = 'w1') {
    const stage = await setStage({ ...plan, workers: ['w1', 'w2', 'w3'] }, { worker, ...(segment && { segment }) })
    try {
      const { summary } = await stage.run.finished
      return { lines: await stage.history(), dropped: summary!.dropped_iterations }
    } finally { await stage.remove() }
  }

  const ops = (lines: readonly OperationLine[]) => lines.map(({ op }) => op).toSorted()

  test('three play together what one plays: the same operations, none twice, none left out', () => {
    expect(shared.map(({ dropped }) => dropped)).toEqual([0, 0, 0])
    const merged = shared.flatMap(({ lines }) => lines)
    expect(new Set(ops(merged)).size).toBe(merged.length)
    expect(ops(merged)).toEqual(ops(alone))
  })

  test('each plays its third of every scenario, and its lines name it', () => {
    for (const [at, { lines }] of shared.entries()) {
      expect(new Set(lines.map(({ worker }) => worker))).toEqual(new Set([`w${at + 1}`]))
      for (const { name, count } of plan.scenarios) {
        const iterations = new Set(lines.map(({ op }) => parseOp(op)!).filter(({ scenario }) => scenario === name).map(({ iteration }) => iteration))
        expect(Math.abs(iterations.size - count / 3), `${name} in w${at + 1}`).toBeLessThanOrEqual(2)
      }
    }
  })

  test('an iteration is intended at the same moment whoever plays it', () => {
    for (const { lines } of shared) {
      for (const scenario of plan.scenarios) {
        const first = lines.filter(({ op, step }) => parseOp(op)!.scenario === scenario.name && step === scenario.steps[0]!.step)
        const starts = first.map(({ op, intendedAt }) => intendedAt - intendedAtMs(scenario, parseOp(op)!.iteration))
        expect(Math.max(...starts) - Math.min(...starts), scenario.name).toBeLessThanOrEqual(1)
      }
    }
  })

  test('the same people do the same: what is sent does not depend on the worker', () => {
    const content = (lines: readonly OperationLine[]) => lines.map(({ op, kind, flow, region, cohort, procedureCode, dossierCode, fields }) => JSON.stringify({ op, kind, flow, region, cohort, procedureCode, dossierCode, fields })).toSorted()
    expect(content(shared.flatMap(({ lines }) => lines))).toEqual(content(alone))
  })

  describe('by parts', () => {
    const parts = { 'k-north': { citizensOf: 'north' }, 'k-central': { citizensOf: 'central' }, 'k-south': { citizensOf: 'south' }, 'inside': 'others' } as const
    const names = Object.keys(parts) as (keyof typeof parts)[]
    let played: Map<string, OperationLine[]>
    beforeAll(async () => {
      played = new Map(await Promise.all(names.map(async (worker) => {
        const stage = await setStage({ ...plan, workers: names, workerParts: parts }, { worker })
        try {
          expect(await stage.run.finished).toMatchObject({ exitCode: 0, summary: { dropped_iterations: 0 } })
          return [worker, await stage.history()] as const
        } finally { await stage.remove() }
      })))
    })

    test('together they play what one plays: the same operations, none twice, none left out', () => {
      const merged = [...played.values()].flat()
      expect(merged.filter(({ outcome }) => outcome !== 'ok').map(({ error, http }) => ({ error, http }))).toEqual([])
      expect(ops(merged)).toEqual(ops(alone))
    })

    test('each plays the citizens of its region, and everybody else is played by one', () => {
      for (const [worker, lines] of played) {
        expect(lines.length, worker).toBeGreaterThan(10)
        const part = parts[worker as keyof typeof parts]
        for (const line of lines) expect([line.worker, line.actor === 'citizen' ? { citizensOf: line.region } : 'others']).toEqual([worker, part])
      }
    })

    test('an iteration is intended at the same moment as where one plays all', () => {
      const intended = (lines: readonly OperationLine[]) => {
        const first = lines.filter(({ step, op }) => step === plan.scenarios.find(({ name }) => name === parseOp(op)!.scenario)!.steps[0]!.step)
        return first.map(({ op, intendedAt }) => intendedAt - intendedAtMs(plan.scenarios.find(({ name }) => name === parseOp(op)!.scenario)!, parseOp(op)!.iteration))
      }
      for (const lines of played.values()) {
        const starts = intended(lines)
        expect(Math.max(...starts) - Math.min(...starts)).toBeLessThanOrEqual(1)
      }
    })

    test('a worker without a part does not begin', async () => {
      const stage = await setStage({ ...plan, workers: ['w9'], workerParts: parts }, { worker: 'w9' })
      try {
        await expect(stage.run.started).rejects.toThrow(/K6_NOT_STARTED.*no part for worker "w9"/s)
        expect((await stage.run.finished).exitCode).toBe(108)
      } finally { await stage.remove() }
    })
  })
})
