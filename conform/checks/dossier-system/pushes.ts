/** What the system pushes to the portal: dossiers and statuses, signed, again until the portal has said yes or no, and then no more. */
import { SyncDossier, SyncStatus } from '../../../contracts/api/front.ts'
import { answered, Broken, demand, isNow, notTriggerable, type Check, type Flow } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Treatment } from '../../receiver.ts'
import { COMPOSED, DECOMPOSED, NAME_COMPOSED, NAME_DECOMPOSED, sameText } from '../../text-forms.ts'
import { demandAcknowledged, demandRefused, demandStatus, demandSync, deskDossier, deskOrder, dossierCheck, forwarded, portalFor, pushed, setAtDesk, takeAtDesk, times, type DeskOrder } from './cases.ts'

const CREATED: Treatment = { status: 201, body: { result: 'created' } }
const APPLIED: Treatment = { status: 201, body: { result: 'applied' } }
const BEFORE_1975 = '1950-01-01'

const check = (topic: string, flow: Flow, vi: string, en: string, run: Check['run'], needs: Check['needs'] = []) => dossierCheck(topic, flow, vi, en, run, [flow === 'status-sync' ? 'push-status' : 'push-dossier', 'portal', ...needs])

async function taken(context: Context, changes: Partial<DeskOrder> = {}) {
  const order = deskOrder(context, changes)
  const inbox = portalFor(context, order.dossierCode, 'push-dossier')
  const exchange = await takeAtDesk(context, order)
  return { order, exchange, came: await pushed(context, inbox) }
}

