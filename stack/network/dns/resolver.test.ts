import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { NetworkPart } from '../part.ts'
import { scenarioTime } from '../scenario-time.ts'
import { startDnsAuthority } from './authority.ts'
import { RCODE, rcodeOf } from './message.ts'
import type { ResolverProfileName } from './resolver-profiles.ts'
import { startResolver } from './resolver.ts'
import { createDnsClient } from './udp-client.ts'
import { serveDns } from './udp-server.ts'

const PORTAL = 'portal.dvcqg.test'
const [OLD, NEW] = ['127.100.2.2', '127.100.2.1']
const open: { close: () => Promise<void> }[] = []
afterEach(async () => { for (const part of open.splice(0).reverse()) await part.close() })

/** An authority with the old address, a resolver that asks it, and a scenario clock moved by hand. */
async function region(profile: ResolverProfileName, options: { ttlS?: number; cacheLimit?: number } = {}) {
  let nowMs = 1_000_000
  const authority = await startDnsAuthority({ id: 'dns-authority', host: '127.0.0.1', port: 0, zone: {
    origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '127.0.0.1' }, hosts: [{ name: PORTAL, address: OLD, ttlS: options.ttlS ?? 60 }],
  } })
  const resolver = await startResolver({
    id: 'resolver-north', host: '127.0.0.1', port: 0, profile, authority: { host: '127.0.0.1', port: authority.port },
    time: { now: () => nowMs, set: (plan) => plan }, ...(options.cacheLimit ? { cacheLimit: options.cacheLimit } : {}),
  })
  const client = await createDnsClient({ localAddress: '127.0.0.1', recursionDesired: true, timeoutMs: 3_000, attempts: 1 })
  open.push(authority, resolver, client)
  const ask = async (name = PORTAL, type = 'A') => {
    const packet = await client.ask({ host: '127.0.0.1', port: resolver.port }, { type: type as 'A', name })
    const record = packet.answers?.[0] as { data: string; ttl: number } | undefined
    return { rcode: rcodeOf(packet), address: record?.data, ttlS: record?.ttl, recursionAvailable: packet.flag_ra }
  }
  return {
    ask, resolver, authority,
    pass: (seconds: number) => { nowMs += seconds * 1_000 },
    switchTo: (address: string) => control(authority, { action: 'zone.set', name: PORTAL, address }),
    pin: (address?: string) => control(resolver, { action: 'resolver.pin', name: PORTAL, ...(address ? { address } : {}) }),
    asked: () => authority.admin.served(),
  }
}

function control(part: NetworkPart, body: object): unknown { return part.admin.control(body as never) }

/** Until the refresh behind an answer has come in: each answer is an event of its own, no time is guessed. */
async function askUntil(ask: () => Promise<{ address: string | undefined }>, address: string): Promise<void> {
  for (let n = 0; n < 200; n += 1) if ((await ask()).address === address) return
  throw new Error(`never answered ${address}`)
}

describe('honest', () => {
  test('keeps an address for its TTL, counts it down, then asks again', async () => {
    const { ask, pass, switchTo } = await region('honest')
    expect(await ask()).toEqual({ rcode: RCODE.NOERROR, address: OLD, ttlS: 60, recursionAvailable: true })
    switchTo(NEW)
    pass(20)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 40 })
    pass(39.5)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 0 })
    pass(0.5)
    expect(await ask()).toMatchObject({ address: NEW, ttlS: 60 })
  })

  test('a silent authority: the cache holds, then SERVFAIL and no old address', async () => {
    const { ask, pass, authority } = await region('honest')
    await ask()
    await authority.close()
    open.splice(open.indexOf(authority), 1)
    pass(59)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 1 })
    pass(1)
    expect(await ask()).toEqual({ rcode: RCODE.SERVFAIL, address: undefined, ttlS: undefined, recursionAvailable: true })
  })

  test('a zone that the authority refuses is SERVFAIL and is not kept', async () => {
    const { ask, resolver } = await region('honest')
    expect((await ask('portal.other.test')).rcode).toBe(RCODE.SERVFAIL)
    expect([...resolver.admin.evidence('final') as Iterable<unknown>]).toEqual([])
  })
})

