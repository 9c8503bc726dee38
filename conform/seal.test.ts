import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CheckOutcome } from './driver.ts'
import { ConformResult, summarise } from './result.ts'
import { keyIdOf, readPrivateKey, readPublicKey, seal, verifySeal, type KnownKey, type Unsealed } from './seal.ts'

const TEXT = { vi: 'yêu cầu', en: 'requirement' }
const outcome = (id: string, kind: CheckOutcome['outcome'] = 'held', flow: CheckOutcome['flow'] = 'pay'): CheckOutcome => ({ id, flow, requirement: TEXT, outcome: kind, requests: 1, tookMs: 2 })

function unsealed(outcomes: CheckOutcome[]): Unsealed {
  return {
    version: 1, kind: 'conformance', runId: 'abc', summary: summarise(outcomes), outcomes, testData: [{ kind: 'dossier', id: 'H01-260410-000001', check: 'x' }],
    about: { partner: 'ha-noi', role: 'province', url: 'http://127.0.0.1:1', contract: { role: 'dossier-system', version: '1.0', profile: null }, tool: 't', beganAt: '2026-04-10T14:00:00.000Z', endedAt: '2026-04-10T14:00:20.000Z', requests: 3, fixture: '0'.repeat(64), part: null },
  }
}
const RESULT = unsealed([outcome('a'), outcome('b', 'broken'), outcome('c', 'not-triggerable')])
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const of = (partners: string[] | null, file = 'vendor.pem', key = publicKey): KnownKey => ({ file, key, partners })
const known = [of(null)]

describe('index and score', () => {
  it.each([
    [['held', 'held', 'broken'], 100, 66.6], [['held', 'not-triggerable'], 50, 100], [['not-triggerable'], 0, null], [['held', 'faulted'], 50, 100], [[], 0, null],
    [[...Array<'held'>(999).fill('held'), 'broken'], 100, 99.9],
  ] as const)('of %j', (kinds, index, score) => {
    const summary = summarise(kinds.map((kind, n) => outcome(String(n), kind)))
    expect([summary.index, summary.score]).toEqual([index, score])
  })
})

describe('a sealed result', () => {
  it('is self-declared without a signature, or with one whose key is not known', () => {
    expect(verifySeal(seal(RESULT), 'f', known)).toEqual({ label: 'self-declared', keyId: null, key: null })
    expect(verifySeal(seal(RESULT, privateKey), 'f', [])).toEqual({ label: 'self-declared', keyId: keyIdOf(publicKey), key: null })
  })
  it('is signed by a known key, also after being written and read', () => {
    const read = ConformResult.parse(JSON.parse(JSON.stringify(seal(RESULT, privateKey), null, 2)))
    expect(verifySeal(read, 'f', known)).toEqual({ label: 'signed', keyId: keyIdOf(publicKey), key: 'vendor.pem' })
  })
  it.each<[string, (result: ConformResult) => ConformResult, RegExp]>([
    ['an outcome turned', (result) => ({ ...result, outcomes: result.outcomes.map((one) => ({ ...one, outcome: 'held' as const })) }), /"outcomes" does not have the hash/],
    ['the summary turned', (result) => ({ ...result, summary: { ...result.summary, score: 100 } }), /"summary" does not have the hash/],
    ['another partner', (result) => ({ ...result, about: { ...result.about, partner: 'hue' } }), /"about" does not have the hash/],
    ['test data left out', (result) => ({ ...result, testData: [] }), /"testData" does not have the hash/],
    ['another run', (result) => ({ ...result, runId: 'xyz' }), /parts together/],
    ['sealed anew after a change, with the old signature', (result) => ({ ...seal({ ...RESULT, outcomes: [outcome('a')], summary: summarise([outcome('a')]) }), signature: result.signature }), /the signature is not of key/],
    ['a summary that is not of the outcomes, sealed so', () => seal({ ...RESULT, summary: { ...RESULT.summary, score: 100 } }, privateKey), /index, score or counts/],
  ])('is refused: %s', (_, alter, expected) => {
    const verified = verifySeal(alter(seal(RESULT, privateKey)), 'result.json', known)
    expect(verified.label).toBe('altered')
    expect(verified.label === 'altered' && verified.problems.map(({ what }) => what).join('\n')).toMatch(expected)
  })
  it.each<[string, KnownKey[], string]>([
    ['a key of its own partner', [of(['ha-noi'])], 'signed'],
    ['a key of several, its partner among them', [of(['hue', 'ha-noi'])], 'signed'],
    ['the same key named for each of two', [of(['hue'], 'hue.pem'), of(['ha-noi'], 'ha-noi.pem')], 'signed'],
    ['a key of another partner', [of(['hue'])], 'foreign'],
    ['a partner whose name only begins so', [of(['ha-noi-2'])], 'foreign'],
    ['a key of its partner that it is not signed with', [of(['ha-noi'], 'other.pem', generateKeyPairSync('ed25519').publicKey)], 'self-declared'],
  ])('by whom it is vouched for: %s', (_, keys, label) => {
    const verified = verifySeal(seal(RESULT, privateKey), 'result.json', keys)
    expect(verified.label).toBe(label)
    if (verified.label === 'foreign') expect(verified.problems[0]!.what).toMatch(/^it is of "ha-noi", but signed with the key of (hue|ha-noi-2)$/)
  })
  it('altered is altered, whoever\'s the key is', () => {
    expect(verifySeal({ ...seal(RESULT, privateKey), runId: 'other' }, 'f', [of(['hue'])]).label).toBe('altered')
  })
  it('wants Ed25519 keys in PEM', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(() => readPrivateKey('hello', 'k.pem')).toThrow(/CONFORM_KEY_UNUSABLE.*k\.pem/)
    expect(() => readPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'k.pem')).toThrow(/of type rsa, not Ed25519/)
    expect(keyIdOf(readPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'k.pem'))).toBe(keyIdOf(publicKey))
  })
})

