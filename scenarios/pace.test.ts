/** What k6 is given for the pace of a plan: cores and collector of its process, as they stand in its environment. */
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { PlannedScenario } from '../contracts/plan.ts'
import { paceOf, sharedBy, type Pace } from './pace.ts'
import { startK6 } from './run-k6.ts'

const scenario = (change: Partial<PlannedScenario>): PlannedScenario => ({
  name: 's', journey: ['dossier-sync'], steps: [], actor: 'partner', phase: 'load', startMs: 0, durationMs: 10_000, count: 1_000, preAllocatedVUs: 1, maxVUs: 1, shares: {}, ...change,
})

async function environmentAt(pace?: Pace): Promise<Record<string, string | undefined>> {
  let environment: Record<string, string | undefined> = {}
  const file = (name: string) => join(tmpdir(), 'no-run', name)
  await startK6({
    k6Path: 'k6', script: file('s.js'), planFile: file('plan.json'), historyFile: file('h'), summaryFile: file('s'), stderrFile: file('e'), worker: 'w1', readyUrl: 'http://127.0.0.1:1', arrived: Promise.resolve(), startupTimeoutMs: 1,
    ...(pace && { pace }), launch: (program) => { environment = program.environment; return Promise.reject(new Error('not now')) },
  }).catch(() => {})
  return environment
}

describe('the pace of a plan', () => {
  it('is its iterations over the whole run, and its requests at the busiest moment', () => {
    expect(paceOf([scenario({}), scenario({ startMs: 5_000, count: 2_000 })])).toEqual({ iterationsPerSecond: 200, requestsPerSecond: 300 })
    expect(sharedBy({ iterationsPerSecond: 200, requestsPerSecond: 300 }, 4)).toEqual({ iterationsPerSecond: 50, requestsPerSecond: 75 })
  })

  it.each([[1, 1], [750, 1], [751, 2], [2_900, 4], [1e9, 1e6]])('of %i requests a second gives k6 %i cores, as far as there are', async (requestsPerSecond, cores) => {
    vi.stubEnv('GOMAXPROCS', undefined)
    expect((await environmentAt({ iterationsPerSecond: 1, requestsPerSecond }))['GOMAXPROCS']).toBe(String(Math.min(cores, availableParallelism())))
  })
  it('that nobody says gives it all; what the operator set stays', async () => {
    vi.stubEnv('GOMAXPROCS', undefined)
    expect((await environmentAt())['GOMAXPROCS']).toBeUndefined()
    vi.stubEnv('GOMAXPROCS', '3')
    expect((await environmentAt({ iterationsPerSecond: 1, requestsPerSecond: 1 }))['GOMAXPROCS']).toBe('3')
  })
  it('that is heavy collects half as often', async () => {
    expect((await environmentAt({ iterationsPerSecond: 99, requestsPerSecond: 1 }))['GOGC']).toBe('100')
    expect((await environmentAt({ iterationsPerSecond: 100, requestsPerSecond: 1 }))['GOGC']).toBe('200')
    expect((await environmentAt())['GOGC']).toBe('200')
  })
})
