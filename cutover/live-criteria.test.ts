/** Stop criteria on histories written by hand, by a clock that the test turns: each fires, and does not where it must not. */
import { describe, expect, it } from 'vitest'
import type { OperationLine } from '../contracts/operation.ts'
import { createLiveCriteria, type LoadBreach } from './live-criteria.ts'

const T = 1_800_000_000_000
const MINUTE = 60_000
const both = { vi: 'x', en: 'x' }

/** Two minutes of wall clock, thirty minutes of the scenario's: phases of one wall minute each. */
const plan = (criteria: string[], minSamples = 20) => ({
  scenarios: [
    { name: 'citizens', journey: [], actor: 'citizen', phase: 'x', startMs: 0, durationMs: 2 * MINUTE, count: 100_000, preAllocatedVUs: 1, maxVUs: 1, shares: {},
      steps: [{ flow: 'login', step: 'login', kind: 'login' as const }, { flow: 'submit', step: 'submit', kind: 'dossier.submit' as const }] },
    { name: 'pushes', journey: [], actor: 'partner', phase: 'x', startMs: 0, durationMs: 2 * MINUTE, count: 100_000, preAllocatedVUs: 1, maxVUs: 1, shares: {},
      steps: [{ flow: 'dossier-sync', step: 'push', kind: 'sync.dossier' as const }] },
  ],
  timeScale: 15, durationMs: 2 * MINUTE,
  runbook: { window: { date: '2026-06-01', start: '09:00', end: '09:30', timeScale: 15 } },
  profile: {
    criteria, limits: { latenessMsP99: 500, minPlannedShare: 0.95, minSamples, judgeHeadroom: true },
    phases: [{ name: 'calm', from: '09:00', to: '09:15' }, { name: 'peak', from: '09:15', to: '09:30' }], title: both,
  },
}) as unknown as Parameters<typeof createLiveCriteria>[0]

const line = (atMs: number, changes: Partial<OperationLine> & { latencyMs?: number } = {}): OperationLine => {
  const { latencyMs = 50, step = 'submit', ...rest } = changes
  const scenario = step === 'push' ? 'pushes' : 'citizens'
  return {
    v: 1, op: `${scenario}.${Math.round(atMs)}.${step}.0123456789`, attempt: 1, trace: `${scenario}.1`, kind: 'dossier.submit', flow: 'submit', step, actor: 'citizen', region: 'north', worker: 'w1', cohort: 'kept', phase: 'x',
    intendedAt: T + atMs, invokedAt: T + atMs, completedAt: T + atMs + latencyMs, outcome: 'ok', system: 'portal', ...rest,
  }
}

/** Plays lines in the order in which they complete and asks every second, like whoever runs the load. */
function play(criteria: string[], lines: readonly OperationLine[], options: { untilMs?: number; minSamples?: number; baselines?: Record<string, number> } = {}): (LoadBreach & { toldAtMs: number })[] {
  const live = createLiveCriteria(plan(criteria, options.minSamples), T, options.baselines)
  const rest = lines.toSorted((a, b) => a.completedAt - b.completedAt)
  const breaches: (LoadBreach & { toldAtMs: number })[] = []
  for (let now = 1_000; now <= (options.untilMs ?? 3 * MINUTE); now += 1_000) {
    while (rest.length > 0 && rest[0]!.completedAt <= T + now) live.take(rest.shift()!)
    breaches.push(...live.check(T + now).map((breach) => ({ ...breach, toldAtMs: now })))
  }
  return breaches
}

/** Ten a second over the interval. */
const steady = (fromMs: number, toMs: number, changes: Parameters<typeof line>[1] = {}) => Array.from({ length: (toMs - fromMs) / 100 }, (_, n) => line(fromMs + n * 100, changes))

