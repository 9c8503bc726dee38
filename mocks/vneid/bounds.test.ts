/** Nothing grows without bound: what has expired goes, what lives is forgotten by number and never without a word, keys go by number. */
import { describe, expect, it } from 'vitest'
import { createGrants, type Grant } from './grants.ts'
import { ExpiringMap } from './expiring-map.ts'
import { createMemory } from '../memory.ts'
import { createKeyRing } from './key-ring.ts'
import { makeSigningKey } from './keys.ts'

const grant = (id: string): Grant => ({
  id, reference: `op-${id}`, clientId: 'portal', personId: '999000000011', level: 2, scopes: ['openid'], status: 'issued', issuedAt: 1, authenticatedAt: 1, sessionId: 's',
})

describe('an expiring map', () => {
  it('lets go of what has expired, without a word', () => {
    let now = 0
    const memory = createMemory('vneid', 5)
    const map = new ExpiringMap<number>(10, () => now, memory)
    for (let n = 0; n < 5; n += 1) map.set(`k${n}`, n)
    now = 10
    expect([map.get('k4'), map.values()]).toEqual([undefined, []])
    for (let n = 0; n < 5; n += 1) map.set(`new${n}`, n)
    map.delete('new0')
    map.set('new1', 9)
    expect([map.values(), memory.forgotten()]).toEqual([[2, 3, 4, 9], 0])
    expect(() => memory.requireWhole()).not.toThrow()
  })

  it('forgets the oldest of those that live where there are too many, and then no evidence is read', () => {
    const memory = createMemory('vneid', 3)
    const map = new ExpiringMap<number>(10, () => 0, memory)
    for (let n = 0; n < 4; n += 1) map.set(`k${n}`, n)
    expect([map.get('k0'), map.get('k3'), memory.forgotten()]).toEqual([undefined, 3, 2])
    expect(() => createGrants(memory).evidence(5)).toThrow('EVIDENCE_FORGOTTEN: vneid has forgotten 2 records')
  })
})

describe('grants', () => {
  it('are evidence while all are there, and none that is incomplete', () => {
    const grants = createGrants(createMemory('vneid', 2))
    for (const id of ['a', 'b']) grants.add(grant(id))
    expect(grants.evidence(5).map(({ key, op, seenAt }) => [key, op, seenAt])).toEqual([['grant/a', 'op-a', 5], ['grant/b', 'op-b', 5]])
    grants.add(grant('c'))
    expect([grants.get('a'), grants.get('c')?.id]).toEqual([undefined, 'c'])
    expect(() => grants.evidence(5)).toThrow('EVIDENCE_FORGOTTEN: vneid has forgotten 2 records')
  })
})

describe('a key ring', () => {
  it('keeps sixteen keys at most, and knows its own tokens only', async () => {
    let now = 0
    const ring = createKeyRing({ first: await makeSigningKey(), graceMs: 100, scenarioNow: () => now })
    const first = await ring.current().sign({ sub: 'a' })
    for (let n = 0; n < 15; n += 1) await ring.rotate()
    expect([ring.published().keys.length, ring.current().kid, (await ring.claimsOf(first))?.sub]).toEqual([16, 'vneid-16', 'a'])
    now = 100
    expect(ring.published().keys.map(({ kid }) => kid)).toEqual(['vneid-16'])
    await ring.rotate()
    expect(await ring.claimsOf(first)).toBeUndefined()
    const stranger = await (await makeSigningKey('ES256', 'vneid-17')).sign({ sub: 'a' })
    expect([await ring.claimsOf(stranger), await ring.claimsOf('x.y.z')]).toEqual([undefined, undefined])
  })

  it('makes each key once where two rotations come together', async () => {
    const ring = createKeyRing({ first: await makeSigningKey(), graceMs: 100, scenarioNow: () => 0 })
    await Promise.all([ring.rotate(), ring.rotate()])
    expect(new Set(ring.published().keys.map(({ kid }) => kid))).toEqual(new Set(['vneid-1', 'vneid-2', 'vneid-3']))
  })
})