describe('ttl-floor', () => {
  test('stretches a short TTL to 300 s, also on the wire', async () => {
    const { ask, pass, switchTo } = await region('ttl-floor')
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 300 })
    switchTo(NEW)
    pass(299)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 1 })
    pass(1)
    expect(await ask()).toMatchObject({ address: NEW, ttlS: 300 })
  })

  test('leaves a long TTL as it is', async () => {
    const { ask } = await region('ttl-floor', { ttlS: 3_600 })
    expect(await ask()).toMatchObject({ ttlS: 3_600 })
  })
})

describe('serve-stale', () => {
  test('answers an expired record once more with TTL 30 and refreshes behind it', async () => {
    const { ask, pass, switchTo } = await region('serve-stale')
    await ask()
    switchTo(NEW)
    pass(59)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 1 })
    pass(2)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 30 })
    await askUntil(ask, NEW)
    expect(await ask()).toMatchObject({ address: NEW, ttlS: 60 })
  })

  test('goes on with the old address while the authority fails, asking it every 30 s, for a day and no longer', async () => {
    const { ask, pass, authority } = await region('serve-stale')
    await ask()
    await authority.close()
    let asked = 0
    const failing = await serveDns({ host: '127.0.0.1', port: authority.port, answer: () => { asked += 1; return { rcode: RCODE.SERVFAIL } } })
    open[open.indexOf(authority)] = failing
    pass(61)
    for (let n = 0; n < 20; n += 1) expect(await ask()).toMatchObject({ address: OLD, ttlS: 30 })
    expect(asked).toBe(1)
    pass(30)
    for (let n = 0; n < 20; n += 1) expect(await ask()).toMatchObject({ address: OLD, ttlS: 30 })
    expect(asked).toBe(2)
    pass(86_400 - 32)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 30 })
    pass(1)
    expect((await ask()).rcode).toBe(RCODE.SERVFAIL)
  })

  test('says nothing stale about a name that did not exist', async () => {
    const { ask, pass, authority } = await region('serve-stale')
    expect((await ask('new.dvcqg.test')).rcode).toBe(RCODE.NXDOMAIN)
    control(authority, { action: 'zone.set', name: 'new.dvcqg.test', address: NEW, ttlS: 60 })
    pass(61)
    expect(await ask('new.dvcqg.test')).toMatchObject({ rcode: RCODE.NOERROR, address: NEW })
  })
})

