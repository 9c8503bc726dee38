/** What goes to and from a bank (bank.ts): orders, scans, refunds, the state of a QR, the statement, and what the bank reports by itself. */
import { z } from 'zod'
import { BANK_KINDS } from '../../reference/banks.ts'
import { Text } from '../../text.ts'

const HttpUrl = z.url({ protocol: /^https?$/ })
const Reference = z.string().min(1)
/** With `TT ` before it in the purpose field: EMVCo gives each field of template 62 at most 25 characters. */
const TransactionCode = z.string().regex(/^[\x21-\x7e]{1,22}$/)
const AmountVnd = z.int().min(1).max(9_999_999_999_999)
const At = z.number()

/** To which chapter and item of the state budget a payment goes, and for which unit: the State Treasury asks it of every order. */
export const BudgetCode = z.strictObject({
  chapter: z.string().regex(/^\d{3}$/), subItem: z.string().regex(/^\d{4}$/), budgetUnit: z.string().regex(/^\d{7}$/), area: z.string().regex(/^\d{5}$/).optional(),
})
export type BudgetCode = z.infer<typeof BudgetCode>

export const QrOrder = z.strictObject({
  transactionCode: TransactionCode, account: z.string().regex(/^[0-9A-Za-z]{1,19}$/), accountName: z.string().min(1),
  amountVnd: AmountVnd, reference: Reference, expiresAt: At, callbackUrl: HttpUrl,
  /** The bank that the payer chose of `GET /v1/banks`; any of them where it is not said. */
  bankCode: z.string().optional(),
  budget: BudgetCode.optional(),
})
export type QrOrder = z.infer<typeof QrOrder>
/** `amountVnd`: what the payer believes to pay, where the app says it. */
export const Scan = z.strictObject({ qr: z.string(), personId: z.string().min(1), reference: Reference, amountVnd: AmountVnd.optional() })
export const QrCancel = z.strictObject({ transactionCode: z.string().min(1), reference: Reference })
export const CreditOrder = z.strictObject({ reference: Reference, transactionCode: z.string().min(1), amountVnd: AmountVnd, callbackUrl: HttpUrl.optional() })
export type CreditOrder = z.infer<typeof CreditOrder>

export const QR_STATES = ['issued', 'paid', 'expired', 'cancelled'] as const
export const QrState = z.object({
  transactionCode: z.string(), status: z.enum(QR_STATES), amountVnd: AmountVnd, expiresAt: At,
  bankReference: z.string().nullable(), paidAt: At.nullable(), creditedVnd: z.int(),
})

/** Either a day or a period, from ≤ paidAt < to. `after`: `next` of the page before. */
export const Period = z.object({
  from: z.coerce.number().optional(), to: z.coerce.number().optional(), day: z.iso.date().optional(),
  after: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1_000).default(500),
}).refine(({ from, to, day }) => day === undefined ? from !== undefined && to !== undefined : from === undefined && to === undefined, { error: 'either day, or from and to', path: ['day'] })
const Entry = z.object({
  kind: z.enum(['debit', 'credit']), bankReference: z.string(), transactionCode: z.string(), account: z.string(), amountVnd: AmountVnd, reference: z.string(), paidAt: At,
  bankCode: z.string().optional(), budget: BudgetCode.optional(),
})
/** Totals are of the whole period, whatever the page. */
export const Statement = z.object({
  entries: z.array(Entry), next: z.int().nullable(),
  totals: z.object({ debits: z.int(), debitVnd: z.int(), credits: z.int(), creditVnd: z.int() }),
})
export const Paid = z.object({ bankReference: z.string(), paidAt: At })
export const Credited = z.object({ bankReference: z.string() })
export const Choices = z.object({ kind: z.enum(BANK_KINDS), banks: z.array(z.object({ code: z.string(), bin: z.string(), title: Text, available: z.boolean() })) })

export const RefundCallback = z.strictObject({ transactionCode: z.string(), bankReference: z.string(), reference: z.string(), amountVnd: z.int(), paidAt: At })
export type RefundCallback = z.infer<typeof RefundCallback>
