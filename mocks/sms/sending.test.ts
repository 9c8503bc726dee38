import { describe, expect, it } from 'vitest'
import { SMS_GATEWAYS, SMS_RESULTS } from '../../contracts/reference/sms-gateways.ts'
import { openGateway } from './sms-bench.ts'

const refused = (status: number, code: string, about = '') => ({ status, body: { error: { code, message: expect.stringContaining(about) } } })
const RECEIVED = '[Dien tap] Ho so H01-260410-000001 da duoc ghi nhan. Tin nhan thu, khong co gia tri.'
const READY = '[Diễn tập] Hồ sơ H01-260410-000001 đã có kết quả. Tin nhắn thử, không có giá trị.'
const byTemplate = (id: string, parameters: Record<string, string>) => ({ text: undefined, template: { id, parameters } })

describe('sending', () => {
  it('tells how many messages on the air it takes', async () => {
    await using gateway = await openGateway()
    expect((await gateway.send(1)).body).toEqual({ gatewayId: 'SMS000000001', encoding: 'gsm-7', segments: 1 })
    expect((await gateway.send(2, { text: 'Hồ sơ đã được tiếp nhận. '.repeat(3) })).body).toEqual({ gatewayId: 'SMS000000002', encoding: 'ucs-2', segments: 2 })
  })

  it.each<[id: string, text: string, answer: object]>([
    ['sms', 'ạ'.repeat(670), { status: 202 }],
    ['sms', 'ạ'.repeat(671), refused(422, 'TEXT_TOO_LONG', '11 segments, at most 10')],
    ['sms', '', refused(400, 'REQUEST_INVALID')],
  ])('by %s of a long or empty text', async (id, text, answer) => {
    await using gateway = await openGateway(id)
    expect(await gateway.send(1, { text })).toMatchObject(answer)
  })

  it.each<[title: string, changes: object, answer: object]>([
    ['the same again', {}, { status: 202, body: { gatewayId: 'SMS000000001' } }],
    ['another phone', { phone: '0990004218' }, refused(409, 'MESSAGE_EXISTS', 'm-1')],
    ['another text', { text: 'x' }, refused(409, 'MESSAGE_EXISTS')],
    ['another reference', { reference: 'op-9' }, refused(409, 'MESSAGE_EXISTS')],
    ['another brandname', { brandname: 'DVCQG-CU' }, refused(409, 'MESSAGE_EXISTS')],
    ['the default brandname by its name', { brandname: 'DVCQG' }, { status: 202, body: { gatewayId: 'SMS000000001' } }],
  ])('under a message id that was used: %s', async (_title, changes, answer) => {
    await using gateway = await openGateway()
    await gateway.send(1)
    expect(await gateway.send(1, changes)).toMatchObject(answer)
    await gateway.drained()
    expect(gateway.receiver.received).toHaveLength(1)
  })

  it('under a brandname that is not registered is refused', async () => {
    await using gateway = await openGateway()
    expect(await gateway.send(1, { brandname: 'NOBODY' })).toMatchObject(refused(422, 'BRANDNAME_UNKNOWN', 'NOBODY'))
    expect(gateway.served.evidence('sms')).toEqual([])
  })
})

describe('templates', () => {
  it.each<[title: string, changes: object, answer: object]>([
    ['filled', byTemplate('dossier-received', { dossierCode: 'H01-260410-000001' }), { status: 202 }],
    ['filled with $ and braces', byTemplate('dossier-received', { dossierCode: '$& {x} $1' }), { status: 202 }],
    ['unknown', byTemplate('none', {}), refused(422, 'TEMPLATE_UNKNOWN', 'none')],
    ['with all that is wrong at once', byTemplate('fee-due', { dossierCode: 'x'.repeat(31), amountVnd: '1', when: 'now' }), refused(422, 'TEMPLATE_MISMATCH', 'day is missing, when is no parameter, dossierCode has 1 to 30 characters')],
    ['with an empty parameter', byTemplate('dossier-received', { dossierCode: '' }), refused(422, 'TEMPLATE_MISMATCH')],
    ['with a parameter over two lines', byTemplate('dossier-received', { dossierCode: 'a\nb' }), refused(422, 'TEMPLATE_MISMATCH')],
    ['and a text beside it', { template: { id: 'dossier-received', parameters: { dossierCode: 'a' } } }, refused(400, 'REQUEST_INVALID', 'either text or template')],
    ['nor a text', { text: undefined }, refused(400, 'REQUEST_INVALID', 'either text or template')],
  ])('%s', async (_title, changes, answer) => {
    await using gateway = await openGateway()
    expect(await gateway.send(1, changes)).toMatchObject(answer)
    expect(gateway.served.evidence('sms')).toHaveLength((answer as { status: number }).status === 202 ? 1 : 0)
  })

  it('and the text that they make are the same message', async () => {
    await using gateway = await openGateway('sms-second')
    await gateway.send(1, byTemplate('dossier-received', { dossierCode: 'H01-260410-000001' }))
    expect(await gateway.send(1, { text: RECEIVED })).toMatchObject({ status: 202, body: { gatewayId: 'SMS000000001' } })
  })

  it.each<[text: string, status: number]>([
    [RECEIVED, 202], [READY, 202], [READY.normalize('NFD'), 202], [`${RECEIVED} `, 422], [RECEIVED.replace('H01-260410-000001', ''), 422],
    [RECEIVED.replace('H01-260410-000001', 'x'.repeat(31)), 422], [RECEIVED.replace('.', 'x'), 422], ['Ho so da duoc tiep nhan', 422],
  ])('are demanded by the second gateway: %j is answered %d', async (text, status) => {
    await using gateway = await openGateway('sms-second')
    const answer = await gateway.send(1, { text })
    expect(answer).toMatchObject(status === 202 ? { status } : refused(422, 'TEMPLATE_MISMATCH'))
    await using free = await openGateway('sms')
    expect((await free.send(1, { text })).status, 'the first takes any').toBe(202)
  })
})

describe('what a gateway tells', () => {
  it('is the state of a message, before and after its delivery', async () => {
    await using waiting = await openGateway('sms-second', { deliveryMs: [60_000, 60_000] })
    await waiting.send(1, { text: RECEIVED })
    expect((await waiting.state(1)).body).toMatchObject({ messageId: 'm-1', status: 'accepted', reason: 'accepted', code: '1', brandname: 'DVCQG', encoding: 'gsm-7', segments: 1 })
    expect(await waiting.state(2)).toMatchObject(refused(404, 'MESSAGE_UNKNOWN', 'm-2'))
    await using gateway = await openGateway('sms-second')
    await gateway.send(1, { text: RECEIVED })
    await gateway.drained()
    expect((await gateway.state(1)).body).toMatchObject({ status: 'delivered', reason: 'delivered', code: '0', codeText: { en: 'delivered to the handset' } })
  })

  it.each(SMS_GATEWAYS.map((row) => [row.id, row] as const))('is the table of codes, brandnames and templates: %s', async (id, row) => {
    await using gateway = await openGateway(id)
    const { body } = await gateway.served.get('/v1/codes')
    expect(body.codes.map(({ reason }: any) => reason)).toEqual(SMS_RESULTS)
    expect(new Set(body.codes.map(({ code }: any) => code)).size, 'codes told apart').toBe(SMS_RESULTS.length)
    expect(body.brandnames).toEqual(row.brandnames)
    expect((await gateway.served.get('/v1/templates')).body).toEqual({ demanded: row.templatesDemanded, templates: row.templates })
  })
})
