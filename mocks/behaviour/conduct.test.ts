import { connect } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Behaviour } from '../../contracts/api/behaviour.ts'
import { createBehaviours, type Behaviours } from './behaviours.ts'
import { gateListening } from './listening-gate.ts'

let now = 0
const CLOCKS = { wallNow: () => now, scenarioNow: () => now * 140 }
const made = (...list: unknown[]): Behaviours => {
  now = 1_000_000
  const behaviours = createBehaviours({ routes: new Set(['qr', 'scan']), calls: new Set(['callback']), clocks: CLOCKS })
  behaviours.set(list.map((one) => Behaviour.parse(one)))
  return behaviours
}
const statusOf = (behaviours: Behaviours, caller = 'a', subject = 's') => behaviours.pick('qr', subject, {}, (name) => name === 'x-partner' ? caller : undefined)?.answer?.status ?? 200

describe('a throttle', () => {
  it('lets a burst through, then as many as come back, and says when', () => {
    const behaviours = made({ route: 'qr', throttle: { perSecond: 2, burst: 3 } })
    expect(Array.from({ length: 5 }, () => statusOf(behaviours))).toEqual([200, 200, 200, 429, 429])
    expect(behaviours.pick('qr', 's')).toMatchObject({ why: 'throttle', answer: { status: 429, headers: { 'retry-after': '1' }, body: { error: { code: 'THROTTLED' } } } })
    now += 1_000
    expect(Array.from({ length: 3 }, () => statusOf(behaviours))).toEqual([200, 200, 429])
    now += 3_600_000
    expect(Array.from({ length: 4 }, () => statusOf(behaviours))).toEqual([200, 200, 200, 429])
  })
  it('says how many seconds a slow bucket takes', () => {
    const behaviours = made({ route: 'qr', throttle: { perSecond: 0.1 } })
    expect(statusOf(behaviours)).toBe(200)
    expect(behaviours.pick('qr', 's')?.answer?.headers).toEqual({ 'retry-after': '10' })
  })
  it('counts each caller apart where asked, and all together where not', () => {
    const apart = made({ route: 'qr', throttle: { perSecond: 1, by: 'caller' } })
    expect([statusOf(apart, 'a'), statusOf(apart, 'a'), statusOf(apart, 'b')]).toEqual([200, 429, 200])
    const together = made({ route: 'qr', throttle: { perSecond: 1 } })
    expect([statusOf(together, 'a'), statusOf(together, 'b')]).toEqual([200, 429])
  })
  it('lets what is named below it have its say while there are tokens', () => {
    const behaviours = made({ route: 'qr', throttle: { perSecond: 1 } }, { route: 'qr', status: 500 })
    expect([statusOf(behaviours), statusOf(behaviours)]).toEqual([500, 429])
  })
})

describe('an outage', () => {
  it.each([['wall', 1], ['scenario', 1 / 140]] as const)('on the %s clock begins, answers 503, and ends by itself', (clock, scale) => {
    const behaviours = made({ route: '*', outage: { forMs: 60_000, afterMs: 10_000, clock } })
    const at = (ms: number) => { now = 1_000_000 + ms * scale; return [statusOf(behaviours), behaviours.pick('callback', 's')] }
    expect(at(0)).toEqual([200, undefined])
    expect(at(10_001)).toEqual([503, undefined])
    expect(behaviours.pick('scan', 's')?.answer?.body).toMatchObject({ error: { code: 'OUT_OF_SERVICE' } })
    expect(at(69_999)).toEqual([503, undefined])
    expect(at(70_001)).toEqual([200, undefined])
  })
  it('refuses connections where asked, with a real refusal, and takes them again when it is over', async () => {
    const behaviours = made()
    const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const end = gateListening(server, behaviours, { host: '127.0.0.1', port })
    const reach = () => new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1').on('error', (error: NodeJS.ErrnoException) => resolve(error.code!)).on('connect', () => { socket.destroy(); resolve('connected') })
    })
    expect(await reach()).toBe('connected')
    const closed = once(server, 'close')
    behaviours.set([Behaviour.parse({ route: '*', outage: { forMs: 5_000, how: 'refuse' } })])
    await closed
    expect(await reach()).toBe('ECONNREFUSED')
    const listening = once(server, 'listening')
    now += 5_001
    await listening
    expect(await reach()).toBe('connected')
    end()
    server.close()
  })
})

describe('error shares', () => {
  it('touch the share that was asked, the same subjects each time, whatever the order', () => {
    const subjects = Array.from({ length: 10_000 }, (_, i) => `citizen-${i}`)
    const failed = (order: readonly string[]) => { const behaviours = made({ route: 'qr', share: 0.05, status: 500, seed: 4 }); return new Set(order.filter((subject) => statusOf(behaviours, 'a', subject) === 500)) }
    const first = failed(subjects)
    expect(Math.abs(first.size / subjects.length - 0.05)).toBeLessThan(0.005)
    expect(failed(subjects.toReversed())).toEqual(first)
  })
})

describe('outgoing calls', () => {
  it.each([
    ['doubled', { copies: 2 }, { copies: 2 }],
    ['late', { delayMs: 500 }, { delayMs: 500 }],
    ['out of order', { afterNext: true }, { afterNext: true }],
    ['lost', { lose: true }, { drop: true }],
    ['told otherwise', { outcome: 'absent-subscriber' }, { outcome: 'absent-subscriber' }],
  ])('are %s', (_, asked, plan) => {
    const behaviours = made({ route: 'callback', ...asked })
    expect(behaviours.plan('callback', 'r1')).toEqual(plan)
    expect(behaviours.plan('other', 'r1')).toBeUndefined()
    expect(made().plan('callback', 'r1')).toBeUndefined()
  })
  it('are touched for a share of subjects', () => {
    const behaviours = made({ route: 'callback', share: 0.3, lose: true })
    const lost = Array.from({ length: 5_000 }, (_, i) => behaviours.plan('callback', `r${i}`)).filter(Boolean).length
    expect(Math.abs(lost / 5_000 - 0.3)).toBeLessThan(0.02)
  })
})

describe('a list with mistakes', () => {
  afterEach(() => { now = 0 })
  it('is refused whole, each mistake with its place', () => {
    expect(() => made({ route: 'callbak', lose: true }, { route: 'qr', lose: true }, { route: 'callback', status: 500 }, { route: 'qr', throttle: { perSecond: 1 }, outage: { forMs: 1 } })).toThrow([
      'BEHAVIOUR_ROUTE_UNKNOWN: route "callbak" is not offered here · did you mean "callback"? use one of: qr, scan; of its outgoing calls: callback',
      'BEHAVIOUR_KEY_MISPLACED: "lose" makes no sense on the route "qr" · behaviours[1].lose · copies, lose, afterNext, outcome are for outgoing calls: callback',
      'BEHAVIOUR_KEY_MISPLACED: "status" makes no sense on the outgoing call "callback" · behaviours[2].status · outgoing calls know copies, lose, afterNext, outcome, delayMs and latency',
      'BEHAVIOUR_KEY_MISPLACED: one behaviour throttles and is an outage · behaviours[3] · write two, the one that counts first above',
    ].join('\n'))
  })
})
