/** What citizens do: log in and out, find, submit once, see their own and nobody else's, withdraw, pay, send feedback. */
import { feedbackUnit } from '../../../contracts/reference/feedback-units.ts'
import { procedureOf } from '../../../contracts/reference/procedures.ts'
import { answered, demand, listIn, numberIn, repeats, says, seen, shows, textIn, type Check } from '../../check.ts'
import { COMPOSED, DECOMPOSED } from '../../text-forms.ts'
import { crcFits, field, readEmv } from '../bank/emv-qr.ts'
import type { Exchange } from '../../exchange.ts'
import { cookiesOf, demandSubmitted, demandUnit, DOSSIER_FIELDS, locationOf, logIn, portalCheck as check, REDIRECTED, session, submission, submitted, turn, withdraw, withFee, withSubmitted } from './sessions.ts'

const AT_ONCE = 6
/** Seven more would be another time zone. */
const MAX_QR_LIFE_MS = 6 * 3_600_000
/** By whether it is the body or the whole request that is not of the form. */
const NOT_OF_THE_FORM = ['BODY_INVALID', 'REQUEST_INVALID']
const FEEDBACK_FIELDS = ['feedbackCode', 'unitCode', 'status', 'answer'] as const
/** What is asked for by people who type with marks, without, and on machines that decompose. */
const SEARCHED = 'Đăng ký khai sinh'

