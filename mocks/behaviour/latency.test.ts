import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Latency } from '../../contracts/api/behaviour.ts'
import { createEndpoint } from '../server/endpoint.ts'
import { startFastServer, stopServer } from '../server/fast-server.ts'
import { defineRoute, ok } from '../server/route.ts'
import { createWorld } from '../world.ts'
import { createConduct } from './conduct.ts'
import { draw, evenDraw } from './draw.ts'
import { gammaQuantile } from './gamma.ts'
import { latencyQuantileMs } from './latency.ts'

/** What was asked and the quantiles that follow from it, worked out apart from the code: z(0.95) = 1.644854, z(0.99) = 2.326348. */
const ASKED: [string, unknown, p50: number, p95: number, p99: number][] = [
  ['constant', { distribution: 'constant', ms: 120 }, 120, 120, 120],
  ['uniform', { distribution: 'uniform', minMs: 100, maxMs: 300 }, 200, 290, 298],
  ['exponential', { distribution: 'exponential', meanMs: 200 }, 138.629, 599.146, 921.034],
  ['normal', { distribution: 'normal', meanMs: 400, sdMs: 50 }, 400, 482.243, 516.317],
  ['normal, cut at zero', { distribution: 'normal', meanMs: 0, sdMs: 100 }, 0, 164.485, 232.635],
  ['log-normal by p50 and p95', { distribution: 'log-normal', p50Ms: 80, p95Ms: 400 }, 80, 400, 779.04],
  ['log-normal by mean and deviation', { distribution: 'log-normal', meanMs: 200, sdMs: 100 }, 178.885, 388.43, 536.59],
  // Half a chi-squared: with 4, 1 and 40 degrees of freedom (tables), times the scale.
  ['gamma', { distribution: 'gamma', shape: 2, scaleMs: 100 }, 167.835, 474.386, 663.835],
  ['gamma with a peak at zero', { distribution: 'gamma', shape: 0.5, scaleMs: 400 }, 90.987, 768.292, 1_326.979],
  ['gamma by mean and deviation', { distribution: 'gamma', meanMs: 400, sdMs: 89.442719 }, 393.354, 557.585, 636.907],
  ['weibull', { distribution: 'weibull', shape: 1.5, scaleMs: 200 }, 156.644, 415.622, 553.597],
  ['weibull with a long tail', { distribution: 'weibull', shape: 0.5, scaleMs: 50 }, 24.023, 448.721, 1_060.38],
  ['pareto', { distribution: 'pareto', minMs: 50, alpha: 2 }, 70.711, 223.607, 500],
  ['pareto, cut at the top', { distribution: 'pareto', minMs: 50, alpha: 2, maxMs: 300 }, 70.711, 223.607, 300],
  ['as measured', { distribution: 'quantiles', points: [{ at: 0.5, ms: 90 }, { at: 0.95, ms: 250 }, { at: 0.99, ms: 400 }, { at: 1, ms: 900 }] }, 90, 250, 400],
]

function quantilesOf(waits: readonly number[]): number[] {
  const sorted = Float64Array.from(waits).sort()
  return [0.5, 0.95, 0.99].map((p) => sorted[Math.ceil(p * sorted.length) - 1]!)
}

/** Within 2 % or 1 ms, the larger. */
function expectWithin(measured: readonly number[], asked: readonly number[], what: string): void {
  for (const [i, value] of asked.entries()) expect(Math.abs(measured[i]! - value), `${what}: ${measured[i]} for ${value}`).toBeLessThanOrEqual(Math.max(1, value * 0.02))
}

const NAMELESS = Array.from({ length: 200_000 }, (_, i) => draw(7, 'wait', `citizen ${i * 7_919 % 200_000}`))
const NUMBERED = Array.from({ length: 3_000 }, (_, i) => evenDraw(7, 'qr', `pay-${i}`, 1))
const REPEATED = Array.from({ length: 3_000 }, (_, i) => evenDraw(7, 'qr', 'the same citizen', i + 1))

describe('waits show the quantiles that were asked for', () => {
  it.each(ASKED)('%s', (name, asked, ...expected) => {
    const latency = Latency.parse(asked)
    expectWithin([0.5, 0.95, 0.99].map((p) => latencyQuantileMs(latency, p)), expected, `${name}, by its own function`)
    expectWithin(quantilesOf(NAMELESS.map((p) => latencyQuantileMs(latency, p))), expected, `${name}, 200,000 draws`)
  })
  it.each(ASKED)('%s, in few requests where subjects are numbered or one repeats', (name, asked, ...expected) => {
    const latency = Latency.parse(asked)
    expectWithin(quantilesOf(NUMBERED.map((p) => latencyQuantileMs(latency, p))), expected, `${name}, numbered`)
    expectWithin(quantilesOf(REPEATED.map((p) => latencyQuantileMs(latency, p))), expected, `${name}, repeated`)
  })
  it('would notice a draw that is not even', () => {
    const latency = Latency.parse({ distribution: 'log-normal', p50Ms: 80, p95Ms: 400 })
    expect(() => expectWithin(quantilesOf(NUMBERED.map((p) => latencyQuantileMs(latency, p * 0.98))), [80, 400, 779.04], 'squeezed')).toThrow()
  })
})

