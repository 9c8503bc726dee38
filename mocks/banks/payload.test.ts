/** What an independent reader (the npm package vietnam-qr-pay) makes of the QR codes that the simulated banks issue, and the other way round. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QRPay } from 'vietnam-qr-pay'
import { QrOrder } from '../../contracts/partner-api/roles/bank.ts'
import { BANKS, type BankRow } from '../../contracts/reference/banks.ts'
import { openBank } from './bank-bench.ts'
import { decodePayload, encodePayload, issuerOf } from './payload.ts'
import { decodeVnpayQr, encodeVnpayQr } from './vnpay-qr.ts'

const order = fc.record({
  account: fc.stringMatching(/^[0-9A-Za-z]{1,19}$/), accountName: fc.string({ unit: fc.constantFrom(...'Kho bạc Nhà nước Đắk Lắk 123.,-') , minLength: 1, maxLength: 60 }),
  amountVnd: fc.integer({ min: 1, max: 9_999_999_999_999 }), transactionCode: fc.stringMatching(/^[\x21-\x7e]{1,22}$/),
})
const rows = BANKS.map((row): [string, BankRow] => [row.id, row])

describe.each(rows)('a QR of %s', (_id, { qr }) => {
  it('is read by an independent reader as it was meant', () => {
    fc.assert(fc.property(order, (payee) => {
      const read = new QRPay(encodePayload(qr, payee))
      expect({ valid: read.isValid, version: read.version, method: read.initMethod, currency: read.currency, nation: read.nation, amount: read.amount, bill: read.additionalData.billNumber, purpose: read.additionalData.purpose }).toEqual({
        valid: true, version: '01', method: '12', currency: '704', nation: 'VN', amount: String(payee.amountVnd), bill: payee.transactionCode, purpose: `TT ${payee.transactionCode}`,
      })
      expect(read.provider).toMatchObject(qr.scheme === 'vietqr' ? { fieldId: '38', guid: 'A000000727', service: 'QRIBFTTA' } : { fieldId: '26', guid: 'A000000775' })
      if (qr.scheme === 'vietqr') expect(read.consumer).toEqual({ bankBin: qr.acquirerBin, bankNumber: payee.account })
      else expect({ merchant: read.merchant.id, category: read.category, city: read.city, terminal: read.additionalData.terminal }).toEqual({ merchant: qr.merchantId, category: qr.categoryCode, city: qr.city, terminal: qr.terminal })
      expect(read.merchant.name).toMatch(/^[A-Z0-9 .,-]{1,25}$/)
      // Written again by the independent writer it says the same.
      expect(decodePayload(read.build())).toEqual({ issuer: issuerOf(qr), transactionCode: payee.transactionCode })
    }))
  })

  it('has no field longer than EMVCo allows, whatever the contract takes', () => {
    fc.assert(fc.property(order, (payee) => {
      const { additionalData, merchant } = new QRPay(encodePayload(qr, payee))
      for (const text of [additionalData.billNumber, additionalData.purpose, additionalData.terminal ?? '', merchant.name]) expect(text!.length).toBeLessThanOrEqual(25)
    }))
    const tooLong = QrOrder.safeParse({ transactionCode: 'X'.repeat(23), account: '1', accountName: 'A', amountVnd: 1, reference: 'r', expiresAt: 1, callbackUrl: 'http://x.test' })
    expect(tooLong.error?.issues.map(({ path }) => path)).toEqual([['transactionCode']])
  })

  it('is read by nobody once any one character was changed', () => {
    const text = encodePayload(qr, { account: '0011009990001', accountName: 'KHO BAC', amountVnd: 135_000, transactionCode: 'TX1' })
    fc.assert(fc.property(fc.nat(text.length - 1), fc.stringMatching(/^[0-9A-Z ]$/), (at, character) => {
      fc.pre(text[at] !== character)
      const altered = text.slice(0, at) + character + text.slice(at + 1)
      expect([decodePayload(altered), new QRPay(altered).isValid]).toEqual([undefined, false])
    }))
  })
})

describe('a QR of the gateway', () => {
  it('is read back as written', () => {
    fc.assert(fc.property(fc.record({
      merchantId: fc.stringMatching(/^\d{10}$/), merchantName: fc.stringMatching(/^[A-Z][A-Z0-9]{0,24}$/), categoryCode: fc.stringMatching(/^\d{4}$/), city: fc.stringMatching(/^[A-Z]{1,15}$/),
      terminal: fc.stringMatching(/^[A-Z0-9]{1,8}$/), amountVnd: fc.integer({ min: 1, max: 9_999_999_999_999 }), transactionCode: fc.stringMatching(/^[A-Z0-9-]{1,22}$/),
    }), (qr) => { expect(decodeVnpayQr(encodeVnpayQr(qr))).toEqual(qr) }))
  })
})

it('reads what the independent writer makes', () => {
  const transfer = QRPay.initVietQR({ bankBin: '970436', bankNumber: '0011009990001', amount: '135000', purpose: 'TT TX1' })
  transfer.additionalData.billNumber = 'TX1'
  expect(decodePayload(transfer.build())).toEqual({ issuer: '970436', transactionCode: 'TX1' })
  const payment = QRPay.initVNPayQR({ merchantId: '9900000001', merchantName: 'DON VI THU', store: 'DVCQG', terminal: 'T1', amount: '135000', billNumber: 'TX1' })
  payment.initMethod = '12'
  expect(decodePayload(payment.build())).toEqual({ issuer: '9900000001', transactionCode: 'TX1' })
})

it.each(rows)('what %s answers over the wire is such a QR', async (id) => {
  await using bank = await openBank(id)
  const read = new QRPay(await bank.issue())
  expect([read.isValid, read.amount, read.additionalData.billNumber]).toEqual([true, '135000', 'TX1'])
})
