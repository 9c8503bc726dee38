/**
 * A bank, a payment gateway or the State Treasury (contracts/reference/banks.ts): QR codes for the payment system, what payers do with them, and the
 * statement by which both sides reconcile. Money is integer VND; `expiresAt`, `paidAt` and the statement's days are on the scenario clock, days being
 * those of Asia/Ho_Chi_Minh. An order is known by its transactionCode, everything else by its reference: the same again gets the same answer.
 */
import { z } from 'zod'
import { BankCallback } from '../../api/inside.ts'
import type { Text } from '../../text.ts'
import { defineOperation, RefusalBody, type Example } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { Choices, Credited, CreditOrder, Paid, Period, QrCancel, QrOrder, QrState, RefundCallback, Scan, Statement } from './bank-messages.ts'

export * from './bank-messages.ts'

const REFERENCE_REUSED = { status: 409, when: { vi: 'mã tham chiếu đã dùng cho việc khác', en: 'the reference stands for something else' } }
const NO_QR = { status: 404, when: { vi: 'không có lệnh nào mang mã giao dịch này', en: 'nothing was ordered under this transaction code' } }
const ALREADY_PAID = { status: 409, when: { vi: 'mã QR đã được người khác thanh toán', en: 'the QR was paid under another reference' } }
const EXPIRED = { status: 410, when: { vi: 'mã QR đã hết hạn', en: 'the QR has expired' } }

const ORDER = {
  transactionCode: 'EX0001', account: '0011009990001', accountName: 'DON VI THU', amountVnd: 135_000, reference: 'example-qr', expiresAt: 4_102_444_800_000,
  callbackUrl: 'http://127.0.0.1:9/callbacks/bank',
}
const ORDERED: Text = { vi: 'một mã QR đã được tạo cho EX0001', en: 'a QR was issued for EX0001' }
const PAID: Text = { vi: 'EX0001 đã được thanh toán 135.000 đồng', en: '135,000 VND were paid for EX0001' }
const example = (vi: string, en: string, status: number, request: unknown, more: Partial<Example> = {}): Example => ({ title: { vi, en }, status, request, ...more })

export const listBanks = defineOperation({
  name: 'banks', method: 'GET', path: '/v1/banks', takes: 'query', request: z.object({}),
  answers: { 200: Choices, 400: RefusalBody },
  summary: { vi: 'Các ngân hàng mà người nộp tiền có thể chọn, và ngân hàng nào đang phục vụ', en: 'The banks among which a payer can choose, and which of them serve now' },
  examples: [example('Danh sách ngân hàng', 'The list of banks', 200, {})],
})

export const orderQr = defineOperation({
  name: 'qr', method: 'POST', path: '/v1/qr', takes: 'json', request: QrOrder,
  answers: { 201: z.object({ qr: z.string() }), 400: RefusalBody, 409: RefusalBody, 422: RefusalBody, 503: RefusalBody },
  summary: { vi: 'Tạo mã VietQR cho một giao dịch; cùng lệnh lần nữa trả cùng mã', en: 'Issues a VietQR code for a transaction; the same order again gets the same code' },
  refuses: {
    TRANSACTION_EXISTS: { status: 409, when: { vi: 'mã giao dịch đã dùng với nội dung khác', en: 'the transaction code was ordered with other particulars' } },
    BANK_UNKNOWN: { status: 422, when: { vi: 'ngân hàng đã chọn không có trong danh sách', en: 'the chosen bank is not on the list' } },
    BUDGET_CODE_MISSING: { status: 422, when: { vi: 'Kho bạc cần chương, tiểu mục và mã đơn vị ngân sách', en: 'the Treasury needs chapter, item and unit of the budget' } },
    BANK_UNAVAILABLE: { status: 503, when: { vi: 'ngân hàng đã chọn tạm ngừng phục vụ', en: 'the chosen bank does not serve now' } },
  },
  examples: [
    example('Tạo mã QR', 'Issue a QR', 201, { ...ORDER, budget: { chapter: '018', subItem: '2716', budgetUnit: '9900001' } }),
    example('Cùng mã giao dịch, số tiền khác', 'The same transaction code, another amount', 409, { ...ORDER, amountVnd: 1, budget: { chapter: '018', subItem: '2716', budgetUnit: '9900001' } }, { given: ORDERED }),
  ],
})