describe('a distribution', () => {
  it.each([
    ['a p95 below the p50', { distribution: 'log-normal', p50Ms: 400, p95Ms: 80 }],
    ['a maximum below the minimum', { distribution: 'uniform', minMs: 2, maxMs: 1 }],
    ['points out of order', { distribution: 'quantiles', points: [{ at: 0.9, ms: 5 }, { at: 0.5, ms: 9 }] }],
    ['a gamma of no shape', { distribution: 'gamma', shape: 0, scaleMs: 10 }],
    ['a gamma that is neither by shape nor by mean', { distribution: 'gamma', shape: 2, sdMs: 10 }],
    ['a gamma that hardly varies', { distribution: 'gamma', meanMs: 400, sdMs: 0.1 }],
    ['a negative wait', { distribution: 'constant', ms: -1 }],
    ['a name that is none', { distribution: 'gauss', meanMs: 1 }],
  ])('with %s is refused', (_, asked) => { expect(Latency.safeParse(asked).success).toBe(false) })
})

describe('the quantiles of the gamma distribution', () => {
  // Erlang's distribution function in closed form: 1 - e^-x (1 + x + … + x^(k-1) / (k-1)!).
  const erlangBelow = (k: number, x: number) => 1 - Math.exp(-x) * Array.from({ length: k }, (_, n) => n).reduce(({ sum, term }, n) => ({ sum: sum + term, term: term * x / (n + 1) }), { sum: 0, term: 1 }).sum
  it.each([1, 2, 3, 7, 20])('give back the probability that was asked for, shape %i', (k) => {
    for (let p = 0.001; p < 1; p += 0.0037) expect(Math.abs(erlangBelow(k, gammaQuantile(k, p)) - p)).toBeLessThan(1e-9)
  })
  it.each([0.01, 0.1, 0.5, 1, 2.5, 100, 10_000, 1_000_000])('grow with the probability and stay finite, shape %d', (shape) => {
    const values = [2 ** -33, 1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 - 2 ** -33].map((p) => gammaQuantile(shape, p))
    expect(values.every((value, n) => Number.isFinite(value) && value >= 0 && (n === 0 || value >= values[n - 1]!))).toBe(true)
  })
  it('no wait is longer than a day', () => {
    expect(latencyQuantileMs(Latency.parse({ distribution: 'weibull', shape: 0.1, scaleMs: 86_400_000 }), 0.999)).toBe(86_400_000)
  })
})

describe('over the wire', () => {
  it('each of 3,000 requests waits as asked, on the server\'s own clock', async () => {
    const waits: number[] = []
    // Minutes, so that a busy machine has not spent the shortest of them before it comes to wait.
    const real = createWorld({ seed: 1, scenarioStartMs: 0, keys: {} })
    // The moment of the answer is handed in: what is measured is what the server decided, not how busy the machine is.
    const world = { ...real, after: (ms: number, run: () => void) => { waits.push(ms); setImmediate(run); return () => {} } }
    const routes = [defineRoute({ name: 'book', method: 'POST', path: '/book', takes: 'json', request: z.object({ reference: z.string() }), answers: { 200: null }, resolve: () => ok({}) })]
    const endpoint = createEndpoint(routes, undefined, createConduct(world, { system: 'a', role: 'none', routes }))
    endpoint.behave([{ route: 'book', share: 1, seed: 3, latency: { distribution: 'log-normal', p50Ms: 80_000, p95Ms: 400_000 } }])
    const server = await startFastServer(endpoint, { host: '127.0.0.1', port: 0 })
    const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 8 })
    const statuses = await Promise.all(Array.from({ length: 3_000 }, async (_, i) => {
      const { statusCode, body } = await pool.request({ path: '/book', method: 'POST', body: JSON.stringify({ reference: `pay-${i}` }) })
      await body.dump()
      return statusCode
    }))
    await pool.close()
    await stopServer(server)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(waits).toHaveLength(3_000)
    expectWithin(quantilesOf(waits), [80_000, 400_000, 779_040], 'over the wire')
  })

  it('the answer goes out when the wait is over and not before', async () => {
    const waiting: (() => void)[] = []
    const world = { ...createWorld({ seed: 1, scenarioStartMs: 0, keys: {} }), after: (_ms: number, run: () => void) => { waiting.push(run); return () => {} } }
    let worked = 0
    const routes = [defineRoute({ name: 'book', method: 'GET', path: '/book', takes: 'query', request: z.object({}), answers: { 200: null }, resolve: () => { worked += 1; return ok({}) } })]
    const endpoint = createEndpoint(routes, undefined, createConduct(world, { system: 'a', role: 'none', routes }))
    endpoint.behave([{ route: '*', share: 1, seed: 1, latency: { distribution: 'constant', ms: 86_000 } }])
    const server = await startFastServer(endpoint, { host: '127.0.0.1', port: 0 })
    const arrived = once(server, 'request')
    let answered = false
    const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/book`).finally(() => { answered = true })
    await arrived
    while (waiting.length === 0) await new Promise(setImmediate)
    expect({ worked, answered }).toEqual({ worked: 1, answered: false })
    waiting[0]!()
    expect((await answer).status).toBe(200)
    await stopServer(server)
  })
})
