/**
 * The parties of online payment: two commercial banks, a payment gateway and the State Treasury (facts section 1), each one row of data. BINs and the
 * schemes' application ids are the public ones of NAPAS; what is marked assumed stands for an agreement that is not public.
 */
import type { Text } from '../text.ts'

export const BANK_KINDS = ['bank', 'gateway', 'treasury'] as const
export type BankKind = (typeof BANK_KINDS)[number]

/** `vietqr`: a transfer to an account at the bank with this BIN. `vnpay`: a payment to a merchant of the gateway, from any bank. */
export type QrScheme = { scheme: 'vietqr'; acquirerBin: string } | { scheme: 'vnpay'; merchantId: string; categoryCode: string; city: string; terminal: string }

export type BankRow = {
  /** The system's id in a target. */
  id: string
  kind: BankKind
  title: Text
  /** Of its own references. */
  prefix: string
  qr: QrScheme
  /** Codes of the banks among which a payer can choose here. */
  offers: readonly string[]
  /** Whether a payment can be given back in parts, or only whole. */
  refunds: 'whole' | 'partial'
}

/** A bank that payers can choose. */
export type PayerBank = { code: string; bin: string; title: Text }

export const PAYER_BANKS: readonly PayerBank[] = [
  { code: 'VCB', bin: '970436', title: { vi: 'Ngân hàng Ngoại thương Việt Nam', en: 'Bank for Foreign Trade of Vietnam' } },
  { code: 'BIDV', bin: '970418', title: { vi: 'Ngân hàng Đầu tư và Phát triển Việt Nam', en: 'Bank for Investment and Development of Vietnam' } },
  { code: 'VIETINBANK', bin: '970415', title: { vi: 'Ngân hàng Công thương Việt Nam', en: 'Vietnam Bank for Industry and Trade' } },
  { code: 'AGRIBANK', bin: '970405', title: { vi: 'Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam', en: 'Vietnam Bank for Agriculture and Rural Development' } },
  { code: 'MB', bin: '970422', title: { vi: 'Ngân hàng Quân đội', en: 'Military Bank' } },
]

export const BANKS: readonly BankRow[] = [
  {
    id: 'bank-vcb', kind: 'bank', prefix: 'VCB', title: { vi: 'Ngân hàng Ngoại thương Việt Nam (VCB)', en: 'Bank for Foreign Trade of Vietnam (VCB)' },
    qr: { scheme: 'vietqr', acquirerBin: '970436' }, offers: ['VCB'], refunds: 'whole',
  },
  {
    id: 'bank-bidv', kind: 'bank', prefix: 'BIDV', title: { vi: 'Ngân hàng Đầu tư và Phát triển Việt Nam (BIDV)', en: 'Bank for Investment and Development of Vietnam (BIDV)' },
    qr: { scheme: 'vietqr', acquirerBin: '970418' }, offers: ['BIDV'], refunds: 'whole',
  },
  {
    id: 'bank-vnpay', kind: 'gateway', prefix: 'VNP', title: { vi: 'Cổng thanh toán VNPAY', en: 'Payment gateway VNPAY' },
    // The merchant and its terminal are assumed: the portal's agreement with the gateway is not public.
    qr: { scheme: 'vnpay', merchantId: '9900000001', categoryCode: '9399', city: 'HANOI', terminal: 'DVCQG001' },
    offers: PAYER_BANKS.map(({ code }) => code), refunds: 'partial',
  },
  {
    id: 'bank-treasury', kind: 'treasury', prefix: 'KB', title: { vi: 'Kho bạc Nhà nước', en: 'State Treasury' },
    // Assumed: the Treasury's own number among the banks; 9799xx is given to nobody.
    qr: { scheme: 'vietqr', acquirerBin: '979901' }, offers: ['VCB', 'BIDV', 'VIETINBANK', 'AGRIBANK'], refunds: 'partial',
  },
]

export function bankOf(id: string): BankRow | undefined { return BANKS.find((bank) => bank.id === id) }
