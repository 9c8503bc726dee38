/** The text of a QR by the scheme of the one who issues it (contracts/reference/banks.ts), and what a scanner reads in it, whoever issued it. */
import type { QrScheme } from '../../contracts/reference/banks.ts'
import { decodeVietQr, encodeVietQr } from './viet-qr.ts'
import { decodeVnpayQr, encodeVnpayQr } from './vnpay-qr.ts'

type Payee = { account: string; accountName: string; amountVnd: number; transactionCode: string }

export function encodePayload(scheme: QrScheme, { account, accountName, amountVnd, transactionCode }: Payee): string {
  if (scheme.scheme === 'vietqr') return encodeVietQr({ acquirerBin: scheme.acquirerBin, account, accountName, amountVnd, transactionCode })
  const { merchantId, categoryCode, city, terminal } = scheme
  return encodeVnpayQr({ merchantId, merchantName: accountName, categoryCode, city, terminal, amountVnd, transactionCode })
}

/** `issuer`: the bank's BIN or the gateway's merchant. */
export function decodePayload(text: string): { issuer: string; transactionCode: string } | undefined {
  const transfer = decodeVietQr(text)
  if (transfer) return { issuer: transfer.acquirerBin, transactionCode: transfer.transactionCode }
  const payment = decodeVnpayQr(text)
  return payment && { issuer: payment.merchantId, transactionCode: payment.transactionCode }
}

export function issuerOf(scheme: QrScheme): string { return scheme.scheme === 'vietqr' ? scheme.acquirerBin : scheme.merchantId }
