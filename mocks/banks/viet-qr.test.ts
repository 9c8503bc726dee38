import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from './crc16.ts'
import { decodeTlv, encodeTlv } from './tlv.ts'
import { decodeVietQr, encodeVietQr, withCrc, type VietQr } from './viet-qr.ts'

const QR: VietQr = { acquirerBin: '970436', account: '0011009990001', accountName: 'KHO BAC NHA NUOC', amountVnd: 135_000, transactionCode: 'TX260410000123' }

const anyQr = fc.record({
  acquirerBin: fc.stringMatching(/^97\d{4}$/), account: fc.stringMatching(/^[0-9A-Z]{1,19}$/), accountName: fc.stringMatching(/^[A-Z][A-Z0-9]{0,24}$/),
  amountVnd: fc.integer({ min: 1, max: 9_999_999_999_999 }), transactionCode: fc.stringMatching(/^[A-Z0-9-]{1,30}$/),
})

describe('CRC-16/CCITT-FALSE', () => {
  it.each([['123456789', '29B1'], ['', 'FFFF'], ['A', 'B915']])('of %j is %s', (text, crc) => { expect(crc16(text)).toBe(crc) })
})

describe('TLV', () => {
  it('is read back as written', () => {
    const field = fc.tuple(fc.stringMatching(/^\d{2}$/), fc.string({ unit: 'binary', minLength: 1, maxLength: 99 }).filter((value) => [...value].length > 0))
    fc.assert(fc.property(fc.uniqueArray(field, { selector: ([tag]) => tag, maxLength: 10 }), (fields) => {
      expect(decodeTlv(encodeTlv(fields))).toEqual(new Map(fields))
    }))
  })
  it.each(['0', '00', '0002', '0005AB', 'AB02xx', '0000'])('of %j is none', (text) => { expect(decodeTlv(text)).toBeUndefined() })
  it('refuses what does not fit', () => { expect(() => encodeTlv([['54', 'x'.repeat(100)]])).toThrow('field 54 has 100 characters') })
})

describe('VietQR', () => {
  it('has the structure that banking apps read', () => {
    expect(encodeVietQr(QR)).toBe('00020101021238570010A00000072701270006970436011300110099900010208QRIBFTTA530370454061350005802VN5916KHO BAC NHA NUOC62390114TX2604100001230817TT TX2604100001236304A1E7')
  })
  it('reads the example of NAPAS\'s own guide', () => {
    expect(decodeVietQr('00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E'))
      .toEqual({ acquirerBin: '970403', account: '0011012345678', accountName: '', amountVnd: 180_000, transactionCode: 'NPS6869' })
  })
  it('is read back as written', () => {
    fc.assert(fc.property(anyQr, (qr) => { expect(decodeVietQr(encodeVietQr(qr))).toEqual(qr) }))
  })
  it('is not read where any one character was changed', () => {
    const text = encodeVietQr(QR)
    fc.assert(fc.property(fc.nat(text.length - 1), fc.stringMatching(/^[0-9A-Z ]$/), (at, character) => {
      fc.pre(text[at] !== character)
      expect(decodeVietQr(text.slice(0, at) + character + text.slice(at + 1))).toBeUndefined()
    }))
  })
  it.each([
    ['dollars', (body: string) => body.replace('5303704', '5303840')],
    ['another scheme', (body: string) => body.replace('A000000727', 'A000000728')],
    ['a fraction of a dong', (body: string) => body.replace('5406135000', '54061350.5')],
  ])('is not one for %s, whatever its CRC', (_title, change) => {
    const body = change(encodeVietQr(QR).slice(0, -8))
    expect(decodeVietQr(withCrc(body))).toBeUndefined()
  })
  it('writes names as QR codes can carry them', () => {
    expect(decodeVietQr(encodeVietQr({ ...QR, accountName: 'Kho bạc Nhà nước Đắk Lắk – thu phí, lệ phí' }))!.accountName).toBe('KHO BAC NHA NUOC DAK LAK')
    expect(decodeVietQr(encodeVietQr({ ...QR, accountName: '会社' }))!.accountName).toBe('KHONG TEN')
  })
})
