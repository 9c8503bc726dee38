/** What comes in from the national systems: forwarded dossiers, statuses, and citizens' applications on the own service. */
import { STATUS_TRANSITIONS } from '../../../contracts/status.ts'
import { answered, demand, shows, textIn, type Check } from '../../check.ts'
import { DECOMPOSED, NAME_COMPOSED, NAME_DECOMPOSED, sameText } from '../../text-forms.ts'
import type { Context } from '../../context.ts'
import { demandStatus, dossierCheck as check, forwarded, forwardedDossier, pushed, times } from './cases.ts'
import { listed } from './look-ups.ts'

const AT_ONCE = 6
const AROUND_MS = 30 * 60_000

function told(context: Context, dossierCode: string, status: string, at: number, reference = context.tag()) {
  return { reference, dossierCode, status, at, source: 'staff' }
}
async function tell(context: Context, ...statuses: object[]): Promise<void> {
  const exchange = await context.ask('statuses', { statuses })
  answered(exchange, 200)
  demand(exchange.json?.accepted === statuses.length, String(statuses.length), String(exchange.json?.accepted), exchange)
}

export function application(context: Context, changes: object = {}) {
  const { unit, citizens: [citizen] } = context.fixture
  return { reference: context.tag(), procedureCode: unit.procedures[0]!, provinceId: unit.provinceId, personId: citizen!.personId, applicantName: citizen!.name, applicantBirthDate: citizen!.birthDate, phone: citizen!.phone, note: context.mark, ...changes }
}

