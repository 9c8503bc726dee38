/**
 * Magic identifiers: a certain citizen, phone, amount or dossier gives a certain answer of a simulated partner, so that a vendor can call up each situation
 * without setting anything. Known to `tongduyet mocks`, never in a rehearsal. All values are of ranges that belong to nobody (citizens 9999999…, phones
 * +849999…, amounts 999 000 …, dossier numbers 999000…); the last digits say what happens. `docs/mocks.md` lists them (a test keeps the list true).
 */
import type { Behaviour } from '../api/behaviour.ts'
import { SMS_FAILURES } from '../reference/sms-gateways.ts'
import type { Text } from '../text.ts'

export type MagicEffect = Pick<Behaviour, 'status' | 'code' | 'delayMs' | 'reset' | 'copies' | 'lose' | 'afterNext' | 'outcome'>

export type MagicIdentifier = {
  /** Unique: `sms-phone-503`. */
  id: string
  role: string
  /** An operation of the role, or one of its outgoing calls. */
  operation: string
  field: string
  value: string | number
  effect: MagicEffect
  text: Text
}

/** How a value is compared: phones in either form (0999… and +84999…), dossier codes by their running number, the rest as it is. */
export function magicKey(field: string, value: string | number): string {
  const text = String(value)
  if (field === 'phone') return text.replace(/^\+?84(?=9)/, '0')
  if (field === 'dossierCode') return text.slice(text.lastIndexOf('-') + 1)
  return text
}

const TEXTS = {
  slow: { vi: 'trả lời sau 5 giây, việc đã làm', en: 'answers after 5 seconds; the work is done' },
  throttled: { vi: 'quá nhiều yêu cầu: 429 THROTTLED, Retry-After 2', en: 'too many requests: 429 THROTTLED, Retry-After 2' },
  outage: { vi: 'ngừng phục vụ: 503 OUT_OF_SERVICE', en: 'out of service: 503 OUT_OF_SERVICE' },
  resetBefore: { vi: 'ngắt kết nối, chưa làm gì', en: 'the connection breaks; nothing was done' },
  resetAfter: { vi: 'ngắt kết nối sau khi đã làm', en: 'the connection breaks after the work was done' },
  lost: { vi: 'không bao giờ gửi', en: 'never sent' },
  twice: { vi: 'gửi hai lần', en: 'sent twice' },
  late: { vi: 'gửi muộn 30 giây', en: 'sent 30 seconds late' },
  overtaken: { vi: 'gửi sau tin kế tiếp (sai thứ tự)', en: 'sent after the next one (out of order)' },
} as const satisfies Record<string, Text>

const SLOW_MS = 5_000
const LATE_MS = 30_000

/** What every door can do, by the last three digits. */
const AT_A_DOOR: readonly [digits: string, effect: MagicEffect, text: Text][] = [
  ['429', { status: 429, code: 'THROTTLED' }, TEXTS.throttled],
  ['503', { status: 503, code: 'OUT_OF_SERVICE' }, TEXTS.outage],
  ['504', { delayMs: SLOW_MS }, TEXTS.slow],
  ['598', { reset: 'before' }, TEXTS.resetBefore],
  ['599', { reset: 'after' }, TEXTS.resetAfter],
]

/** What can become of an outgoing call, by the last three digits. */
const ON_THE_WAY: readonly [digits: string, effect: MagicEffect, text: Text][] = [
  ['701', { lose: true }, TEXTS.lost],
  ['702', { copies: 2 }, TEXTS.twice],
  ['703', { delayMs: LATE_MS }, TEXTS.late],
  ['704', { afterNext: true }, TEXTS.overtaken],
]

/** What the gateway can report of a message, by the last three digits. */
const OF_A_MESSAGE: typeof ON_THE_WAY = SMS_FAILURES.map((failure, i) => [String(801 + i), { outcome: failure }, { vi: `biên nhận báo thất bại: ${failure}`, en: `the receipt reports a failure: ${failure}` }])

type Door = { role: string; operation: string; field: string; valueOf: (digits: string) => string | number; rows: typeof AT_A_DOOR }

