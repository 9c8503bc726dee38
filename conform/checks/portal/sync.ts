/** What partners sync up: once for each code, never put to the business check, refused without the right signature, statuses along the process only. */
import { dueDateRule } from '../../../contracts/working-days.ts'
import { answered, demand, shows, type Check } from '../../check.ts'
import { COMPOSED, DECOMPOSED, NAME_COMPOSED, NAME_DECOMPOSED } from '../../text-forms.ts'
import { portalCheck as check, session, statusOrder, SYNC, synced, syncOrder, turn, withdraw, withSubmitted } from './sessions.ts'

const AT_ONCE = 6
/** In Hanoi the day after, in UTC still the same; and the evening before a week-end. */
const AFTER_MIDNIGHT = Date.parse('2026-04-14T00:30:00+07:00')
const FRIDAY_NIGHT = Date.parse('2026-04-10T21:00:00+07:00')
const times = (n: number) => ({ vi: `${n} lần`, en: `${n} times` })
const LARGE_NOTE = 'Ghi chú dài: Đặng Thị Hoà. '.repeat(4_000)

export const SYNC_CHECKS: readonly Check[] = [
  check('sync.idempotent', 'dossier-sync', 'Cùng hồ sơ đồng bộ lại không đổi gì, kể cả gửi cùng lúc', 'The same dossier synced again changes nothing, also at the same moment', async (context) => {
    const input = syncOrder(context)
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => context.ask('sync-dossier', input)))
    context.made('dossier', input.dossierCode)
    for (const exchange of answers) answered(exchange, [200, 201])
    const created = answers.filter(({ status }) => status === 201).length
    demand(created === 1, times(1), times(created), answers[0])
    // A partner that repeats a push from its outbox may stamp it anew.
    answered(await context.ask('sync-dossier', { ...input, submittedAt: input.submittedAt + 1_000 }), 200)
  }, SYNC),
  check('sync.conflict', 'dossier-sync', 'Cùng mã hoặc cùng mã tham chiếu với nội dung khác bị từ chối 409', 'The same code or reference with other content is refused with 409', async (context) => {
    const input = await synced(context)
    for (const change of [{ note: `${input.note} khác` }, { reference: context.tag() }, { dossierCode: context.dossierCode() }]) answered(await context.ask('sync-dossier', { ...input, ...change }), 409, 'CONFLICT')
  }, SYNC),
  check('sync.not-deduplicated', 'dossier-sync', 'Hồ sơ đồng bộ không bị kiểm tra trùng: hồ sơ thứ hai của cùng người, cùng thủ tục vẫn được nhận', 'A synced dossier is not put to the business check: a second one of the same person and procedure is taken', async (context) => {
    const { applicantId, applicantName, applicantBirthDate, procedureCode } = await synced(context)
    await synced(context, { applicantId, applicantName, applicantBirthDate, procedureCode })
  }, SYNC),
  check('sync.beside-direct', 'dossier-sync', 'Hồ sơ đồng bộ được nhận cả khi công dân đã nộp trực tiếp cùng thủ tục', 'A synced dossier is taken also where the citizen has submitted the same procedure directly', async (context) => {
    await withSubmitted(context, async ({ citizen, procedureCode, cookie }) => {
      const { dossierCode } = await synced(context, { applicantId: citizen.personId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, procedureCode })
      answered(await withdraw(context, cookie, dossierCode), 201)
    })
  }, ['caller-key', 'session', 'citizen']),
  check('sync.shown', 'dossier-sync', 'Hồ sơ đồng bộ hiện trong tài khoản công dân: trạng thái, thời điểm nộp, hạn theo ngày làm việc giờ Việt Nam', 'A synced dossier shows on the citizen\'s account: status, time of submission, deadline by working days in Vietnam time', async (context) => {
    const { citizen, procedureCode, cookie } = await turn(context)
    for (const submittedAt of [context.nowMs() - 60_000, AFTER_MIDNIGHT, FRIDAY_NIGHT]) {
      const input = await synced(context, { applicantId: citizen.personId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, procedureCode, submittedAt })
      const exchange = await context.ask('own-dossier', { dossierCode: input.dossierCode }, { headers: { cookie } })
      answered(exchange, 200)
      await withdraw(context, cookie, input.dossierCode)
      shows(exchange, { dossierCode: input.dossierCode, procedureCode, status: input.status, unitCode: input.unitCode })
      const at: unknown = exchange.json?.submittedAt
      demand(at === submittedAt, `submittedAt = ${new Date(submittedAt).toISOString()}`, `submittedAt = ${String(at)}`, exchange)
      const [due, dueAt] = [dueDateRule()(submittedAt), exchange.json?.dueAt as unknown]
      demand(dueAt === due, `dueAt = ${new Date(due).toISOString()}`, `dueAt = ${String(dueAt)}`, exchange)
    }
  }, ['caller-key', 'session', 'citizen']),
  check('sync.birth-date', 'dossier-sync', 'Ngày sinh trước 1975 giữ nguyên ngày: gửi lại là một, lệch một ngày là khác', 'A date of birth before 1975 keeps its day: the same again is the same, a day off is another', async (context) => {
    const input = await synced(context, { applicantBirthDate: '1950-01-01' })
    answered(await context.ask('sync-dossier', input), 200)
    answered(await context.ask('sync-dossier', { ...input, applicantBirthDate: '1949-12-31' }), 409, 'CONFLICT')
  }, SYNC),
  check('sync.text', 'dossier-sync', 'Văn bản NFC và NFD được nhận và giữ đủ: gửi lại là một, mất dấu là khác', 'Text in NFC and in NFD is taken and kept: the same again is the same, a lost mark is another', async (context) => {
    for (const [applicantName, note] of [[NAME_COMPOSED, COMPOSED], [NAME_DECOMPOSED, DECOMPOSED]] as const) {
      const input = await synced(context, { applicantName, note })
      answered(await context.ask('sync-dossier', input), 200)
      answered(await context.ask('sync-dossier', { ...input, note: note.normalize('NFD').replace(/\p{M}/gu, '') }), 409, 'CONFLICT')
    }
  }, SYNC),
  check('sync.large', 'dossier-sync', 'Ghi chú rất dài (trên 100 KB) được giữ đủ', 'A very long note (over 100 KB) is kept whole', async (context) => {
    const input = await synced(context, { note: LARGE_NOTE })
    answered(await context.ask('sync-dossier', { ...input, note: LARGE_NOTE.slice(0, -1) }), 409, 'CONFLICT')
  }, SYNC),
  check('sync.signer', 'dossier-sync', 'Đơn vị lạ bị từ chối 401', 'An unknown partner is refused with 401', async (context) => {
    answered(await context.ask('sync-dossier', syncOrder(context), { headers: { 'x-partner': 'nobody-knows' } }), 401, 'SIGNATURE_INVALID')
  }, SYNC),
  check('sync.codes', 'dossier-sync', 'Mã hồ sơ, thủ tục, đơn vị hoặc trạng thái sai dạng bị từ chối', 'Codes of dossier, procedure or unit, or a status, that are not of the form are refused', async (context) => {
    for (const change of [{ dossierCode: 'x' }, { procedureCode: '1' }, { unitCode: 'Z' }, { status: 'lost' }, { applicantBirthDate: '31/12/1999' }]) {
      answered(await context.ask('sync-dossier', syncOrder(context, change)), 400)
    }
  }, SYNC),

  check('status.idempotent', 'status-sync', 'Cùng mã tham chiếu trạng thái gửi lại, kể cả cùng lúc, chỉ áp dụng một lần', 'The same reference of a status, also at the same moment, is applied once', async (context) => {
    const { dossierCode } = await synced(context)
    const input = statusOrder(context, dossierCode, 'in-process')
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => context.ask('sync-status', input)))
    const applied = answers.filter(({ status }) => status === 201).length
    for (const exchange of answers) answered(exchange, [200, 201])
    demand(applied === 1, times(1), times(applied), answers[0])
  }, SYNC),
  check('status.order', 'status-sync', 'Trạng thái trái quy trình bị từ chối 409 và không áp dụng', 'A status that the process forbids is refused with 409 and not applied', async (context) => {
    const { citizen, procedureCode, cookie } = await turn(context)
    const { dossierCode } = await synced(context, { applicantId: citizen.personId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, procedureCode })
    answered(await context.ask('sync-status', statusOrder(context, dossierCode, 'result-returned')), 201)
    for (const status of ['in-process', 'received']) {
      answered(await context.ask('sync-status', statusOrder(context, dossierCode, status)), 409, 'TRANSITION_FORBIDDEN')
      shows(await context.ask('own-dossier', { dossierCode }, { headers: { cookie } }), { status: 'result-returned' })
    }
  }, ['caller-key', 'session', 'citizen']),
  check('status.unknown', 'status-sync', 'Trạng thái của hồ sơ không có bị từ chối 404', 'A status of a dossier that is not there is refused with 404', async (context) => {
    answered(await context.ask('sync-status', statusOrder(context, context.dossierCode(), 'received')), 404, 'DOSSIER_UNKNOWN')
  }, SYNC),
  check('status.shown', 'status-sync', 'Trạng thái đồng bộ hiện ngay với công dân, và hồ sơ đồng bộ lại không đưa nó lùi', 'A synced status shows to the citizen at once, and the dossier synced again does not take it back', async (context) => {
    const { citizen, procedureCode, cookie } = await turn(context)
    const dossier = await synced(context, { applicantId: citizen.personId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, procedureCode })
    const { dossierCode } = dossier
    for (const status of ['in-process', 'done', 'result-returned']) {
      answered(await context.ask('sync-status', statusOrder(context, dossierCode, status)), 201)
      // A push that is repeated late must not take it back.
      answered(await context.ask('sync-dossier', dossier), 200)
      const exchange = await context.ask('own-dossier', { dossierCode }, { headers: { cookie } })
      demand(exchange.json?.status === status, status, String(exchange.json?.status), exchange)
    }
  }, ['caller-key', 'session', 'citizen']),
  check('supplement', 'supplement', 'Bổ sung do đơn vị yêu cầu được công dân trả lời một lần', 'A supplement that the partner asked for is answered once by the citizen', async (context) => {
    const { citizen, procedureCode, cookie } = await turn(context)
    const { dossierCode } = await synced(context, { applicantId: citizen.personId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, procedureCode })
    const answer = { dossierCode, reference: context.tag(), text: DECOMPOSED }
    const give = (input: object) => context.ask('supplement', input, { headers: { cookie } })
    answered(await give(answer), 409, 'TRANSITION_FORBIDDEN')
    answered(await context.ask('sync-status', statusOrder(context, dossierCode, 'supplement-asked')), 201)
    for (const status of [201, 200]) {
      const exchange = await give(answer)
      answered(exchange, status)
      shows(exchange, { dossierCode, status: 'in-process' })
    }
    answered(await give({ ...answer, reference: context.tag() }), 409, 'TRANSITION_FORBIDDEN')
    answered(await withdraw(context, (await session(context, citizen)).cookie, dossierCode), 201)
  }, ['caller-key', 'session', 'citizen']),
]
