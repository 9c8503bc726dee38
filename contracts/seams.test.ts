import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { nearest } from './did-you-mean.ts'
import { clockOffsetMs, formatDuration, parseDurationMs } from './duration.ts'
import { DossierCode, dossierCode, LegacyDossierCode, legacyDossierCode } from './ids.ts'
import { INCIDENT_IDS } from './incidents.ts'
import { deriveOp, parseOp } from './op.ts'
import { PARTNERS } from './reference/partners.ts'
import { handlingPartner, PROCEDURES } from './reference/procedures.ts'
import { isoHanoi } from './scenario-clock.ts'
import { VERDICTS, worst } from './verdict.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('op', () => {
  it('is a pure function of seed, scenario, iteration and step, and can be taken apart', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 0, max: 9_999_999 }), fc.constantFrom('push', 'submit', 'qr-scan'), (seed, iteration, step) => {
      const op = deriveOp(sha256, seed, 'sync-w1', iteration, step)
      expect(op).toBe(deriveOp(sha256, seed, 'sync-w1', iteration, step))
      expect(parseOp(op)).toMatchObject({ scenario: 'sync-w1', iteration, step })
      expect(deriveOp(sha256, seed + 1, 'sync-w1', iteration, step)).not.toBe(op)
    }))
  })
  it.each(['', 'a.b.c.d', 'sync.1.push', 'sync.1.push.zzzzzzzzzz', 'DROP TABLE'])('%j is no op', (text) => { expect(parseOp(text)).toBeUndefined() })
})

describe('verdicts', () => {
  const words = fc.array(fc.constantFrom(...VERDICTS), { minLength: 1 })
  it('merge is commutative, idempotent, and the worst wins', () => {
    fc.assert(fc.property(words, words, (a, b) => {
      expect(worst([...a, ...b])).toBe(worst([...b, ...a]))
      expect(worst([worst(a), worst(b)])).toBe(worst([...a, ...b]))
      expect(worst([...a, ...a])).toBe(worst(a))
      if (a.includes('fail')) expect(worst(a)).toBe('fail')
    }))
  })
  it('of nothing is inconclusive', () => { expect(worst([])).toBe('inconclusive') })
})

describe('canonical JSON', () => {
  it('does not depend on the order of keys, and is JSON', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value))
    }))
  })
  it.each([Number.NaN, Infinity, () => 0, 3n])('refuses %s', (value) => { expect(() => canonicalJson({ value })).toThrow(TypeError) })
})

describe('names and clocks', () => {
  it('codes have the official forms', () => {
    for (const { unitCode } of PARTNERS) {
      expect(DossierCode.safeParse(dossierCode(unitCode, '260410', 7)).success).toBe(true)
      expect(LegacyDossierCode.safeParse(legacyDossierCode(unitCode, 2024, 7)).success).toBe(true)
    }
  })
  it('there are 14 ministries, Public Security, EVN and 34 provinces, each once', () => {
    expect(PARTNERS.filter((partner) => partner.kind === 'ministry')).toHaveLength(15)
    expect(PARTNERS.filter((partner) => partner.kind === 'utility')).toHaveLength(1)
    expect(PARTNERS.filter((partner) => partner.kind === 'province')).toHaveLength(34)
    expect(new Set(PARTNERS.map((partner) => partner.id)).size).toBe(50)
    expect(new Set(PARTNERS.map((partner) => partner.unitCode)).size).toBe(50)
  })
  it('every procedure is handled by a partner that exists', () => {
    const ids = new Set(PARTNERS.map((partner) => partner.id))
    for (const procedure of PROCEDURES) expect(ids).toContain(handlingPartner(procedure, 'ha-noi'))
  })
  it('there are 44 incidents', () => { expect(INCIDENT_IDS).toHaveLength(44) })
  it.each([['90s', 90_000], ['20m', 1_200_000], ['1.5h', 5_400_000], ['500ms', 500]])('%s is %i ms', (text, ms) => { expect(parseDurationMs(text)).toBe(ms) })
  it.each(['', '5', 's', '5 s', '-1s', '1w'])('%j is no duration', (text) => { expect(parseDurationMs(text)).toBeUndefined() })
  it('times past midnight belong to the same night', () => {
    expect(clockOffsetMs('21:00', '21:00')).toBe(0)
    expect(clockOffsetMs('21:00', '02:30')).toBe(5.5 * 3_600_000)
    expect(formatDuration(5.5 * 3_600_000)).toBe('5.5h')
  })
  it('paper times are Hanoi\'s', () => { expect(isoHanoi(Date.UTC(2026, 3, 10, 14, 0))).toBe('2026-04-10T21:00:00+07:00') })
  it.each([['dns-unevne', 'dns-uneven'], ['sync_lost', 'sync-lost']])('%s is near to %s', (word, expected) => { expect(nearest(word, INCIDENT_IDS)).toBe(expected) })
  it('nothing is near to nonsense', () => { expect(nearest('qqqqqqqq', INCIDENT_IDS)).toBeUndefined() })
})
