/**
 * The QR payload of a transfer: EMVCo merchant-presented code with NAPAS's VietQR structure (template 38, service QRIBFTTA), dynamic, in VND.
 * In: who is to be paid, how much (integer VND), the transaction's code. Out: the text, closed by its CRC; and back again.
 * The transaction's code stands in 62.01 (bill number), and 62.08 (purpose) as payers see it. Expiry is not part of the code: the bank keeps it.
 */
import { crc16 } from './crc16.ts'
import { decodeTlv, encodeTlv } from './tlv.ts'

export type VietQr = { acquirerBin: string; account: string; accountName: string; amountVnd: number; transactionCode: string }

const NAPAS_GUID = 'A000000727'
const TRANSFER_TO_ACCOUNT = 'QRIBFTTA'
const VND = '704'

export function encodeVietQr(qr: VietQr): string {
  const body = encodeTlv([
    ['00', '01'],
    ['01', '12'],
    ['38', encodeTlv([['00', NAPAS_GUID], ['01', encodeTlv([['00', qr.acquirerBin], ['01', qr.account]])], ['02', TRANSFER_TO_ACCOUNT]])],
    ['53', VND],
    ['54', String(qr.amountVnd)],
    ['58', 'VN'],
    ['59', printable(qr.accountName)],
    ['62', encodeTlv([['01', qr.transactionCode], ['08', `TT ${qr.transactionCode}`]])],
  ])
  return withCrc(body)
}

/** Undefined where it is no VietQR of a transfer in VND, or the CRC does not fit. */
export function decodeVietQr(text: string): VietQr | undefined {
  const fields = readChecked(text)
  const merchant = decodeTlv(fields?.get('38') ?? '')
  const beneficiary = decodeTlv(merchant?.get('01') ?? '')
  const additional = decodeTlv(fields?.get('62') ?? '')
  const [acquirerBin, account, transactionCode] = [beneficiary?.get('00'), beneficiary?.get('01'), additional?.get('01')]
  const known = merchant?.get('00') === NAPAS_GUID && merchant.get('02') === TRANSFER_TO_ACCOUNT
  if (!fields || !known || !acquirerBin || !account || !transactionCode || !isDynamicVnd(fields)) return undefined
  return { acquirerBin, account, accountName: fields.get('59') ?? '', amountVnd: Number(fields.get('54')), transactionCode }
}

/** The fields of a payload that is closed by a CRC that fits. */
export function readChecked(text: string): Map<string, string> | undefined {
  return text.slice(-8, -4) === '6304' && crc16(text.slice(0, -4)) === text.slice(-4) ? decodeTlv(text) : undefined
}

/** A payload of one payment in whole dong. */
export function isDynamicVnd(fields: ReadonlyMap<string, string>): boolean {
  return fields.get('00') === '01' && fields.get('53') === VND && /^[1-9]\d{0,12}$/.test(fields.get('54') ?? '')
}

export function withCrc(body: string): string { return `${body}6304${crc16(`${body}6304`)}` }

/** Names in QR codes are ASCII capitals, at most 25: banking apps show nothing else reliably. */
export function printable(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'D').toUpperCase().replace(/[^A-Z0-9 .,-]/g, ' ').trim()
  return plain.slice(0, 25).trim() || 'KHONG TEN'
}