describe('createLiveCriteria', () => {
  it('tells of a slow spell within three seconds of its showing, once', () => {
    const lines = [...steady(0, 30_000), ...steady(30_000, 35_000, { latencyMs: 1_200 }), ...steady(35_000, 2 * MINUTE)]
    const breaches = play(['p95(submit) < 800ms for 10s stop'], lines)
    expect(breaches).toHaveLength(1)
    // One of ten seconds is more than a twentieth: the first window that shows it ends at 31 s, its last answer comes at 32.1 s.
    expect(breaches[0]).toMatchObject({ criterion: 'p95(submit) < 800ms for 10s stop', observed: 1_200 })
    expect(breaches[0]!.samples).toBeGreaterThanOrEqual(99)
    expect(breaches[0]!.toldAtMs - 32_100).toBeLessThan(3_000)
  })

  it('does not tell of a load that holds, of other steps, or of a criterion without stop', () => {
    const slow = steady(0, 2 * MINUTE, { latencyMs: 5_000, step: 'login' })
    expect(play(['p95(submit) < 800ms for 10s stop', 'p95(login) < 800ms for 10s', 'p95(dossier-sync) < 1s stop'], [...slow, ...steady(0, 2 * MINUTE)])).toEqual([])
  })

  it('compares a quantile exactly: one more than a twentieth is too many', () => {
    const of = (slow: number) => Array.from({ length: 100 }, (_, n) => line(n * 100, { latencyMs: n < slow ? 801 : 800 }))
    expect(play(['p95(submit) <= 800ms for 10s min 100 stop'], of(5))).toEqual([])
    expect(play(['p95(submit) <= 800ms for 10s min 100 stop'], of(6))).toHaveLength(1)
  })

  it('tells of time-outs when they come, ten seconds late', () => {
    const lines = [...steady(0, 20_000), ...steady(20_000, 30_000, { latencyMs: 10_000, outcome: 'info' }), ...steady(30_000, 40_000)]
    const [breach] = play(['errorRate(submit) < 1% for 5s stop'], lines)
    expect(breach!.toldAtMs).toBeLessThanOrEqual(32_000)
    expect(breach!.observed).toBeGreaterThan(0.01)
  })

  it('takes the whole so far where there is no window, and its own phase only', () => {
    const failing = steady(0, MINUTE, { outcome: 'fail' })
    expect(play(['errorRate(submit) < 50% in peak stop'], [...failing, ...steady(MINUTE, 2 * MINUTE)])).toEqual([])
    expect(play(['errorRate(submit) <= 50% stop'], [...steady(0, MINUTE), ...steady(MINUTE, 2 * MINUTE, { outcome: 'fail' })])).toEqual([])
    const [breach] = play(['errorRate(submit) < 50% in calm stop'], failing)
    expect(breach).toMatchObject({ observed: 1, from: T })
    // Twenty samples at ten a second: two seconds, then asked for.
    expect(breach!.toldAtMs).toBeLessThanOrEqual(3_000)
  })

  it('says nothing of too few samples', () => {
    const few = Array.from({ length: 9 }, (_, n) => line(n * 1_000, { outcome: 'fail' }))
    expect(play(['errorRate(submit) < 1% stop', 'errorRate(submit) < 1% for 5s stop'], few)).toEqual([])
    expect(play(['errorRate(submit) < 1% min 9 stop'], few)).toHaveLength(1)
    expect(play(['count(submit) >= 1 stop'], [])).toEqual([])
  })

  it('waits for the end where only the end can tell', () => {
    const half = steady(0, MINUTE)
    const [breach] = play(['count(submit) >= 1000 stop'], half)
    expect(breach).toMatchObject({ observed: 600, toldAtMs: 2 * MINUTE + 12_000 })
    expect(play(['count(submit) >= 600 stop', 'rate(submit) >= 5/s stop'], half)).toEqual([])
    expect(play(['rate(submit) >= 6/s stop'], half)).toMatchObject([{ observed: 5 }])
    expect(play(['count(submit) < 100 stop'], half)).toMatchObject([{ observed: 100 }])
  })

  it('lets a start be rough where it must hold within a time', () => {
    const rough = [...steady(0, 9_000, { outcome: 'fail' }), ...steady(9_000, 2 * MINUTE)]
    expect(play(['errorRate(submit) < 1% within 10s stop'], rough)).toEqual([])
    expect(play(['errorRate(submit) < 1% within 5s stop'], rough, { minSamples: 5 })).toHaveLength(1)
    expect(play(['count(submit) >= 50 within 10s stop'], rough)).toMatchObject([{ observed: 10 }])
    expect(play(['count(submit) >= 10 within 10s stop'], rough)).toEqual([])
  })

  it('compares with a baseline that it was given, and watches nothing without', () => {
    const lines = steady(0, 2 * MINUTE, { latencyMs: 130 })
    expect(play(['p95(submit) < 1.2x baseline stop'], lines, { baselines: { 'p95(submit)': 100 } })).toHaveLength(1)
    expect(play(['p95(submit) < 1.2x baseline stop'], lines, { baselines: { 'p95(submit)': 110 } })).toEqual([])
    expect(createLiveCriteria(plan(['p95(submit) < 1.2x baseline stop']), T).watched).toEqual([])
  })
})