export const CITIZEN_CHECKS: readonly Check[] = [
  check('login', 'login', 'Đăng nhập qua nơi cấp định danh mở phiên của đúng người', 'A login through the issuer opens a session of that very person', async (context) => {
    for (const citizen of context.fixture.citizens.filter(({ kind }) => kind === 'citizen')) {
      const exchange = await context.ask('me', {}, { headers: await session(context, citizen) })
      answered(exchange, 200)
      demand(exchange.json?.personId === citizen.personId && exchange.json?.level === citizen.level, `${citizen.personId} ${citizen.level}`, `${exchange.json?.personId} ${exchange.json?.level}`, exchange)
    }
  }),
  check('login.state', 'login', 'Trả lời đăng nhập không do trình duyệt này bắt đầu bị từ chối', 'An answer to a login that this browser did not begin is refused', async (context) => {
    const begun = await context.send('portal /auth/login', { method: 'GET', url: `${context.baseUrl}/auth/login?reference=${context.tag()}`, headers: {}, body: undefined })
    answered(begun, 302)
    const state = new URL(locationOf(begun)).searchParams.get('state') ?? ''
    for (const headers of [{}, { cookie: cookiesOf(begun) }] as Record<string, string>[]) {
      const wrong = 'cookie' in headers ? 'another-state' : state
      answered(await context.send('portal callback', { method: 'GET', url: `${context.baseUrl}/auth/callback?code=c&state=${encodeURIComponent(wrong)}`, headers, body: undefined }), 400)
    }
  }),
  check('login.return', 'login', 'Sau đăng nhập chỉ về trang của cổng, không chuyển đến địa chỉ lạ', 'After login it leads only to a page of the portal, never to a foreign address', async (context) => {
    const citizen = context.fixture.citizens[0]!
    await logIn(context, citizen, 'https://attacker.test/')
    const location = locationOf(context.exchanges.at(-1)!)
    demand(!location.includes('attacker.test'), { vi: 'trang của cổng', en: 'a page of the portal' }, location, context.exchanges.at(-1))
  }),
  check('logout', 'login', 'Đăng xuất kết thúc phiên ngay, cả với bản sao cookie', 'Logout ends the session at once, also for a copy of its cookie', async (context) => {
    const cookie = await logIn(context, context.fixture.citizens[0]!)
    answered(await context.ask('me', {}, { headers: { cookie } }), 200)
    const issuer = new URL(context.exchanges.find(({ operation }) => operation === 'issuer authorize')!.request.url)
    const left = await context.ask('logout', {}, { headers: { cookie } })
    answered(left, 200)
    answered(await context.ask('me', {}, { headers: { cookie } }), 401, 'LOGIN_REQUIRED')
    const endSessionUrl = textIn(left, 'endSessionUrl')
    demand(URL.canParse(endSessionUrl) && new URL(endSessionUrl).origin === issuer.origin, { vi: `địa chỉ của nơi cấp định danh (${issuer.origin})`, en: `an address of the issuer (${issuer.origin})` }, endSessionUrl, left)
    answered(await context.send('issuer logout', { method: 'GET', url: endSessionUrl, headers: {}, body: undefined }), [200, 302])
  }),
  check('session.required', 'login', 'Không có phiên thì không xem, không nộp được gì', 'Without a session nothing can be seen or submitted', async (context) => {
    const dossierCode = context.dossierCode()
    const asked: [string, object][] = [
      ['me', {}], ['own-dossiers', {}], ['own-dossier', { dossierCode }], ['submit', submission(context, { citizen: context.fixture.citizens[0]!, procedureCode: context.fixture.unit.procedures[0]! })],
      ['withdraw', { dossierCode, reference: context.tag(), reason: 'x' }], ['supplement', { dossierCode, reference: context.tag(), text: 'x' }], ['read-feedback', { feedbackCode: 'PA-1' }],
    ]
    for (const [operation, input] of asked) answered(await context.ask(operation, input), 401, 'LOGIN_REQUIRED')
  }, ['citizen']),

  check('services', 'find-service', 'Tìm được dịch vụ dù gõ NFC, NFD, không dấu hay chữ hoa', 'A service is found in NFC, in NFD, without marks, in capitals', async (context) => {
    const province = context.fixture.unit.provinceId
    const found: string[] = []
    for (const q of [SEARCHED.normalize('NFC'), SEARCHED.normalize('NFD'), 'dang ky khai sinh', SEARCHED.toUpperCase()]) {
      const exchange = await context.ask('services', { q, province })
      answered(exchange, 200)
      found.push(listIn(exchange, 'services').map(({ procedureCode }: { procedureCode: string }) => procedureCode).join())
    }
    answered(await context.ask('services', { q: '', province: 'no-such-province' }), 400, 'PROVINCE_UNKNOWN')
    demand(found[0] !== '' && new Set(found).size === 1, { vi: 'cùng một kết quả, không rỗng', en: 'one result, not empty' }, found.join(' / '), context.exchanges.at(-1))
    // Those of the fixture that the catalogue has, and one that its ministry takes itself.
    for (const procedure of [...context.fixture.unit.procedures.slice(0, 2).flatMap((code) => procedureOf(code) ?? []), ...(REDIRECTED ? [REDIRECTED] : [])]) {
      const exchange = await context.ask('services', { q: procedure.title.vi, province })
      answered(exchange, 200)
      const hits = listIn(exchange, 'services').filter(({ procedureCode }: { procedureCode: string }) => procedureCode === procedure.code)
      demand(hits.length === 1, { vi: `${procedure.code} một lần`, en: `${procedure.code} once` }, String(hits.length), exchange)
      const hit: Exchange = { ...exchange, json: hits[0] }
      shows(hit, { feeVnd: procedure.feeVnd })
      says(hit, 'title', procedure.title.vi)
      demandUnit(context, hit, procedure, hits[0].unitCode)
      const redirectUrl: unknown = hits[0].redirectUrl
      demand(procedure.redirected ? URL.canParse(String(redirectUrl)) : redirectUrl === null, procedure.redirected ? { vi: 'địa chỉ dịch vụ riêng của bộ', en: 'the address of the ministry\'s own service' } : 'redirectUrl = null', `redirectUrl = ${String(redirectUrl)}`, exchange)
    }
  }, []),

  check('submit.idempotent', 'submit', 'Nộp lại cùng mã tham chiếu, kể cả cùng lúc, chỉ có một hồ sơ', 'The same reference again, also at the same moment, is one dossier', async (context) => {
    const mine = await turn(context)
    const { input, dossierCode, exchange: first } = await submitted(context, mine)
    demandSubmitted(context, first, mine.procedureCode)
    shows(first, { status: 'newly-registered' })
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => context.ask('submit', input, { headers: { cookie: mine.cookie } })))
    const otherProcedure = context.fixture.unit.procedures.find((code) => code !== mine.procedureCode)
    const other = otherProcedure === undefined ? undefined : await context.ask('submit', { ...input, procedureCode: otherProcedure }, { headers: { cookie: mine.cookie } })
    await withdraw(context, mine.cookie, dossierCode)
    if (other?.status === 201) await withdraw(context, mine.cookie, other.json?.dossierCode)
    if (other) answered(other, 409, 'CONFLICT')
    for (const exchange of answers) {
      answered(exchange, 200)
      repeats(exchange, first, DOSSIER_FIELDS)
      demandSubmitted(context, exchange, mine.procedureCode)
    }
    const own = await context.ask('own-dossier', { dossierCode }, { headers: { cookie: mine.cookie } })
    answered(own, 200)
    repeats(own, first, DOSSIER_FIELDS)
  }),
  check('submit.duplicate', 'submit', 'Hồ sơ trực tiếp thứ hai của cùng người, cùng thủ tục, khi hồ sơ đầu chưa xong: từ chối 409; rút rồi thì nộp được', 'A second direct dossier of the same person and procedure while the first is open is refused with 409; after withdrawal it is taken', async (context) => {
    const mine = await turn(context)
    const first = await submitted(context, mine)
    const second = await context.ask('submit', submission(context, mine), { headers: { cookie: mine.cookie } })
    await withdraw(context, mine.cookie, first.dossierCode)
    if (second.status === 201) await withdraw(context, mine.cookie, second.json?.dossierCode)
    answered(second, 409, 'DUPLICATE_OPEN_DOSSIER')
    await withdraw(context, mine.cookie, (await submitted(context, mine)).dossierCode)
  }),
  check('submit.refused', 'submit', 'Thủ tục không có: 404; thủ tục bộ tiếp nhận ở dịch vụ riêng: 409, không lưu gì', 'An unknown procedure: 404; one that its ministry takes itself: 409, nothing stored', async (context) => {
    const citizen = context.fixture.citizens[0]!
    const headers = await session(context, citizen)
    answered(await context.ask('submit', submission(context, { citizen, procedureCode: '9.999999' }), { headers }), 404, 'PROCEDURE_UNKNOWN')
    if (REDIRECTED) answered(await context.ask('submit', submission(context, { citizen, procedureCode: REDIRECTED.code }), { headers }), 409, 'REDIRECTED')
  }),
  check('submit.shown', 'submit', 'Hồ sơ đã nộp hiện ngay trong tài khoản, mã theo đơn vị tiếp nhận', 'A submitted dossier shows on the account at once, its code by the receiving unit', async (context) => withSubmitted(context, async ({ dossierCode, procedureCode, cookie }) => {
    const list = await context.ask('own-dossiers', {}, { headers: { cookie } })
    answered(list, 200)
    const all = listIn(list, 'dossiers')
    const found = all.filter((one: { dossierCode: string }) => one.dossierCode === dossierCode)
    demand(found.length === 1 && new Set(all.map((one) => one.dossierCode)).size === all.length, { vi: 'mỗi hồ sơ một lần', en: 'each dossier once' }, all.map((one) => one.dossierCode).join(', ').slice(0, 300), list)
    const [mine] = found
    demand(mine.status === 'newly-registered' && dossierCode.startsWith(`${mine.unitCode}-`), `newly-registered ${dossierCode}`, JSON.stringify(mine), list)
    demandSubmitted(context, { ...list, json: mine }, procedureCode)
    demand(all.every((one, nth) => nth === 0 || one.submittedAt <= all[nth - 1].submittedAt), { vi: 'mới nhất trước', en: 'newest first' }, all.map((one) => String(one.submittedAt)).join(', ').slice(0, 300), list)
  })),
  check('submit.text', 'submit', 'Nộp được với ghi chú dạng NFC và NFD', 'Can be submitted with a note in NFC and in NFD', async (context) => {
    const mine = await turn(context)
    for (const note of [COMPOSED, DECOMPOSED]) await withdraw(context, mine.cookie, (await submitted(context, mine, { note })).dossierCode)
  }),
  check('others', 'submit', 'Không ai xem, rút hay bổ sung được hồ sơ của người khác', 'Nobody sees, withdraws or supplements somebody else\'s dossier', async (context) => withSubmitted(context, async ({ dossierCode, citizen }) => {
    const other = context.fixture.citizens.find(({ personId, kind }) => personId !== citizen.personId && kind === 'citizen')!
    const headers = await session(context, other)
    answered(await context.ask('own-dossier', { dossierCode }, { headers }), 404, 'DOSSIER_UNKNOWN')
    answered(await withdraw(context, headers.cookie, dossierCode), 404, 'DOSSIER_UNKNOWN')
    answered(await context.ask('supplement', { dossierCode, reference: context.tag(), text: 'x' }, { headers }), 404, 'DOSSIER_UNKNOWN')
  }), ['session', 'two-citizens']),
  check('withdraw', 'submit', 'Rút hồ sơ một lần: lặp lại không đổi gì, lần khác bị từ chối', 'A dossier is withdrawn once: the same again changes nothing, another is refused', async (context) => {
    const mine = await turn(context)
    const { dossierCode } = await submitted(context, mine)
    const reference = context.tag()
    for (const status of [201, 200]) {
      const exchange = await withdraw(context, mine.cookie, dossierCode, reference)
      answered(exchange, status)
      shows(exchange, { dossierCode, status: 'withdrawn' })
    }
    answered(await withdraw(context, mine.cookie, dossierCode), 409, 'TRANSITION_FORBIDDEN')
  }),
  check('pay', 'pay', 'Giao dịch thanh toán đúng lệ phí, mã QR theo EMVCo đúng số tiền; không nhận số tài khoản từ người gọi', 'A payment is of the fee, its QR is EMVCo\'s with that amount; an account number of the caller is not taken', async (context) => withSubmitted(context, async ({ dossierCode, cookie }) => {
    const feeVnd = numberIn(await context.ask('own-dossier', { dossierCode }, { headers: { cookie } }), 'feeVnd')
    const order = { dossierCode, reference: context.tag(), bank: context.fixture.bank }
    const withAccount = await context.ask('pay', { ...order, account: '0011001100' }, { headers: { cookie } })
    demand(withAccount.status === 400 && NOT_OF_THE_FORM.includes(withAccount.code ?? ''), `400 ${NOT_OF_THE_FORM.join(' | ')}`, seen(withAccount), withAccount)
    const exchange = await context.ask('pay', order, { headers: { cookie } })
    answered(exchange, 201)
    const { amountVnd, qr } = exchange.json ?? {}
    shows(exchange, { bank: order.bank })
    const transactionCode = textIn(exchange, 'transactionCode')
    // It lives long enough to be paid, and not for ever.
    const livesMs = numberIn(exchange, 'expiresAt') - context.nowMs()
    demand(livesMs > 0 && livesMs < MAX_QR_LIFE_MS, { vi: 'mã QR còn hạn, trong sáu giờ', en: 'a QR in its time, of at most six hours' }, `${Math.round(livesMs / 60_000)} min`, exchange)
    demand(field(readEmv(String(qr)) ?? [], '62')?.includes(transactionCode), `62 ∋ ${transactionCode}`, String(qr), exchange)
    demand(amountVnd === feeVnd, String(feeVnd), String(amountVnd), exchange)
    answered(await withdraw(context, cookie, dossierCode), 201)
    answered(await context.ask('pay', { ...order, reference: context.tag() }, { headers: { cookie } }), 409, 'NOTHING_TO_PAY')
    demand(crcFits(String(qr)) && field(readEmv(String(qr)) ?? [], '54') === String(feeVnd), `54 = ${feeVnd}`, String(qr), exchange)
  }, withFee)),
  check('feedback', 'feedback', 'Phản ánh gửi lại cùng mã tham chiếu là một; chỉ người gửi xem được', 'Feedback with the same reference again is one, and only its sender sees it', async (context) => {
    const [citizen, other] = context.fixture.citizens.filter(({ kind }) => kind === 'citizen')
    const headers = await session(context, citizen!)
    answered(await context.ask('feedback', { reference: context.tag(), topic: 'no-such-topic', provinceId: context.fixture.unit.provinceId, text: context.mark, phone: citizen!.phone }, { headers }), 400, 'FEEDBACK_TOPIC_UNKNOWN')
    for (const text of [COMPOSED, DECOMPOSED]) {
      const input = { reference: context.tag(), topic: 'late-dossier', provinceId: context.fixture.unit.provinceId, text: `${context.mark} ${text}`, phone: citizen!.phone }
      const first = await context.ask('feedback', input, { headers })
      answered(first, 201)
      const feedbackCode = textIn(first, 'feedbackCode')
      context.made('feedback', feedbackCode)
      const again = await context.ask('feedback', input, { headers })
      answered(again, 200)
      shows(first, { unitCode: feedbackUnit(input.topic, input.provinceId), status: 'sent', answer: null })
      repeats(again, first, FEEDBACK_FIELDS)
      const read = await context.ask('read-feedback', { feedbackCode }, { headers })
      answered(read, 200)
      repeats(read, first, FEEDBACK_FIELDS)
      answered(await context.ask('read-feedback', { feedbackCode }, { headers: await session(context, other!) }), 404, 'FEEDBACK_UNKNOWN')
    }
  }, ['session', 'two-citizens']),
]