const DOSSIERS: readonly Check[] = [
  check('push', 'dossier-sync', 'Hồ sơ nhận tại quầy được đẩy lên cổng, đủ và đúng nội dung', 'A dossier taken at the desk is pushed to the portal, whole and as it was taken', async (context) => {
    const { order, exchange, came } = await taken(context)
    const parsed = SyncDossier.safeParse(context.callOf('push-dossier', came))
    demand(parsed.success, { vi: 'hồ sơ đúng dạng', en: 'a dossier of the form' }, parsed.success ? '' : `${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')} ${came.body.slice(0, 200)}`, exchange)
    for (const name of ['reference', 'dossierCode', 'procedureCode', 'applicantId', 'status'] as const) demand(parsed.data[name] === order[name], `${name} = ${order[name]}`, `${name} = ${parsed.data[name]}`, exchange)
    demand(parsed.data.unitCode === context.fixture.unit.unitCode, context.fixture.unit.unitCode, parsed.data.unitCode, exchange)
    if (context.fixture.triggers.pushDossier === 'desk') demandAcknowledged(exchange)
  }),
  check('push.signed', 'dossier-sync', 'Lần đẩy được ký bằng khóa của đơn vị', 'A push is signed with the partner\'s key', async (context) => {
    for (const changes of [{ applicantName: NAME_COMPOSED, note: COMPOSED }, { applicantName: NAME_DECOMPOSED, note: DECOMPOSED }]) context.demandSigned((await taken(context, changes)).came)
  }, ['system-key']),
  check('push.birth-date', 'dossier-sync', 'Ngày sinh không lệch ngày (trước 1975 giờ Việt Nam khác)', 'A date of birth does not move by a day (before 1975 the time zone was another)', async (context) => {
    for (const applicantBirthDate of [BEFORE_1975, '2000-02-29']) {
      const { exchange, came } = await taken(context, { applicantBirthDate })
      const said = context.callOf('push-dossier', came)?.applicantBirthDate
      demand(said === applicantBirthDate, applicantBirthDate, String(said), exchange)
    }
  }),
  check('push.time', 'dossier-sync', 'Thời điểm nộp là mốc thời gian thật (ms, UTC), không lệch múi giờ', 'The time of submission is the real moment (ms, UTC), not shifted by a time zone', async (context) => {
    const { exchange, came } = await taken(context)
    isNow(context.callOf('push-dossier', came)?.submittedAt, 'submittedAt', context.nowMs(), exchange)
  }),
  check('push.text', 'dossier-sync', 'Họ tên và ghi chú dạng NFC, NFD đến cổng nguyên văn', 'Names and notes in NFC and in NFD reach the portal with every letter', async (context) => {
    for (const [applicantName, note] of [[NAME_COMPOSED, COMPOSED], [NAME_DECOMPOSED, DECOMPOSED]] as const) {
      const { exchange, came } = await taken(context, { applicantName, note })
      const said = context.callOf('push-dossier', came)
      demand(sameText(said?.applicantName, applicantName), applicantName, String(said?.applicantName), exchange)
      demand(sameText(said?.note, note), note, String(said?.note), exchange)
    }
  }),
  check('push.not-deduplicated', 'dossier-sync', 'Hồ sơ thứ hai của cùng người, cùng thủ tục vẫn được đẩy', 'A second dossier of the same person and procedure is pushed, too', async (context) => {
    await deskDossier(context)
    await deskDossier(context)
  }),
  check('push.retried', 'dossier-sync', 'Cổng lỗi hoặc ngắt kết nối: đẩy lại cùng nội dung đến khi cổng trả lời', 'Where the portal fails or breaks the connection, the same is pushed again until it has answered', async (context) => {
    const script: Treatment[] = [{ status: 500, body: {} }, 'reset']
    const order = deskOrder(context)
    const inbox = portalFor(context, order.dossierCode, 'push-dossier', (nth) => script[nth - 1] ?? CREATED)
    demandSync(context, await takeAtDesk(context, order), 'unknown')
    const { retryMs } = context.fixture.waits
    demand(await inbox.arrived(script.length + 1, retryMs), times(script.length + 1), times(inbox.received.length), context.exchanges[0])
    const said = new Set(inbox.received.map((came) => JSON.stringify(context.callOf('push-dossier', came))))
    demand(said.size === 1, { vi: 'cùng một nội dung mỗi lần', en: 'the same content each time' }, [...said].slice(0, 2).join(' / '), context.exchanges[0])
  }),
  check('push.once', 'dossier-sync', 'Cổng đã nhận, dù chậm (1,5 giây), thì không đẩy nữa', 'What the portal has taken, even slowly (1.5 s), is not pushed again', async (context) => {
    const slowMs = 1_500
    const order = deskOrder(context)
    const inbox = portalFor(context, order.dossierCode, 'push-dossier', (nth) => nth === 1 ? { ...CREATED as object, delayMs: slowMs } as Treatment : CREATED)
    demandSync(context, await takeAtDesk(context, order), 'acknowledged')
    await pushed(context, inbox)
    await context.wait(slowMs + context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges[0])
  }),
  check('push.unchanged', 'dossier-sync', 'Cổng trả "unchanged" (đã có) cũng là đã nhận', 'An answer "unchanged" (it was there) is a yes as well', async (context) => {
    const order = deskOrder(context)
    const inbox = portalFor(context, order.dossierCode, 'push-dossier', () => ({ status: 200, body: { result: 'unchanged' } }))
    demandSync(context, await takeAtDesk(context, order), 'acknowledged')
    await pushed(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges[0])
  }),
  check('push.refused', 'dossier-sync', 'Cổng từ chối (409) thì báo cán bộ và không tự đẩy lại', 'What the portal refuses (409) is told to the officer and not pushed again by itself', async (context) => {
    const order = deskOrder(context)
    const inbox = portalFor(context, order.dossierCode, 'push-dossier', () => ({ status: 409, body: { error: { code: 'CONFLICT', message: 'other content' } } }))
    const exchange = await takeAtDesk(context, order)
    if (context.fixture.triggers.pushDossier === 'desk') demandRefused(exchange, 409, 'CONFLICT')
    await pushed(context, inbox)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges[0])
  }),
  check('desk.idempotent', 'receive', 'Nhập lại cùng hồ sơ tại quầy không tạo hồ sơ mới, không đẩy lại', 'The same dossier again at the desk makes no second one, and no second push', async (context) => {
    const order = await deskDossier(context)
    const inbox = portalFor(context, order.dossierCode, 'push-dossier')
    demandSync(context, await takeAtDesk(context, order), 'acknowledged')
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 0, times(0), times(inbox.received.length), context.exchanges.at(-1))
  }),
  check('desk.code-taken', 'receive', 'Mã hồ sơ của hồ sơ khác bị từ chối', 'A code that stands for another dossier is refused', async (context) => {
    const { dossierCode } = await deskDossier(context)
    if (context.fixture.triggers.pushDossier !== 'desk') return notTriggerable('cách kích hoạt không cho biết hồ sơ bị từ chối (triggers.pushDossier)', 'this trigger does not tell that a dossier is refused (triggers.pushDossier)')
    answered(await context.ask('desk-dossier', deskOrder(context, { dossierCode })), 409, 'DOSSIER_CODE_TAKEN')
  }),
]