export const INTAKE_CHECKS: readonly Check[] = [
  check('forwarded.idempotent', 'receive', 'Cùng mã hồ sơ chuyển lại không đổi gì, kể cả gửi cùng lúc hay khi hồ sơ đã được xử lý tiếp', 'The same dossier code forwarded again changes nothing, also at the same moment, or when the dossier has gone on', async (context) => {
    const input = forwardedDossier(context)
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => context.ask('forwarded', input)))
    context.made('dossier', input.dossierCode)
    for (const exchange of answers) answered(exchange, 200)
    const received = answers.filter(({ json }) => json?.result === 'received').length
    demand(received === 1, times(1), times(received), answers[0])
    await tell(context, told(context, input.dossierCode, 'in-process', context.nowMs()))
    const again = await context.ask('forwarded', input)
    demand(again.json?.result === 'unchanged', 'unchanged', String(again.json?.result), again)
    await demandStatus(context, input.reference, 'in-process')
  }),
  check('forwarded.held', 'receive', 'Hồ sơ được chuyển tra được theo mã tham chiếu, đúng mã và trạng thái', 'A forwarded dossier is found by its reference, with code and status', async (context) => {
    const { reference, dossierCode, status } = await forwarded(context)
    const exchange = await context.ask('desk-look-up', { reference })
    answered(exchange, 200)
    demand(exchange.json?.dossierCode === dossierCode && exchange.json?.status === status, `${dossierCode} ${status}`, `${exchange.json?.dossierCode} ${exchange.json?.status}`, exchange)
  }),
  check('forwarded.not-deduplicated', 'receive', 'Hồ sơ thứ hai của cùng người, cùng thủ tục vẫn được nhận: kiểm tra trùng là việc của cổng', 'A second dossier of the same person and procedure is taken: the business check is the portal\'s', async (context) => {
    await forwarded(context)
    await forwarded(context)
  }),
  check('forwarded.text', 'receive', 'Nhận họ tên dạng NFC và NFD', 'Takes names in NFC and in NFD', async (context) => {
    await forwarded(context, { applicantName: NAME_COMPOSED })
    await forwarded(context, { applicantName: NAME_DECOMPOSED })
  }),
  check('look-up.unknown', 'process', 'Không có hồ sơ thì trả 404', 'A dossier that is not held is answered 404', async (context) => answered(await context.ask('desk-look-up', { reference: context.tag() }), 404, 'DOSSIER_UNKNOWN')),

  check('statuses.applied', 'status-sync', 'Trạng thái do cán bộ, công dân đặt được áp dụng', 'A status that staff or citizens set is applied', async (context) => {
    const { reference, dossierCode } = await forwarded(context)
    await tell(context, told(context, dossierCode, 'in-process', context.nowMs()))
    await demandStatus(context, reference, 'in-process')
  }),
  check('statuses.idempotent', 'status-sync', 'Cùng mã tham chiếu gửi lại không đổi gì', 'The same reference again changes nothing', async (context) => {
    const { reference, dossierCode } = await forwarded(context)
    const at = context.nowMs()
    const first = told(context, dossierCode, 'received', at)
    await tell(context, first)
    await tell(context, told(context, dossierCode, 'in-process', at + 1_000))
    // Repeated with a later time: it was done already, and must not be done anew.
    await tell(context, { ...first, at: at + 2_000 })
    await demandStatus(context, reference, 'in-process')
  }),
  check('statuses.out-of-order', 'status-sync', 'Trạng thái mới nhất có hiệu lực dù đến theo thứ tự nào', 'The newest status counts in whatever order they come', async (context) => {
    const { reference, dossierCode } = await forwarded(context)
    const at = context.nowMs()
    await tell(context, told(context, dossierCode, 'in-process', at + 1_000))
    await tell(context, told(context, dossierCode, 'received', at))
    await demandStatus(context, reference, 'in-process')
  }),
  check('statuses.early', 'status-sync', 'Trạng thái đến trước hồ sơ vẫn có hiệu lực khi hồ sơ đến', 'A status that comes before its dossier counts when the dossier comes', async (context) => {
    const input = forwardedDossier(context)
    await tell(context, told(context, input.dossierCode, 'in-process', context.nowMs()))
    answered(await context.ask('forwarded', input), 200)
    context.made('dossier', input.dossierCode)
    await demandStatus(context, input.reference, 'in-process')
  }),
  check('statuses.batch', 'status-sync', 'Một lô nhiều trạng thái được áp dụng đủ', 'All statuses of a batch are applied', async (context) => {
    const dossiers = [await forwarded(context), await forwarded(context), await forwarded(context)]
    await tell(context, ...dossiers.map(({ dossierCode }) => told(context, dossierCode, 'received', context.nowMs())))
    for (const { reference } of dossiers) await demandStatus(context, reference, 'received')
  }),
  check('statuses.too-many', 'status-sync', 'Từ chối lô quá 500 trạng thái', 'Refuses a batch of more than 500 statuses', async (context) => {
    const statuses = Array.from({ length: 501 }, (_, n) => ({ reference: `${context.mark}-${n}`, dossierCode: 'H01-260410-000000', status: 'received', at: 1 }))
    answered(await context.ask('statuses', { statuses }), 400, 'REQUEST_INVALID')
  }),
  check('statuses.known', 'status-sync', 'Nhận mọi trạng thái của quy trình', 'Takes every status of the process', async (context) => {
    for (const status of STATUS_TRANSITIONS['newly-registered']) {
      const { reference, dossierCode } = await forwarded(context)
      await tell(context, told(context, dossierCode, status, context.nowMs()))
      await demandStatus(context, reference, status)
    }
  }),

  check('own-service.idempotent', 'submit', 'Nộp lại cùng mã tham chiếu trên dịch vụ riêng nhận cùng hồ sơ', 'The same reference again on the own service gets the same dossier', async (context) => {
    const input = application(context)
    const first = await context.ask('own-service', input)
    answered(first, 201)
    context.made('dossier', first.json?.dossierCode)
    const again = await context.ask('own-service', input)
    answered(again, 200)
    const dossierCode = textIn(first, 'dossierCode')
    for (const exchange of [first, again]) shows(exchange, { dossierCode, unitCode: context.fixture.unit.unitCode, status: 'newly-registered' })
    demand(dossierCode.startsWith(`${context.fixture.unit.unitCode}-`), { vi: `mã hồ sơ của đơn vị ${context.fixture.unit.unitCode}`, en: `a code of unit ${context.fixture.unit.unitCode}` }, String(first.json?.dossierCode), first)
  }, ['own-service']),
  check('own-service.reference', 'submit', 'Mã tham chiếu của hồ sơ đến bằng đường khác, hoặc của người khác, bị từ chối', 'A reference of a dossier that came another way, or is another person\'s, is refused', async (context) => {
    const { reference } = await forwarded(context)
    answered(await context.ask('own-service', application(context, { reference })), 409, 'REFERENCE_TAKEN')
    const input = application(context)
    const first = await context.ask('own-service', input)
    answered(first, 201)
    context.made('dossier', first.json?.dossierCode)
    // Whoever sends it must not be told another's dossier.
    answered(await context.ask('own-service', { ...input, applicantName: context.fixture.citizens[1]?.name ?? NAME_COMPOSED, personId: context.fixture.citizens[1]?.personId ?? '999000000099' }), 409, 'REFERENCE_TAKEN')
  }, ['own-service']),
  check('own-service.synced', 'dossier-sync', 'Hồ sơ nộp trên dịch vụ riêng được đồng bộ lên cổng, kể cả khi cổng tạm đóng', 'A dossier of the own service is synced up to the portal, also where the portal was closed for a while', async (context) => {
    const input = application(context, { applicantName: NAME_DECOMPOSED, note: `${context.mark} ${DECOMPOSED}` })
    const inbox = context.pushes('push-dossier', (said) => said?.reference === input.reference, (nth) => nth === 1
      ? { status: 503, body: { error: { code: 'PORTAL_CLOSED', message: 'not open yet' } } } : { status: 201, body: { result: 'created' } })
    const exchange = await context.ask('own-service', input)
    answered(exchange, 201)
    context.made('dossier', exchange.json?.dossierCode)
    const said = context.callOf('push-dossier', await pushed(context, inbox, 2))
    demand(said?.dossierCode === exchange.json?.dossierCode && said?.applicantId === input.personId, `${exchange.json?.dossierCode} ${input.personId}`, `${said?.dossierCode} ${said?.applicantId}`, exchange)
    demand(sameText(said?.applicantName, input.applicantName) && sameText(said?.note, input.note), `${input.applicantName} / ${input.note}`, `${said?.applicantName} / ${said?.note}`, exchange)
    const { found } = await listed(context, context.nowMs() - AROUND_MS, context.nowMs() + AROUND_MS)
    const origin: unknown = found.find((one) => one.dossierCode === exchange.json?.dossierCode)?.origin
    demand(origin === 'own-service', 'origin = own-service', `origin = ${String(origin)}`, context.exchanges.at(-1))
  }, ['own-service', 'portal']),
]
