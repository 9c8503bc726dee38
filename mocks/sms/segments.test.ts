import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segmentsOf } from './segments.ts'

const gsm = (segments: number) => ({ encoding: 'gsm-7', segments })
const ucs = (segments: number) => ({ encoding: 'ucs-2', segments })

describe('segments of a text', () => {
  it.each<[title: string, text: string, segmented: object]>([
    ['one character', 'A', gsm(1)],
    ['160 of the 7-bit alphabet', 'a'.repeat(160), gsm(1)],
    ['161 of it', 'a'.repeat(161), gsm(2)],
    ['twice 153', 'a'.repeat(306), gsm(2)],
    ['one more', 'a'.repeat(307), gsm(3)],
    ['80 of the extension table, which count twice', '€'.repeat(80), gsm(1)],
    ['81 of it', '€'.repeat(81), gsm(2)],
    ['an escape that would be cut in two', `${'a'.repeat(152)}€${'a'.repeat(153)}`, gsm(3)],
    ['the same length without one', 'a'.repeat(154 + 152), gsm(2)],
    ['70 with Vietnamese marks', 'ạ'.repeat(70), ucs(1)],
    ['71 of them', 'ạ'.repeat(71), ucs(2)],
    ['twice 67', 'ạ'.repeat(134), ucs(2)],
    ['one more of them', 'ạ'.repeat(135), ucs(3)],
    ['one marked letter in a text without marks', `${'a'.repeat(70)}ạ`, ucs(2)],
    ['letters with marks that are in the 7-bit alphabet', 'àéèìòù', gsm(1)],
    ['decomposed letters count as they are sent', 'ạ'.normalize('NFD').repeat(36), ucs(2)],
    ['35 surrogate pairs', '😀'.repeat(35), ucs(1)],
    ['a pair that would be cut in two', `${'ạ'.repeat(66)}😀${'ạ'.repeat(66)}`, ucs(3)],
  ])('%s', (_title, text, segmented) => { expect(segmentsOf(text)).toEqual(segmented) })

  it('grow with the text, and a Vietnamese text without its marks never takes more', () => {
    const words = fc.array(fc.constantFrom('Hồ', 'sơ', 'đã', 'được', 'tiếp', 'nhận', 'so', '{1}', '€'), { minLength: 1, maxLength: 120 })
    fc.assert(fc.property(words, (all) => {
      const text = all.join(' ')
      const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd')
      expect(segmentsOf(plain).segments).toBeLessThanOrEqual(segmentsOf(text).segments)
      expect(segmentsOf(`${text} ${text}`).segments).toBeGreaterThanOrEqual(segmentsOf(text).segments)
    }))
  })
})
