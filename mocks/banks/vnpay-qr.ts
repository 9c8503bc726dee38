/**
 * The QR payload of a payment to a merchant of the gateway: EMVCo merchant-presented code with VNPAY's own template (26, A000000775), dynamic, in VND.
 * It names the merchant, not the account: whose account is paid is the gateway's knowledge, by the transaction's code in 62.01.
 */
import { decodeTlv, encodeTlv } from './tlv.ts'
import { isDynamicVnd, printable, readChecked, withCrc } from './viet-qr.ts'

export type VnpayQr = { merchantId: string; merchantName: string; categoryCode: string; city: string; terminal: string; amountVnd: number; transactionCode: string }

const VNPAY_GUID = 'A000000775'

export function encodeVnpayQr(qr: VnpayQr): string {
  return withCrc(encodeTlv([
    ['00', '01'],
    ['01', '12'],
    ['26', encodeTlv([['00', VNPAY_GUID], ['01', qr.merchantId]])],
    ['52', qr.categoryCode],
    ['53', '704'],
    ['54', String(qr.amountVnd)],
    ['58', 'VN'],
    ['59', printable(qr.merchantName)],
    ['60', qr.city],
    ['62', encodeTlv([['01', qr.transactionCode], ['07', qr.terminal], ['08', `TT ${qr.transactionCode}`]])],
  ]))
}

/** Undefined where it is none, or the CRC does not fit. */
export function decodeVnpayQr(text: string): VnpayQr | undefined {
  const fields = readChecked(text)
  const merchant = decodeTlv(fields?.get('26') ?? '')
  const additional = decodeTlv(fields?.get('62') ?? '')
  const [merchantId, transactionCode] = [merchant?.get('01'), additional?.get('01')]
  if (!fields || merchant?.get('00') !== VNPAY_GUID || !merchantId || !transactionCode || !isDynamicVnd(fields)) return undefined
  return {
    merchantId, merchantName: fields.get('59') ?? '', categoryCode: fields.get('52') ?? '', city: fields.get('60') ?? '', terminal: additional?.get('07') ?? '',
    amountVnd: Number(fields.get('54')), transactionCode,
  }
}