describe('every profile', () => {
  test('negative answers are kept for the SOA\'s minimum', async () => {
    const { ask, pass, asked } = await region('honest')
    for (let n = 0; n < 3; n += 1) expect((await ask('nobody.dvcqg.test')).rcode).toBe(RCODE.NXDOMAIN)
    for (let n = 0; n < 3; n += 1) expect(await ask(PORTAL, 'AAAA')).toMatchObject({ rcode: RCODE.NOERROR, address: undefined })
    expect(asked()).toBe(2)
    pass(60)
    await ask('nobody.dvcqg.test')
    expect(asked()).toBe(3)
  })

  test('equal questions at a time are one question to the authority', async () => {
    const { ask, asked } = await region('honest')
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask()))
    expect(new Set(answers.map(({ address }) => address))).toEqual(new Set([OLD]))
    expect(asked()).toBe(1)
  })

  test('the cache is bounded: what was longest unused is asked for again', async () => {
    const { ask, asked, resolver } = await region('honest', { cacheLimit: 2 })
    for (const name of [PORTAL, 'a.dvcqg.test', PORTAL, 'b.dvcqg.test']) await ask(name)
    expect(asked()).toBe(3)
    await ask(PORTAL)
    expect(asked()).toBe(3)
    await ask('a.dvcqg.test')
    expect(asked()).toBe(4)
    expect([...resolver.admin.evidence('final') as Iterable<unknown>]).toHaveLength(2)
  })

  test.each(['honest', 'ttl-floor', 'serve-stale'] as const)('%s: a pinned address stays whatever the authority says, until released', async (profile) => {
    const { ask, pass, pin, switchTo } = await region(profile)
    pin(OLD)
    switchTo(NEW)
    pass(100_000)
    expect(await ask()).toMatchObject({ address: OLD })
    expect(await ask(PORTAL.toUpperCase())).toMatchObject({ address: OLD })
    pin()
    await askUntil(ask, NEW)
  })

  test('a flush empties the cache; a stale one holds its address until its own end', async () => {
    const { ask, pass, switchTo, resolver } = await region('honest')
    await ask()
    switchTo(NEW)
    expect(await ask()).toMatchObject({ address: OLD })
    expect(control(resolver, { action: 'resolver.flush' })).toEqual({})
    expect(await ask()).toMatchObject({ address: NEW })
    expect(control(resolver, { action: 'resolver.stale', name: PORTAL, address: OLD, ttlS: 1_800 })).toEqual({ name: PORTAL, address: OLD, ttlS: 1_800 })
    pass(1_799)
    expect(await ask()).toMatchObject({ address: OLD, ttlS: 1 })
    pass(1)
    expect(await ask()).toMatchObject({ address: NEW })
  })

  test('the cache is its evidence, and a pin does not show there', async () => {
    const { ask, pass, pin, resolver } = await region('ttl-floor')
    await ask()
    pin(NEW)
    pass(10)
    expect([...resolver.admin.evidence('final') as Iterable<unknown>]).toMatchObject([
      { key: `cache/${PORTAL}/A`, status: OLD, fields: { name: PORTAL, type: 'A', ttlS: 300, leftS: 290, negative: false } },
    ])
  })
})

test.each([
  { profile: 'honest' as const, keepsS: (ttlS: number) => ttlS },
  { profile: 'ttl-floor' as const, keepsS: (ttlS: number) => Math.max(300, ttlS) },
])('$profile: whatever happens, an answer was true at most its TTL ago, and says how long it may still be kept', async ({ profile, keepsS }) => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constant('switch' as const), to: fc.integer({ min: 1, max: 250 }) }),
    fc.record({ kind: fc.constant('ask' as const) }),
  )
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 600 }), fc.array(event, { minLength: 5, maxLength: 40 }), async (ttlS, happenings) => {
    const { ask, pass, switchTo } = await region(profile, { ttlS })
    const served = [{ address: OLD as string, untilS: Infinity }]
    let nowS = 0
    for (const happening of happenings) {
      if (happening.kind === 'pass') { pass(happening.seconds); nowS += happening.seconds }
      if (happening.kind === 'switch') {
        served.at(-1)!.untilS = nowS
        served.push({ address: `127.100.9.${happening.to}`, untilS: Infinity })
        switchTo(served.at(-1)!.address)
      }
      if (happening.kind === 'ask') {
        const answer = await ask()
        // Kept until nowS + ttlS, it was fetched keepsS before that at the earliest.
        const fetchedS = nowS + answer.ttlS! - keepsS(ttlS)
        expect(served.some(({ address, untilS }) => address === answer.address && untilS >= fetchedS)).toBe(true)
        expect(answer.ttlS).toBeLessThanOrEqual(keepsS(ttlS))
      }
    }
    for (const part of open.splice(0).reverse()) await part.close()
  }), { numRuns: 40 })
})

test('nothing ages before the run has begun, then the clock runs at its scale', () => {
  let wall = 5_000
  const time = scenarioTime(1_000_000, () => wall)
  wall += 60_000
  expect(time.now()).toBe(1_000_000)
  time.set({ startedAtMs: wall + 1_000, timeScale: 140, scenarioStartMs: 1_000_000 })
  expect(time.now()).toBe(1_000_000)
  wall += 2_000
  expect(time.now()).toBe(1_000_000 + 140_000)
})