export const readQr = defineOperation({
  name: 'qr-status', method: 'GET', path: '/v1/qr/{transactionCode}', takes: 'query', request: z.object({ transactionCode: z.string().min(1) }),
  answers: { 200: QrState, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tình trạng của một mã QR và số tiền đã trả, đã hoàn', en: 'What became of a QR: paid, expired, cancelled, and how much was given back' },
  refuses: { TRANSACTION_UNKNOWN: NO_QR },
  examples: [example('Chưa thanh toán', 'Not yet paid', 200, { transactionCode: 'EX0001' }, { given: ORDERED }), example('Chưa từng có', 'Never ordered', 404, { transactionCode: 'EX9999' })],
})

export const cancelQr = defineOperation({
  name: 'cancel', method: 'POST', path: '/v1/qr/{transactionCode}/cancel', takes: 'json', request: QrCancel,
  answers: { 200: QrState, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 410: RefusalBody },
  summary: { vi: 'Hủy mã QR chưa thanh toán; sau đó không ai quét được nữa', en: 'Cancels a QR that is not paid; nobody can pay it afterwards' },
  refuses: {
    TRANSACTION_UNKNOWN: NO_QR, ALREADY_PAID, QR_EXPIRED: EXPIRED,
    ALREADY_CANCELLED: { status: 409, when: { vi: 'đã bị hủy theo tham chiếu khác', en: 'it was cancelled under another reference' } },
  },
  examples: [example('Chưa từng có', 'Never ordered', 404, { transactionCode: 'EX9999', reference: 'example-cancel' })],
})

export const scanQr = defineOperation({
  name: 'scan', method: 'POST', path: '/v1/scan', takes: 'json', request: Scan,
  answers: { 200: Paid, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 410: RefusalBody, 422: RefusalBody },
  summary: { vi: 'Người nộp tiền quét mã QR bằng ứng dụng ngân hàng (môi trường thử); sau đó ngân hàng báo cho hệ thống thanh toán', en: 'A payer scans a QR in the bank\'s app (test environment); the bank then tells the payment system' },
  refuses: {
    QR_UNREADABLE: { status: 400, when: { vi: 'không phải mã VietQR hoặc CRC sai', en: 'no VietQR payload, or its CRC does not fit' } },
    QR_UNKNOWN: { status: 404, when: { vi: 'ngân hàng này không tạo mã đó', en: 'this bank has not issued the QR' } },
    ALREADY_PAID, REFERENCE_REUSED, QR_EXPIRED: EXPIRED,
    QR_CANCELLED: { status: 410, when: { vi: 'mã QR đã bị hủy', en: 'the QR was cancelled' } },
    QR_ALTERED: { status: 422, when: { vi: 'mã QR khác với mã đã tạo cho giao dịch', en: 'the QR differs from the one issued for its transaction' } },
    AMOUNT_MISMATCH: { status: 422, when: { vi: 'số tiền khác với số tiền trong mã QR', en: 'the amount is not the QR\'s' } },
  },
  examples: [example('Không phải mã QR', 'Not a QR', 400, { qr: 'not a QR', personId: '999000000011', reference: 'example-scan' })],
})

export const orderCredit = defineOperation({
  name: 'credits', method: 'POST', path: '/v1/credits', takes: 'json', request: CreditOrder,
  answers: { 200: Credited, 201: Credited, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Hoàn tiền cho người nộp, toàn bộ hoặc một phần theo thỏa thuận; có thể báo lại bằng callback', en: 'Gives a payer back what was debited, whole or in parts as agreed; reported by a callback where one is asked for' },
  refuses: {
    TRANSACTION_UNKNOWN: { status: 404, when: { vi: 'chưa ghi nợ giao dịch này ở đây', en: 'nothing was debited here for the transaction' } },
    AMOUNT_MISMATCH: { status: 409, when: { vi: 'số tiền khác với số đã ghi nợ', en: 'another amount was debited' } },
    ALREADY_CREDITED: { status: 409, when: { vi: 'đã hoàn theo tham chiếu khác', en: 'it was given back under another reference' } },
    REFUND_EXCEEDS_DEBIT: { status: 409, when: { vi: 'tổng tiền hoàn vượt số đã ghi nợ', en: 'more would be given back than was debited' } },
    REFERENCE_REUSED,
  },
  examples: [example('Chưa có gì để hoàn', 'Nothing to give back', 404, { reference: 'example-refund', transactionCode: 'EX9999', amountVnd: 135_000 })],
})

export const readStatement = defineOperation({
  name: 'statement', method: 'GET', path: '/v1/statement', takes: 'query', request: Period,
  answers: { 200: Statement, 400: RefusalBody, 410: RefusalBody },
  summary: { vi: 'Sao kê ghi nợ và hoàn tiền của một ngày (giờ Việt Nam) hoặc một khoảng thời gian, từng trang, để đối soát', en: 'Debits and credits of a day (Vietnam time) or a period, by pages, for reconciliation' },
  refuses: { PERIOD_GONE: { status: 410, when: { vi: 'kỳ này có khoản không còn lưu', en: 'entries of the period are no longer kept' } } },
  examples: [
    example('Sao kê một ngày', 'The statement of a day', 200, { day: '2026-04-10' }),
    example('Một khoảng thời gian', 'A period', 200, { from: 1_775_779_200_000, to: 1_775_865_600_000, limit: 100 }),
    example('Không nói khoảng nào', 'No period given', 400, {}),
  ],
})

export const paidCallback: OutgoingCall = {
  name: 'callback', to: 'caller', after: 'scan', method: 'POST', path: '', takes: 'json', request: BankCallback, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo đã thanh toán đến callbackUrl của lệnh, gửi lại đến khi nhận 2xx', en: 'Tells the order\'s callbackUrl that it was paid, again until it is answered 2xx' },
  examples: [example('Đã thanh toán', 'Paid', 200, { transactionCode: 'EX0001', bankReference: 'VCB00000001000', reference: 'example-scan', amountVnd: 135_000, paidAt: 1_775_829_600_000 }, { given: PAID })],
}

export const refundCallback: OutgoingCall = {
  name: 'refund-callback', to: 'caller', after: 'credits', method: 'POST', path: '', takes: 'json', request: RefundCallback, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo đã hoàn tiền đến callbackUrl của lệnh hoàn, gửi lại đến khi nhận 2xx', en: 'Tells the refund order\'s callbackUrl that it was carried out, again until it is answered 2xx' },
  examples: [example('Đã hoàn', 'Given back', 200, { transactionCode: 'EX0001', bankReference: 'VCB00000002000', reference: 'example-refund', amountVnd: 135_000, paidAt: 1_775_830_000_000 }, { given: PAID })],
}

export const BANK: RoleContract = {
  id: 'bank', version: '1.0',
  title: { vi: 'Ngân hàng, cổng thanh toán, Kho bạc Nhà nước', en: 'Bank, payment gateway, State Treasury' },
  description: {
    vi: 'Tạo mã VietQR, nhận thanh toán, báo kết quả có chữ ký, hoàn tiền, sao kê đối soát.',
    en: 'Issues VietQR codes, takes payments, reports them with a signature, gives money back, and has a statement to reconcile by.',
  },
  senderHeader: 'x-bank',
  operations: [listBanks, orderQr, readQr, cancelQr, scanQr, orderCredit, readStatement], calls: [paidCallback, refundCallback],
}
