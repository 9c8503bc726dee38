import { expect, test } from 'vitest'
import type { Target } from '../contracts/target.ts'
import { GRACEFUL_STOP_MS, k6Options, REQUEST_TIMEOUT_MS } from './k6-options.ts'
import { loadPlanOf } from './load-plan.ts'
import { smallPlan } from './playground/plan.ts'

const target: Target = {
  version: 1, name: 'test', kind: 'reference', allow: ['127.0.0.0/8'], portalHost: 'portal.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' },
  regions: [{ id: 'north', gateway: 'http://127.64.3.1:8080', resolver: { host: '127.0.0.1', port: 53, profile: 'honest' } }],
  systems: [{ id: 'vneid', role: 'vneid', mode: 'simulated', url: 'http://127.64.6.1:8080', unit: 'unit' }],
}
const options = k6Options(loadPlanOf(smallPlan(target)))

test('an open model with exact rates: count iterations in the planned time, and a tail for what was late', () => {
  expect(options.scenarios!['sync-w1']).toEqual({
    executor: 'constant-arrival-rate', exec: 'play', startTime: '0ms', duration: '3000ms', gracefulStop: '15000ms', rate: 47, timeUnit: '1000ms', preAllocatedVUs: 57, maxVUs: 57,
  })
})

test('no operation is cut off by the stop', () => { expect(GRACEFUL_STOP_MS).toBeGreaterThan(REQUEST_TIMEOUT_MS) })

test('the portal\'s name leads to the entry of the region in whose name k6 speaks, and of no other', () => {
  const regions = ['north', 'south'].map((id, at) => ({ id, gateway: 'http://portal.test', resolver: target.regions[0]!.resolver, entry: { host: '127.0.0.1', port: 4_001 + at } }))
  const load = loadPlanOf(smallPlan({ ...target, regions }))
  expect(k6Options(load, { citizensOf: 'south' }).hosts).toEqual({ 'portal.test': '127.0.0.1:4002' })
  expect(k6Options(load, 'others').hosts).toEqual({})
})

test('the target\'s rate is shared out by what each part sends, and never exceeded by all together', () => {
  const plan = smallPlan({ ...target, may: { write: true, control: false, faults: [], ratePerSecond: 100 } })
  const regions = Object.keys(plan.profile.regions)
  const load = loadPlanOf({ ...plan, workerParts: { ...Object.fromEntries(regions.map((id) => [id, { citizensOf: id }])), others: 'others' } })
  const rates = [...regions.map((id) => k6Options(load, { citizensOf: id }).rps!), k6Options(load, 'others').rps!]
  expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(100)
  expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeGreaterThan(90)
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(1)
})

test('few series, no verdict of its own, no addresses but the target\'s', () => {
  expect(options.thresholds).toBeUndefined()
  expect(options.systemTags).toEqual([])
  expect(options.blacklistIPs).toContain('128.0.0.0/1')
  expect(options.hosts).toEqual({ 'kept.north.gateway.test': '127.64.3.1', 'reresolve.north.gateway.test': '127.64.3.1' })
})
