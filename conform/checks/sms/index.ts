/** The SMS brandname gateway: takes a message once, whatever its text, and reports what became of it, signed, until the report is taken, and then no more. */
import { SmsReceipt } from '../../../contracts/api/inside.ts'
import { SMS } from '../../../contracts/partner-api/roles/sms.ts'
import { answered, demand, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Inbox, Received, Treatment } from '../../receiver.ts'
import { COMPOSED, DECOMPOSED } from '../../text-forms.ts'
import type { RoleSuite } from '../role-suite.ts'

const YES: Treatment = { status: 200 }
const SAME_AT_ONCE = 5

type Message = { messageId: string; phone: string; text: string; reference: string; receiptUrl: string }

function message(context: Context, inbox: Inbox, changes: Partial<Message> = {}): Message {
  const messageId = context.tag()
  return { messageId, phone: context.fixture.citizens[0]!.phone, text: `${context.mark} Hồ sơ đã được tiếp nhận`, reference: context.tag(), receiptUrl: inbox.url, ...changes }
}

async function sent(context: Context, input: Message): Promise<string> {
  const exchange = await context.ask('send', input)
  answered(exchange, 202)
  context.made('message', input.messageId)
  return exchange.json?.gatewayId
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
    demand(parsed.success, { vi: 'báo kết quả đúng dạng', en: 'a receipt of the form' }, came.body.slice(0, 300), context.exchanges[0])
    demand(parsed.data.messageId === input.messageId && parsed.data.gatewayId === gatewayId, { vi: `mã ${input.messageId}, ${gatewayId}`, en: `ids ${input.messageId}, ${gatewayId}` }, `${parsed.data.messageId}, ${parsed.data.gatewayId}`, context.exchanges[0])
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
    const { at } = context.callOf('receipt', await receiptOf(context, inbox)) as { at: number }
    const tolerance = 30 * 60_000
    demand(at > before - tolerance && at < context.nowMs() + tolerance, { vi: 'thời điểm trong vòng nửa giờ quanh lúc gửi', en: 'a time within half an hour of the sending' }, `${Math.round((at - before) / 60_000)} min`, context.exchanges[0])
  }),
  check('receipt.retried', 'Báo lại cùng nội dung khi bên nhận lỗi, ngắt kết nối hoặc không trả lời 2xx', 'A receipt is repeated, the same, where the receiver fails, breaks the connection or does not answer 2xx', async (context) => {
    const script: Treatment[] = [{ status: 500 }, 'reset', { status: 401 }]
    const inbox = context.inbox({ treat: (nth) => script[nth - 1] ?? YES })
    await sent(context, message(context, inbox))
    const { retryMs } = context.fixture.waits
    demand(await inbox.arrived(script.length + 1, retryMs), { vi: `báo lại sau mỗi lần lỗi, trong ${retryMs} ms`, en: `repeated after each failure, within ${retryMs} ms` }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, context.exchanges[0])
    const said = new Set(inbox.received.map((came) => JSON.stringify(context.callOf('receipt', came))))
    demand(said.size === 1, { vi: 'cùng một nội dung mỗi lần', en: 'the same content each time' }, [...said].slice(0, 2).join(' / '), context.exchanges[0])
  }),
  check('receipt.once', 'Báo kết quả đã được nhận thì không báo nữa', 'A receipt that was taken is not sent again', async (context) => {
    const inbox = context.inbox()
    await sent(context, message(context, inbox))
    await receiptOf(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, context.exchanges[0])
  }),
  check('send.idempotent', 'Cùng messageId gửi lại không tạo tin mới', 'The same messageId again makes no second message', async (context) => {
    const inbox = context.inbox()
    const input = message(context, inbox)
    const ids = [await sent(context, input)]
    ids.push(...await Promise.all(Array.from({ length: SAME_AT_ONCE }, () => sent(context, input))))
    demand(new Set(ids).size === 1, { vi: 'một mã gatewayId', en: 'one gatewayId' }, [...new Set(ids)].join(', '), context.exchanges[1])
    await receiptOf(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, context.exchanges[1])
  }),
  check('send.distinct', 'Tin nhắn khác nhau có mã của cổng khác nhau', 'Different messages have different ids of the gateway', async (context) => {
    const inbox = context.inbox()
    const ids = await Promise.all(Array.from({ length: SAME_AT_ONCE }, () => sent(context, message(context, inbox))))
    demand(new Set(ids).size === ids.length, { vi: `${ids.length} mã khác nhau`, en: `${ids.length} different ids` }, ids.join(', '), context.exchanges[0])
  }),
  check('send.text', 'Nhận văn bản tiếng Việt dạng NFC và NFD', 'Takes Vietnamese text in NFC and in NFD', async (context) => {
    const inbox = context.inbox()
    for (const text of [COMPOSED, DECOMPOSED]) {
      const input = message(context, inbox, { text })
      answered(await context.ask('send', input), 202)
      context.made('message', input.messageId)
    }
  }),
  check('send.out-of-order', 'Báo kết quả của nhiều tin đúng từng tin, bất kể thứ tự trả lời của bên nhận', 'Receipts of several messages stay each its own, whatever the order in which the receiver takes them', async (context) => {
    const inbox = context.inbox({ treat: (nth) => nth % 2 === 1 ? { status: 503 } : YES })
    const messages = Array.from({ length: 3 }, () => message(context, inbox))
    await Promise.all(messages.map((input) => sent(context, input)))
    const open = new Set(messages.map(({ messageId }) => messageId))
    const until = Date.now() + context.fixture.waits.retryMs
    for (let seen = 0; open.size > 0; seen += 1) {
      const more = await inbox.arrived(seen + 1, until - Date.now())
      demand(more, { vi: 'mọi tin đều được báo', en: 'every message is reported' }, { vi: `còn thiếu ${[...open].join(', ')}`, en: `missing ${[...open].join(', ')}` }, context.exchanges[0])
      open.delete((context.callOf('receipt', inbox.received[seen]!) as { messageId: string })?.messageId)
    }
  }),
  check('receipt.slow', 'Bên nhận trả lời chậm (2 giây) vẫn được coi là đã nhận', 'A receiver that is slow (2 s) is still taken to have received', async (context) => {
    const slowMs = 2_000
    const inbox = context.inbox({ treat: (nth) => nth === 1 ? { status: 200, delayMs: slowMs } : YES })
    await sent(context, message(context, inbox))
    await receiptOf(context, inbox)
    await context.wait(slowMs + context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, { vi: 'một lần báo', en: 'one receipt' }, { vi: `${inbox.received.length} lần báo`, en: `${inbox.received.length} receipts` }, context.exchanges[0])
  }),
]

export const smsSuite: RoleSuite = {
  role: SMS, flow: 'sms', flows: {}, checks: CHECKS,
  samples: { send: { status: 202, input: (context) => {
    const input = message(context, context.inbox())
    context.made('message', input.messageId)
    return input
  } } },
}
