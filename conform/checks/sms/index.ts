/** The SMS brandname gateway: takes a message once, whatever its text, and reports what became of it, signed, until the report is taken, and then no more. */
import { SmsReceipt } from '../../../contracts/api/inside.ts'
import { SMS } from '../../../contracts/partner-api/roles/sms.ts'
import { answered, demand, isNow, listIn, notTriggerable, shows, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Inbox, Received, Treatment } from '../../receiver.ts'
import { COMPOSED, DECOMPOSED } from '../../text-forms.ts'
import type { RoleSuite } from '../role-suite.ts'

const YES: Treatment = { status: 200 }
/** Every other receipt, where several come mixed. */
const isRefused = (nth: number) => nth % 2 === 1
const SAME_AT_ONCE = 5
const MOST_BRANDNAMES = 4

type Message = { messageId: string; phone: string; text: string; reference: string; receiptUrl: string; brandname?: string }

function message(context: Context, inbox: Inbox, changes: Partial<Message> = {}): Message {
  const messageId = context.tag()
  return { messageId, phone: context.fixture.citizens[0]!.phone, text: `${context.mark} Hồ sơ đã được tiếp nhận`, reference: context.tag(), receiptUrl: inbox.url, ...context.fixture.message, ...changes }
}
/** A gateway that demands templates takes no other text than the fixture's. */
function freeTextOnly(context: Context): void {
  if (context.fixture.message) notTriggerable('cổng chỉ nhận tin theo mẫu (message)', 'the gateway takes texts of its templates only (message)')
}

const sending = (context: Context, nth = 0): Exchange | undefined => context.exchanges.filter(({ operation }) => operation === 'send')[nth]

async function sent(context: Context, input: Message): Promise<string> {
  const exchange = await context.ask('send', input)
  answered(exchange, 202)
  context.made('message', input.messageId)
  return textIn(exchange, 'gatewayId')
}

async function receiptOf(context: Context, inbox: Inbox, count = 1): Promise<Received> {
  const { callbackMs } = context.fixture.waits
  demand(await inbox.arrived(count, callbackMs), { vi: `báo kết quả trong ${callbackMs} ms`, en: `a receipt within ${callbackMs} ms` }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, context.exchanges.at(-1))
  return inbox.received[count - 1]!
}

const check = (topic: string, vi: string, en: string, run: Check['run'], needs: Check['needs'] = ['receiver']): Check => ({ id: `sms.${topic}`, flow: 'sms', needs, requirement: { vi, en }, run })