/** Citizens' numbers have twelve digits, the first three 999. */
const citizen = (digits: string) => `999999900${digits}`
const phone = (digits: string) => `+84999900${digits}`
const amount = (digits: string) => Number(`999000${digits}`)
/** The running number of a dossier code. */
const dossier = (digits: string) => `999000${digits}`

/** Systems that take orders for a dossier, and by which operation. */
const SPECIALISED = [['civil-status', 'register'], ['land', 'change'], ['tax', 'assess'], ['post', 'order']] as const

/** By a program, and through the form of the page. */
const LOGINS = ['login', 'sign-in'] as const

const DOORS: readonly Door[] = [
  ...LOGINS.map((operation): Door => ({ role: 'vneid', operation, field: 'personId', valueOf: citizen, rows: [
    ['401', { status: 401, code: 'LOGIN_REFUSED' }, { vi: 'không cho đăng nhập: 401 LOGIN_REFUSED', en: 'may not log in: 401 LOGIN_REFUSED' }], ...AT_A_DOOR,
  ] })),
  { role: 'vneid', operation: 'back-channel-logout', field: 'personId', valueOf: citizen, rows: ON_THE_WAY },
  { role: 'bank', operation: 'qr', field: 'amountVnd', valueOf: amount, rows: [
    ['409', { status: 409, code: 'TRANSACTION_EXISTS' }, { vi: 'mã giao dịch đã dùng: 409 TRANSACTION_EXISTS', en: 'the transaction is taken: 409 TRANSACTION_EXISTS' }],
    ['500', { status: 503, code: 'BANK_UNAVAILABLE' }, { vi: 'ngân hàng đã chọn ngừng phục vụ: 503 BANK_UNAVAILABLE', en: 'the chosen bank does not serve: 503 BANK_UNAVAILABLE' }], ...AT_A_DOOR,
  ] },
  { role: 'bank', operation: 'scan', field: 'personId', valueOf: citizen, rows: [
    ['409', { status: 409, code: 'ALREADY_PAID' }, { vi: 'người khác đã trả: 409 ALREADY_PAID', en: 'somebody else has paid: 409 ALREADY_PAID' }],
    ['410', { status: 410, code: 'QR_EXPIRED' }, { vi: 'mã QR hết hạn: 410 QR_EXPIRED', en: 'the QR has expired: 410 QR_EXPIRED' }], ...AT_A_DOOR,
  ] },
  { role: 'bank', operation: 'callback', field: 'amountVnd', valueOf: amount, rows: ON_THE_WAY },
  { role: 'bank', operation: 'refund-callback', field: 'amountVnd', valueOf: amount, rows: ON_THE_WAY },
  { role: 'sms', operation: 'send', field: 'phone', valueOf: phone, rows: AT_A_DOOR },
  { role: 'sms', operation: 'receipt', field: 'phone', valueOf: phone, rows: [...ON_THE_WAY, ...OF_A_MESSAGE] },
  { role: 'dossier-system', operation: 'forwarded', field: 'dossierCode', valueOf: dossier, rows: AT_A_DOOR },
  { role: 'dossier-system', operation: 'desk-dossier', field: 'dossierCode', valueOf: dossier, rows: AT_A_DOOR },
  { role: 'dossier-system', operation: 'own-service', field: 'personId', valueOf: citizen, rows: AT_A_DOOR },
  { role: 'dossier-system', operation: 'push-dossier', field: 'dossierCode', valueOf: dossier, rows: ON_THE_WAY },
  { role: 'dossier-system', operation: 'push-status', field: 'dossierCode', valueOf: dossier, rows: ON_THE_WAY },
  ...SPECIALISED.flatMap(([role, operation]): Door[] => [
    { role, operation, field: 'dossierCode', valueOf: dossier, rows: AT_A_DOOR },
    { role, operation: 'confirm', field: 'dossierCode', valueOf: dossier, rows: ON_THE_WAY },
  ]),
]

export const MAGIC: readonly MagicIdentifier[] = DOORS.flatMap(({ role, operation, field, valueOf, rows }) => rows.map(([digits, effect, text]) => ({
  id: `${role}-${operation}-${digits}`, role, operation, field, value: valueOf(digits), effect, text,
})))
