/** Supplements, results and confirmations: once each, in the right order, visible to both sides, told to the portal. */
import { answered, demand, isNow, listIn, says, shows, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import { COMPOSED, DECOMPOSED, sameText } from '../../text-forms.ts'
import { demandAcknowledged, demandStatus, dossierCheck as check, forwarded, portalFor, pushed, times } from './cases.ts'
import { demandFile, upload } from './files.ts'

async function asked(context: Context, dossierCode: string, text = 'Đề nghị bổ sung giấy xác nhận nơi cư trú') {
  const input = { reference: context.tag(), dossierCode, text }
  const exchange = await context.ask('supplement-ask', input)
  answered(exchange, 201)
  return { ...input, exchange }
}
export function supplementAnswer(context: Context, dossierCode: string, changes: object = {}) { return { reference: context.tag(), dossierCode, text: 'Đã bổ sung', attachmentIds: [], ...changes } }
export function confirmation(context: Context, dossierCode: string, changes: object = {}) {
  return { system: 'civil-status', reference: context.tag(), dossierCode, number: 'HT99000001', status: 'registered', sequence: 1, at: context.nowMs(), amountVnd: null, note: context.mark, ...changes }
}

export const CASE_CHECKS: readonly Check[] = [
  check('supplement', 'supplement', 'Yêu cầu bổ sung, trả lời một lần: trả lời lại không đổi gì, hồ sơ được xử lý tiếp', 'A supplement is asked for and answered once: the same answer again changes nothing, and the dossier goes on', async (context) => {
    const { reference, dossierCode } = await forwarded(context)
    await asked(context, dossierCode)
    await demandStatus(context, reference, 'supplement-asked')
    const answer = supplementAnswer(context, dossierCode)
    for (const status of [201, 200]) {
      const exchange = await context.ask('supplement-answer', answer)
      answered(exchange, status)
      shows(exchange, { dossierCode, status: 'in-process' })
    }
    await demandStatus(context, reference, 'in-process')
  }),
  check('supplement.pushed', 'supplement', 'Yêu cầu bổ sung được đẩy lên cổng', 'A supplement that is asked for is told to the portal', async (context) => {
    const { dossierCode } = await forwarded(context)
    const inbox = portalFor(context, dossierCode, 'push-status')
    const { exchange } = await asked(context, dossierCode)
    const said = context.callOf('push-status', await pushed(context, inbox))
    demand(said?.status === 'supplement-asked', 'supplement-asked', String(said?.status), context.exchanges.at(-1))
    demandAcknowledged(exchange)
  }, ['portal']),
  check('supplement.text', 'supplement', 'Nội dung bổ sung dạng NFC, NFD và tệp kèm theo được giữ đủ', 'The text of a supplement, in NFC and in NFD, and its files are kept', async (context) => {
    for (const text of [COMPOSED, DECOMPOSED]) {
      const { dossierCode } = await forwarded(context)
      const { reference } = await asked(context, dossierCode, text)
      const file = await context.ask('attach', upload(context, dossierCode, Buffer.from(text)))
      answered(file, 201)
      const attachmentIds = [textIn(file, 'attachmentId')]
      const answer = supplementAnswer(context, dossierCode, { text, attachmentIds })
      answered(await context.ask('supplement-answer', answer), 201)
      const list = await context.ask('supplements', { dossierCode })
      answered(list, 200)
      const all = listIn(list, 'supplements')
      demand(all.length === 1, times(1), times(all.length), list)
      const [held] = all
      demand(held?.reference === reference && held?.answer?.reference === answer.reference, `${reference} / ${answer.reference}`, `${held?.reference} / ${held?.answer?.reference}`, list)
      for (const [name, at] of [['askedAt', held?.askedAt], ['answeredAt', held?.answer?.answeredAt]] as const) isNow(at, name, context.nowMs(), list)
      demand(sameText(held?.text, text) && sameText(held?.answer?.text, text), text, `${held?.text} / ${held?.answer?.text}`, list)
      demand(String(held?.answer?.attachmentIds) === String(attachmentIds), String(attachmentIds), String(held?.answer?.attachmentIds), list)
    }
  }),
  check('supplement.refused', 'supplement', 'Từ chối trả lời khi không ai yêu cầu, trả lời lần hai, tệp lạ, hồ sơ không có', 'Refuses an answer that nobody asked for, a second one, a foreign file, an unknown dossier', async (context) => {
    const { dossierCode } = await forwarded(context)
    answered(await context.ask('supplement-answer', supplementAnswer(context, dossierCode)), 409, 'NOTHING_ASKED')
    await asked(context, dossierCode)
    answered(await context.ask('supplement-answer', supplementAnswer(context, dossierCode, { attachmentIds: [context.tag()] })), 422, 'ATTACHMENT_UNKNOWN')
    answered(await context.ask('supplement-answer', supplementAnswer(context, dossierCode)), 201)
    answered(await context.ask('supplement-answer', supplementAnswer(context, dossierCode)), 409, 'NOTHING_ASKED')
    for (const operation of ['supplement-answer', 'supplement-ask']) {
      const { attachmentIds, ...input } = supplementAnswer(context, context.dossierCode())
      answered(await context.ask(operation, operation === 'supplement-ask' ? input : { ...input, attachmentIds }), 404, 'DOSSIER_UNKNOWN')
    }
  }),

  check('references', 'supplement', 'Mã tham chiếu đã dùng với nội dung khác bị từ chối: yêu cầu bổ sung, trả lời, kết quả, tệp', 'A reference that was used with other content is refused: asking, answering, result, file', async (context) => {
    const { dossierCode } = await forwarded(context)
    const { exchange: _, ...question } = await asked(context, dossierCode)
    answered(await context.ask('supplement-ask', { ...question, text: 'Đề nghị khác' }), 409, 'REFERENCE_TAKEN')
    const answer = supplementAnswer(context, dossierCode)
    answered(await context.ask('supplement-answer', answer), 201)
    answered(await context.ask('supplement-answer', { ...answer, text: 'Trả lời khác' }), 409, 'REFERENCE_TAKEN')
    const file = upload(context, dossierCode, Buffer.from('tệp thứ nhất'))
    answered(await context.ask('attach', file), 201)
    answered(await context.ask('attach', { ...upload(context, dossierCode, Buffer.from('tệp thứ hai')), reference: file.reference }), 409, 'REFERENCE_TAKEN')
    const result = { reference: context.tag(), dossierCode, outcome: 'granted', note: '' }
    answered(await context.ask('desk-result', result), 201)
    answered(await context.ask('desk-result', { ...result, outcome: 'refused' }), 409, 'REFERENCE_TAKEN')
    const held = await context.ask('result', { dossierCode })
    shows(held, { outcome: 'granted' })
  }),

  check('result', 'return-result', 'Kết quả kèm tệp được trả, đẩy lên cổng một lần và tra được; trả lại không đổi gì', 'A result with a file is returned, told to the portal once, and can be fetched; the same again changes nothing', async (context) => {
    const { dossierCode } = await forwarded(context)
    answered(await context.ask('result', { dossierCode }), 404, 'RESULT_NOT_READY')
    const sent = upload(context, dossierCode, Buffer.from('Giấy chứng nhận'))
    const file = await context.ask('attach', sent)
    answered(file, 201)
    const inbox = portalFor(context, dossierCode, 'push-status')
    const input = { reference: context.tag(), dossierCode, outcome: 'granted', attachmentId: textIn(file, 'attachmentId'), note: `${context.mark} ${DECOMPOSED}` }
    const exchange = await context.ask('desk-result', input)
    demandAcknowledged(exchange)
    const said = context.callOf('push-status', await pushed(context, inbox))
    demand(said?.status === 'result-returned', 'result-returned', String(said?.status), context.exchanges.at(-1))
    demandAcknowledged(await context.ask('desk-result', input))
    const held = await context.ask('result', { dossierCode })
    answered(held, 200)
    demand(held.json?.outcome === 'granted' && held.json?.attachment?.attachmentId === input.attachmentId, `granted ${input.attachmentId}`, `${held.json?.outcome} ${held.json?.attachment?.attachmentId}`, held)
    shows(held, { dossierCode })
    says(held, 'note', input.note)
    isNow(held.json?.returnedAt, 'returnedAt', context.nowMs(), held)
    demandFile({ ...held, json: held.json?.attachment }, sent)
    await context.wait(context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges.at(-1))
  }, ['portal']),
  check('result.refused', 'return-result', 'Từ chối kết quả thứ hai, tệp lạ, hồ sơ không có', 'Refuses a second result, a foreign file, an unknown dossier', async (context) => {
    const { dossierCode } = await forwarded(context)
    const result = (changes: object = {}) => ({ reference: context.tag(), dossierCode, outcome: 'granted', note: '', ...changes })
    answered(await context.ask('desk-result', result({ attachmentId: context.tag() })), 422, 'ATTACHMENT_UNKNOWN')
    answered(await context.ask('desk-result', result()), 201)
    answered(await context.ask('desk-result', result({ outcome: 'refused' })), 409, 'TRANSITION_FORBIDDEN')
    answered(await context.ask('desk-result', result({ dossierCode: context.dossierCode() })), 404, 'DOSSIER_UNKNOWN')
    answered(await context.ask('result', { dossierCode: context.dossierCode() }), 404, 'DOSSIER_UNKNOWN')
  }),

  check('confirmations', 'process', 'Xác nhận của hệ thống chuyên ngành: mới thì nhận, lặp thì không đổi, cũ đến sau thì ghi trễ', 'Confirmations of specialised systems: a new one is taken, a repeated one changes nothing, an older one is late', async (context) => {
    const { dossierCode } = await forwarded(context)
    const first = confirmation(context, dossierCode)
    const newer = confirmation(context, dossierCode, { sequence: 3, status: 'returned', amountVnd: 12_000, note: `${context.mark} ${DECOMPOSED}` })
    for (const [input, wanted] of [[first, 'received'], [first, 'unchanged'], [newer, 'received'], [confirmation(context, dossierCode, { sequence: 2, status: 'printed' }), 'late']] as const) {
      const exchange = await context.ask('confirmation', input)
      answered(exchange, 200)
      demand(exchange.json?.result === wanted, wanted, String(exchange.json?.result), exchange)
    }
    const list = await context.ask('confirmations', { dossierCode })
    answered(list, 200)
    const held = listIn(list, 'confirmations')
    const statuses = held.map(({ status }: { status: string }) => status).join()
    demand(statuses === 'returned', 'returned', String(statuses), list)
    const { note, ...rest } = newer
    shows({ ...list, json: held[0] }, rest)
    says({ ...list, json: held[0] }, 'note', note)
    answered(await context.ask('confirmation', confirmation(context, context.dossierCode())), 404, 'DOSSIER_UNKNOWN')
  }, ['specialised-key']),
  check('confirmations.sender', 'process', 'Xác nhận nhân danh hệ thống khác bị từ chối', 'A confirmation in another system\'s name is refused', async (context) => {
    const { dossierCode } = await forwarded(context)
    answered(await context.ask('confirmation', confirmation(context, dossierCode, { system: 'land' })), 403, 'SENDER_MISMATCH')
  }, ['specialised-key']),
]