const CHECKS: readonly Check[] = [
  check('receipt', 'Mỗi tin nhắn được báo kết quả, đúng mã tin và mã của cổng', 'Every message is reported, by its own id and the gateway\'s', async (context) => {
    const inbox = context.inbox()
    const input = message(context, inbox)
    const gatewayId = await sent(context, input)
    const came = await receiptOf(context, inbox)
    const parsed = SmsReceipt.safeParse(context.callOf('receipt', came))
    demand(parsed.success, { vi: 'báo kết quả đúng dạng', en: 'a receipt of the form' }, came.body.slice(0, 300), sending(context))
    demand(parsed.data.messageId === input.messageId && parsed.data.gatewayId === gatewayId, { vi: `mã ${input.messageId}, ${gatewayId}`, en: `ids ${input.messageId}, ${gatewayId}` }, `${parsed.data.messageId}, ${parsed.data.gatewayId}`, sending(context))
  }),
  check('receipt.signed', 'Báo kết quả được ký bằng khóa của cổng', 'A receipt is signed with the gateway\'s key', async (context) => {
    const inbox = context.inbox()
    await sent(context, message(context, inbox))
    context.demandSigned(await receiptOf(context, inbox))
  }, ['receiver', 'system-key']),
  check('receipt.time', 'Thời điểm trong báo kết quả là mốc thời gian thật (ms, UTC), không lệch múi giờ', 'The time of a receipt is the real moment (ms, UTC), not shifted by a time zone', async (context) => {
    const inbox = context.inbox()
    const before = context.nowMs()
    await sent(context, message(context, inbox))
    isNow(context.callOf('receipt', await receiptOf(context, inbox))?.at, 'at', before, sending(context))
  }),
  check('receipt.retried', 'Báo lại cùng nội dung khi bên nhận lỗi, ngắt kết nối hoặc không trả lời 2xx', 'A receipt is repeated, the same, where the receiver fails, breaks the connection or does not answer 2xx', async (context) => {
    const script: Treatment[] = [{ status: 500 }, 'reset', { status: 401 }]
    const inbox = context.inbox({ treat: (nth) => script[nth - 1] ?? YES })
    await sent(context, message(context, inbox))
    const { retryMs } = context.fixture.waits
    demand(await inbox.arrived(script.length + 1, retryMs), { vi: `báo lại sau mỗi lần lỗi, trong ${retryMs} ms`, en: `repeated after each failure, within ${retryMs} ms` }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, sending(context))
    const said = new Set(inbox.received.map((came) => JSON.stringify(context.callOf('receipt', came))))
    demand(said.size === 1, { vi: 'cùng một nội dung mỗi lần', en: 'the same content each time' }, [...said].slice(0, 2).join(' / '), sending(context))
  }),
  check('receipt.once', 'Báo kết quả đã được nhận thì không báo nữa', 'A receipt that was taken is not sent again', async (context) => {
    const inbox = context.inbox()
    await sent(context, message(context, inbox))
    await receiptOf(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, sending(context))
  }),
  check('send.idempotent', 'Cùng messageId gửi lại không tạo tin mới', 'The same messageId again makes no second message', async (context) => {
    const inbox = context.inbox()
    const input = message(context, inbox)
    const ids = [await sent(context, input)]
    ids.push(...await Promise.all(Array.from({ length: SAME_AT_ONCE }, () => sent(context, input))))
    demand(new Set(ids).size === 1, { vi: 'một mã gatewayId', en: 'one gatewayId' }, [...new Set(ids)].join(', '), sending(context, 1))
    await receiptOf(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, sending(context, 1))
  }),
  check('send.distinct', 'Tin nhắn khác nhau có mã của cổng khác nhau', 'Different messages have different ids of the gateway', async (context) => {
    const inbox = context.inbox()
    const ids = await Promise.all(Array.from({ length: SAME_AT_ONCE }, () => sent(context, message(context, inbox))))
    demand(new Set(ids).size === ids.length, { vi: `${ids.length} mã khác nhau`, en: `${ids.length} different ids` }, ids.join(', '), sending(context))
  }),
  check('send.text', 'Nhận văn bản tiếng Việt dạng NFC và NFD', 'Takes Vietnamese text in NFC and in NFD', async (context) => {
    freeTextOnly(context)
    const inbox = context.inbox()
    for (const text of [COMPOSED, DECOMPOSED]) {
      const input = message(context, inbox, { text })
      answered(await context.ask('send', input), 202)
      context.made('message', input.messageId)
    }
  }),
  check('send.out-of-order', 'Báo kết quả của nhiều tin đúng từng tin, bất kể thứ tự trả lời của bên nhận', 'Receipts of several messages stay each its own, whatever the order in which the receiver takes them', async (context) => {
    const inbox = context.inbox({ treat: (nth) => isRefused(nth) ? { status: 503 } : YES })
    const messages = Array.from({ length: 3 }, () => message(context, inbox))
    await Promise.all(messages.map((input) => sent(context, input)))
    const open = new Set(messages.map(({ messageId }) => messageId))
    const until = Date.now() + context.fixture.waits.retryMs
    for (let seen = 0; open.size > 0; seen += 1) {
      const more = await inbox.arrived(seen + 1, until - Date.now())
      demand(more, { vi: 'mọi tin đều được báo', en: 'every message is reported' }, { vi: `còn thiếu ${[...open].join(', ')}`, en: `missing ${[...open].join(', ')}` }, sending(context))
      // Only what was taken has arrived.
      if (isRefused(seen + 1)) continue
      open.delete((context.callOf('receipt', inbox.received[seen]!) as { messageId: string })?.messageId)
    }
  }),
  check('receipt.slow', 'Bên nhận trả lời chậm (2 giây) vẫn được coi là đã nhận', 'A receiver that is slow (2 s) is still taken to have received', async (context) => {
    const slowMs = 2_000
    const inbox = context.inbox({ treat: (nth) => nth === 1 ? { status: 200, delayMs: slowMs } : YES })
    await sent(context, message(context, inbox))
    await receiptOf(context, inbox)
    await context.wait(slowMs + context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, sending(context))
  }),
]