describe('every single field', () => {
  type Path = (string | number)[]
  const leaves = (value: unknown, path: Path = []): Path[] => typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, Array.isArray(value) ? Number(name) : name])) : [path]
  const changed = (value: unknown) => typeof value === 'number' ? [value + 1] : typeof value === 'string' ? [value === '' ? 'x' : `${value[0] === 'a' ? 'b' : 'a'}${value.slice(1)}`, `${value}x`] : value === null ? ['x', 0] : [!value]
  function withChange(whole: unknown, [name, ...rest]: Path, to: unknown): unknown {
    if (name === undefined) return to
    if (Array.isArray(whole)) return whole.with(name as number, withChange(whole[name as number], rest, to))
    return { ...whole as object, [name]: withChange((whole as Record<string, unknown>)[name], rest, to) }
  }
  const shown = { operation: 'o', method: 'POST', url: 'http://h', headers: { 'x-op': 'o' }, body: '{}', status: 500, answer: 'a', error: null, tookMs: 1 }
  const full = unsealed([outcome('a'), { ...outcome('b', 'broken'), expected: TEXT, observed: TEXT, exchange: shown, smallest: shown }, { ...outcome('c', 'not-triggerable'), why: TEXT }])

  it('that is changed, added or left out is refused, or is no result any more', () => {
    const sealed = seal(full, privateKey)
    expect(verifySeal(sealed, 'f', known).label).toBe('signed')
    const alterations = leaves(sealed).flatMap((path) => changed(path.reduce<any>((at, name) => at[name], sealed)).map((to) => [path.join('.'), withChange(sealed, path, to)] as const))
    alterations.push(['added', { ...sealed, extra: 1 }], ['an outcome less', { ...sealed, outcomes: sealed.outcomes.slice(1) }], ['in another order', { ...sealed, outcomes: sealed.outcomes.toReversed() }])
    const taken = alterations.filter(([, altered]) => {
      const parsed = ConformResult.safeParse(altered)
      return parsed.success && verifySeal(parsed.data, 'f', known).label !== 'altered'
    })
    expect(alterations.length).toBeGreaterThan(100)
    expect(taken.map(([path]) => path)).toEqual([])
  })
})
