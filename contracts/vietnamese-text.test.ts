import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PARTNERS } from './reference/partners.ts'
import { personOf } from './reference/people.ts'
import { PROCEDURES } from './reference/procedures.ts'
import { comparisonKey, decodeTcvn3, encodeTcvn3, isTcvn3Remain, repairText } from './vietnamese-text.ts'

const SENTENCES = [...PROCEDURES.map(({ title }) => title.vi), ...PARTNERS.map(({ title }) => title.vi)]

describe('TCVN3 remains', () => {
  // The right column is what `iconv -t TCVN5712-1 | iconv -f LATIN1` gives.
  it.each([
    ['Nguyễn Văn', 'NguyÔn V¨n'],
    ['Người Thử', 'Ng\u00adêi Thö'],
    ['Đặng Thị Hòa', '§Æng ThÞ Hßa'],
    ['hồ sơ', 'hå s¬'],
  ])('%s was read as %s', (text, misread) => {
    expect(encodeTcvn3(text)).toBe(misread)
    expect(decodeTcvn3(misread)).toBe(text)
    expect(isTcvn3Remain(misread)).toBe(true)
    expect(repairText(misread)).toEqual({ text, repairs: ['tcvn3'] })
  })

  it.each(['Hoá', 'Müller', 'François', 'Nguyễn Văn', 'Nguyen Van', '', '123', '50 m²', 'Hòa Bình', 'à á ô'])('%s is left as it is', (text) => {
    expect(isTcvn3Remain(text)).toBe(false)
    expect(repairText(text)).toEqual({ text, repairs: [] })
  })

  it('come back for every invented person and every title', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), (index) => {
      const { name } = personOf(index)
      expect(repairText(encodeTcvn3(name)!).text).toBe(name)
    }))
    for (const title of SENTENCES) expect(repairText(title).repairs).toEqual([])
  })

  it('has no code for a letter outside the table', () => {
    expect(encodeTcvn3('Ứng')).toBeUndefined()
  })
})

describe('repairText', () => {
  it('composes, folds and trims, and says so', () => {
    expect(repairText(' Trần\u00a0 Thị '.normalize('NFD'))).toEqual({ text: 'Trần Thị', repairs: ['nfc', 'spaces'] })
  })

  it('mends only what is wanted', () => {
    expect(repairText('NguyÔn  V¨n ', ['spaces'])).toEqual({ text: 'NguyÔn V¨n', repairs: ['spaces'] })
  })

  it('changes nothing the second time', () => {
    const text = fc.oneof(fc.integer({ min: 0, max: 99_999_999 }).map((index) => personOf(index).name), fc.constantFrom(...SENTENCES), fc.string({ unit: 'grapheme-ascii', maxLength: 20 }))
    fc.assert(fc.property(text, fc.constantFrom('', ' ', '\u00a0'), (sentence, space) => {
      const once = repairText(space + sentence + space).text
      expect(repairText(once).text).toBe(once)
    }))
  })
})

describe('comparisonKey', () => {
  it.each([
    ['hòa', 'hoà'], ['Thúy', 'thuý'], ['Khỏe', 'Khoẻ'], ['Trần  Văn', 'Trần Văn '.normalize('NFD')], ['Nguyễn', 'NguyÔn'],
  ])('holds %s and %s for the same', (a, b) => { expect(comparisonKey(a)).toBe(comparisonKey(b)) })

  it.each([['hòa', 'hóa'], ['hoa', 'hoà'], ['Trần', 'Trân'], ['đi', 'di'], ['Lê Văn', 'LêVăn']])('tells %s from %s', (a, b) => {
    expect(comparisonKey(a)).not.toBe(comparisonKey(b))
  })
})