const STATUSES: readonly Check[] = [
  check('push-status', 'status-sync', 'Trạng thái đặt tại quầy được đẩy lên cổng, đúng hồ sơ, mã tham chiếu, thời điểm', 'A status set at the desk is pushed to the portal, with dossier, reference and time', async (context) => {
    const { dossierCode } = await deskDossier(context)
    const inbox = portalFor(context, dossierCode, 'push-status')
    const order = { reference: context.tag(), dossierCode, status: 'in-process' }
    const before = context.nowMs()
    const exchange = await setAtDesk(context, order)
    const came = await pushed(context, inbox)
    const parsed = SyncStatus.safeParse(context.callOf('push-status', came))
    demand(parsed.success, { vi: 'trạng thái đúng dạng', en: 'a status of the form' }, came.body.slice(0, 300), exchange)
    demand(parsed.data.reference === order.reference && parsed.data.status === order.status, `${order.reference} ${order.status}`, `${parsed.data.reference} ${parsed.data.status}`, exchange)
    isNow(parsed.data.at, 'at', before, exchange)
    // Who set it the portal knows by the signature.
    demand(parsed.data.source === undefined, { vi: 'không có source', en: 'no source' }, `source ${parsed.data.source}`, exchange)
    if (context.fixture.triggers.pushStatus === 'desk') demandAcknowledged(exchange)
  }),
  dossierCheck('push-status.refused', 'status-sync', 'Trạng thái, yêu cầu bổ sung, kết quả bị cổng từ chối (409) thì báo cán bộ và không tự đẩy lại', 'A status, a supplement that is asked for, or a result that the portal refuses (409) is told to the officer and not pushed again by itself', async (context) => {
    const refused = (dossierCode: string) => portalFor(context, dossierCode, 'push-status', () => ({ status: 409, body: { error: { code: 'TRANSITION_FORBIDDEN', message: 'not now' } } }))
    const asked: [string, object][] = [
      ...(context.fixture.triggers.pushStatus === 'desk' ? [['desk-status', { status: 'in-process' }] as [string, object]] : []),
      ['supplement-ask', { text: 'Đề nghị bổ sung' }], ['desk-result', { outcome: 'granted', note: context.mark }],
    ]
    for (const [operation, particulars] of asked) {
      const { dossierCode } = await forwarded(context)
      const inbox = refused(dossierCode)
      const exchange = await context.ask(operation, { reference: context.tag(), dossierCode, ...particulars })
      demandRefused(exchange, 409, 'TRANSITION_FORBIDDEN')
      await context.wait(context.fixture.waits.quietMs)
      demand(inbox.received.length === 1, times(1), times(inbox.received.length), exchange)
    }
  }, ['portal']),
  check('push-status.signed', 'status-sync', 'Lần đẩy trạng thái được ký bằng khóa của đơn vị', 'A push of a status is signed with the partner\'s key', async (context) => {
    const { dossierCode } = await deskDossier(context)
    const inbox = portalFor(context, dossierCode, 'push-status')
    await setAtDesk(context, { reference: context.tag(), dossierCode, status: 'in-process' })
    context.demandSigned(await pushed(context, inbox))
  }, ['system-key']),
  check('push-status.retried', 'status-sync', 'Cổng lỗi: đẩy lại cùng trạng thái đến khi cổng trả lời, rồi thôi', 'Where the portal fails, the same status is pushed again until it has answered, and then no more', async (context) => {
    const { dossierCode } = await deskDossier(context)
    const inbox = portalFor(context, dossierCode, 'push-status', (nth) => nth <= 2 ? { status: 502, body: {} } : APPLIED)
    await setAtDesk(context, { reference: context.tag(), dossierCode, status: 'in-process' })
    demand(await inbox.arrived(3, context.fixture.waits.retryMs), times(3), times(inbox.received.length), context.exchanges.at(-1))
    await context.wait(context.fixture.waits.quietMs)
    const said = new Set(inbox.received.map((came) => JSON.stringify(context.callOf('push-status', came))))
    demand(inbox.received.length === 3 && said.size === 1, times(3), times(inbox.received.length), context.exchanges.at(-1))
  }),
  check('push-status.order', 'status-sync', 'Trạng thái trái quy trình bị từ chối, không áp dụng và không đẩy lên cổng', 'A status that the process forbids is refused, not applied and not pushed', async (context) => {
    const order = await deskDossier(context)
    const { dossierCode } = order
    const inbox = portalFor(context, dossierCode, 'push-status')
    const { reference } = order
    await setAtDesk(context, { reference: context.tag(), dossierCode, status: 'result-returned' })
    await pushed(context, inbox)
    const forbidden = { reference: context.tag(), dossierCode, status: 'in-process' }
    if (context.fixture.triggers.pushStatus === 'desk') answered(await context.ask('desk-status', forbidden), 409, 'TRANSITION_FORBIDDEN')
    // Another trigger may refuse in its own words.
    else await setAtDesk(context, forbidden).catch((error: unknown) => { if (!(error instanceof Broken)) throw error })
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges.at(-1))
    await demandStatus(context, reference, 'result-returned')
  }),
  check('desk.references', 'status-sync', 'Mã tham chiếu đã dùng cho hồ sơ, trạng thái khác bị từ chối, và không làm gì', 'A reference that stands for another dossier or status is refused, and nothing is done', async (context) => {
    if (context.fixture.triggers.pushDossier !== 'desk' || context.fixture.triggers.pushStatus !== 'desk') return notTriggerable('cách kích hoạt không cho biết bị từ chối (triggers)', 'these triggers do not tell what is refused (triggers)')
    const [one, two] = [await deskDossier(context), await deskDossier(context)]
    answered(await context.ask('desk-dossier', deskOrder(context, { reference: one.reference })), 409, 'REFERENCE_TAKEN')
    const status = { reference: context.tag(), dossierCode: one.dossierCode, status: 'in-process' }
    answered(await context.ask('desk-status', status), 201)
    for (const change of [{ dossierCode: two.dossierCode }, { status: 'done' }]) answered(await context.ask('desk-status', { ...status, ...change }), 409, 'REFERENCE_TAKEN')
    await demandStatus(context, one.reference, 'in-process')
    await demandStatus(context, two.reference, two.status)
  }, ['push-dossier']),
  check('push-status.sequence', 'status-sync', 'Các trạng thái của một hồ sơ đến cổng theo thứ tự đã đặt, thời điểm không lùi', 'The statuses of a dossier reach the portal in the order in which they were set, times never going back', async (context) => {
    const { dossierCode } = await deskDossier(context)
    const inbox = portalFor(context, dossierCode, 'push-status')
    const set = ['in-process', 'done', 'result-returned']
    for (const [nth, status] of set.entries()) {
      await setAtDesk(context, { reference: context.tag(), dossierCode, status })
      await pushed(context, inbox, nth + 1)
    }
    const said = inbox.received.map((came) => context.callOf('push-status', came) as { status: string; at: number })
    demand(said.map(({ status }) => status).join() === set.join() && said.every(({ at }, nth) => nth === 0 || at >= said[nth - 1]!.at), set.join(', '), said.map(({ status, at }) => `${status} ${at}`).join(', '), context.exchanges.at(-1))
  }),
  dossierCheck('desk-status.unknown', 'status-sync', 'Trạng thái của hồ sơ không có bị từ chối', 'A status of a dossier that is not held is refused', async (context) => {
    if (context.fixture.triggers.pushStatus !== 'desk') return notTriggerable('cách kích hoạt không cho biết trạng thái bị từ chối (triggers.pushStatus)', 'this trigger does not tell that a status is refused (triggers.pushStatus)')
    answered(await context.ask('desk-status', { reference: context.tag(), dossierCode: context.dossierCode(), status: 'received' }), 404, 'DOSSIER_UNKNOWN')
  }, ['push-status']),
]

export const PUSH_CHECKS: readonly Check[] = [...DOSSIERS, ...STATUSES]