const LOOK_UPS: readonly Check[] = [
  check('state', 'Tình trạng tin nhắn tra được: đã nhận, rồi đã báo kết quả, cùng mã', 'A message\'s state can be asked: accepted, then as reported, under the same id', async (context) => {
    const inbox = context.inbox()
    const input = message(context, inbox)
    const gatewayId = await sent(context, input)
    const { segments, encoding } = context.exchanges.at(-1)!.json ?? {}
    const said = context.callOf('receipt', await receiptOf(context, inbox))
    const exchange = await context.ask('message-state', { messageId: input.messageId })
    answered(exchange, 200)
    demand(typeof said?.status === 'string', { vi: 'báo kết quả có trạng thái', en: 'a receipt with a status' }, String(said?.status), sending(context))
    shows(exchange, { messageId: input.messageId, gatewayId, status: said.status, at: said.at, reason: said.reason ?? said.status, ...(segments !== undefined && { segments, encoding }) })
    // Where the gateway has codes, the one that it reports is the one of its table.
    if (exchange.json?.code === undefined && said.code === undefined) return
    const table = await context.ask('codes', {})
    const reason = said.reason ?? 'delivered'
    const entry = listIn(table, 'codes').find((one) => one.reason === reason)
    const listed = entry?.code
    demand(listed === exchange.json?.code && (said.code === undefined || said.code === listed), `${reason}: ${listed}`, `${exchange.json?.code}, ${said.code}`, exchange)
    demand(JSON.stringify(entry?.text) === JSON.stringify(exchange.json?.codeText), JSON.stringify(entry?.text), JSON.stringify(exchange.json?.codeText), exchange)
  }),
  check('state.unknown', 'Không có tin nhắn thì trả 404', 'An unknown message is answered 404', async (context) => answered(await context.ask('message-state', { messageId: context.tag() }), 404, 'MESSAGE_UNKNOWN'), []),
  check('send.contradiction', 'Cùng messageId, tin khác: từ chối 409', 'The same messageId for another message is refused with 409', async (context) => {
    const input = message(context, context.inbox())
    await sent(context, input)
    answered(await context.ask('send', { ...input, phone: context.fixture.citizens[1]?.phone ?? '0990000001' }), 409, 'MESSAGE_EXISTS')
    if (!context.fixture.message) answered(await context.ask('send', { ...input, text: `${input.text} khác` }), 409, 'MESSAGE_EXISTS')
  }),
  check('send.segments', 'Số bản tin theo bảng mã: chữ có dấu tính UCS-2, quá dài thì nhiều bản', 'Segments go by the encoding: text with marks is UCS-2, a long one takes several', async (context) => {
    freeTextOnly(context)
    const inbox = context.inbox()
    for (const [text, encoding, several] of [['Ho so da duoc tiep nhan', 'gsm-7', false], ['Hồ sơ đã được tiếp nhận', 'ucs-2', false], ['Hồ sơ đã được tiếp nhận. '.repeat(4), 'ucs-2', true]] as const) {
      const exchange = await context.ask('send', message(context, inbox, { text }))
      answered(exchange, 202)
      demand(exchange.json?.encoding === encoding && exchange.json?.segments > 1 === several, `${encoding}, ${several ? '> 1' : '1'}`, `${exchange.json?.encoding}, ${exchange.json?.segments}`, exchange)
    }
  }),
  check('send.template', 'Tin theo mẫu đã đăng ký được nhận; mẫu hoặc thương hiệu lạ bị từ chối', 'A message by a registered template is taken; an unknown template or brandname is refused', async (context) => {
    const inbox = context.inbox()
    const list = await context.ask('templates', {})
    answered(list, 200)
    const all = listIn(list, 'templates')
    const [template] = all
    demand(new Set(all.map(({ id }) => id)).size === all.length, { vi: 'mỗi mã mẫu một lần', en: 'each template id once' }, all.map(({ id }) => String(id)).join(', '), list)
    const names = listIn(await context.ask('codes', {}), 'brandnames').map(({ name }) => String(name))
    for (const { id, brandname } of all) demand(names.includes(String(brandname)), names.join(' | '), `${id}: ${brandname}`, list)
    const free = await context.ask('send', { ...message(context, inbox), text: `${context.mark} Không theo mẫu nào` })
    if (list.json?.demanded === true) answered(free, 422, 'TEMPLATE_MISMATCH')
    else answered(free, 202)
    const { text: _, ...plain } = message(context, inbox)
    answered(await context.ask('send', { ...plain, template: { id: context.tag(), parameters: {} } }), 422, 'TEMPLATE_UNKNOWN')
    answered(await context.ask('send', { ...message(context, inbox), brandname: context.tag() }), 422, 'BRANDNAME_UNKNOWN')
    if (!template) return notTriggerable('không có mẫu nào đã đăng ký', 'no template is registered')
    const { text: ___, ...third } = message(context, inbox)
    answered(await context.ask('send', { ...third, template: { id: template.id, parameters: { [context.tag()]: 'x' } } }), 422, 'TEMPLATE_MISMATCH')
    // As long as it may be, and one letter more.
    for (const [more, status] of [[0, 202], [1, 422]] as const) {
      const parameters = Object.fromEntries(Object.entries((template.parameters ?? {}) as Record<string, number>).map(([name, most]) => [name, 'x'.repeat(most + more)]))
      if (more > 0 && Object.keys(parameters).length === 0) continue
      const { text: __, ...another } = message(context, inbox)
      answered(await context.ask('send', { ...another, brandname: template.brandname, template: { id: template.id, parameters } }), status, status === 422 ? 'TEMPLATE_MISMATCH' : undefined)
    }
  }),
  check('brandnames', 'Thương hiệu đang hoạt động thì tin đến được; bị chặn thì báo lỗi đúng lý do và mã', 'A message under an active brandname is not blocked; under a blocked one it fails, by that reason and its code', async (context) => {
    freeTextOnly(context)
    const table = await context.ask('codes', {})
    answered(table, 200)
    const listed = listIn(table, 'brandnames')
    demand(new Set(listed.map(({ name }) => name)).size === listed.length, { vi: 'mỗi thương hiệu một lần', en: 'each brandname once' }, listed.map(({ name }) => String(name)).join(', '), table)
    for (const { name, state } of listed.slice(0, MOST_BRANDNAMES)) {
      // A guide may fix the address: one at a time.
      const inbox = context.inbox()
      const input = message(context, inbox, { brandname: String(name) })
      await sent(context, input)
      const exchange = context.exchanges.at(-1)
      const said = context.callOf('receipt', await receiptOf(context, inbox))
      inbox.close()
      const isBlocked = said?.status === 'failed' && said?.reason === 'blocked-brandname'
      demand(isBlocked === (state === 'blocked'), `${name}: ${state}`, `${said?.status} ${said?.reason ?? ''}`, exchange)
      const code = listIn(table, 'codes').find((one) => one.reason === 'blocked-brandname')?.code
      if (isBlocked) demand(said.code === code, `code ${code}`, `code ${said.code}`, exchange)
      const held = await context.ask('message-state', { messageId: input.messageId })
      answered(held, 200)
      shows(held, { brandname: name, status: said?.status, reason: said?.reason ?? said?.status })
    }
  }),
  check('send.too-long', 'Nội dung quá dài bị từ chối', 'A text that is too long is refused', async (context) => {
    freeTextOnly(context)
    answered(await context.ask('send', message(context, context.inbox(), { text: 'Hồ sơ đã được tiếp nhận. '.repeat(200) })), 422, 'TEXT_TOO_LONG')
  }, []),
  check('codes', 'Bảng mã có thương hiệu đang hoạt động và mã cho tin đã đến', 'The table of codes has an active brandname and a code for delivered', async (context) => {
    const exchange = await context.ask('codes', {})
    answered(exchange, 200)
    const active = listIn(exchange, 'brandnames').some(({ state }: { state: string }) => state === 'active')
    const codes = listIn(exchange, 'codes')
    demand(new Set(codes.map(({ reason }) => reason)).size === codes.length, { vi: 'mỗi kết quả một lần', en: 'each result once' }, codes.map(({ reason }) => String(reason)).join(', '), exchange)
    demand(active && codes.some(({ reason }: { reason: string }) => reason === 'delivered'), { vi: 'thương hiệu và mã', en: 'a brandname and the code' }, exchange.text.slice(0, 200), exchange)
  }, []),
]

export const smsSuite: RoleSuite = {
  role: SMS, flow: 'sms', flows: {}, checks: [...CHECKS, ...LOOK_UPS],
  samples: { send: { status: 202, input: (context) => message(context, context.inbox()) } },
}
