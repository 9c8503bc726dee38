import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type pg from 'pg'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { businessUrl, evidenceOf, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour, type Received } from '../test-bench.ts'
import { start } from './index.ts'

type Answer = { status: number; body?: unknown }
const KEYS = { sms: 'key-sms', 'bank-vcb': 'key-vcb' }
const takes = (): Answer => ({ status: 202, body: { gatewayId: 'G1' } })
let gatewayAnswer: (request: Received) => Answer | Promise<Answer> = takes

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let gateway: Neighbour
let pool: pg.Pool
let config: ServiceConfig

beforeAll(async () => {
  postgres = await startTestPostgres()
  gateway = await startNeighbour((request) => gatewayAnswer(request))
})
afterAll(async () => {
  await gateway?.close()
  await postgres?.stop()
})
beforeEach(async () => {
  gatewayAnswer = takes
  gateway.received.length = 0
  const database = await serviceDatabase(postgres.url, 'notifications')
  pool = database.pool
  config = testConfig('notifications', { databaseUrl: database.url, keys: KEYS })
  config.urls = { notifications: businessUrl(config), sms: gateway.url }
  const notifications = await start(config)
  return async () => { await notifications.close(); await pool.end() }
})

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(businessUrl(config) + path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() as any }
}
const send = (change: Record<string, unknown> = {}) => post('/v1/messages', { reference: 's1', dossierCode: 'H01-260410-000001', phone: '0990000001', template: 'dossier-received', ...change })
const receipt = (messageId: string, status = 'delivered', id: keyof typeof KEYS = 'sms', key = KEYS[id]) => {
  const body = { messageId, gatewayId: 'G1', status, at: Date.UTC(2026, 3, 10, 15) }
  return post('/callbacks/v1/receipts', body, { 'x-gateway': id, 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') })
}
const evidence = async () => (await evidenceOf(config))[0]

describe('a message', () => {
  it('goes to the gateway once a reference and is delivered when the receipt says so', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => send()))
    for (const answer of all) expect(answer).toEqual({ status: 202, body: { messageId: 'M0000000001', status: 'accepted' } })
    expect(gateway.received).toEqual([{ method: 'POST', path: '/v1/messages', body: {
      messageId: 'M0000000001', phone: '0990000001', text: expect.stringContaining('H01-260410-000001'), reference: 's1', receiptUrl: `${businessUrl(config)}/callbacks/v1/receipts`,
    } }])
    expect(await evidence()).toMatchObject({ key: 'sms/M0000000001', op: 's1', status: 'accepted', fields: { dossierCode: 'H01-260410-000001', gatewayId: 'G1', reason: null, receipt: false } })
    expect(await pendingOf(config)).toBe(1)
    for (let times = 0; times < 2; times += 1) expect(await receipt('M0000000001')).toEqual({ status: 200, body: { messageId: 'M0000000001' } })
    expect(await evidence()).toMatchObject({ status: 'delivered', fields: { receipt: true } })
    expect(await pendingOf(config)).toBe(0)
  })

  it('keeps the first receipt', async () => {
    await send()
    await receipt('M0000000001', 'failed')
    await receipt('M0000000001', 'delivered')
    expect(await evidence()).toMatchObject({ status: 'failed', fields: { reason: 'not-delivered' } })
  })

  it('is delivered also where the receipt overtakes the gateway\'s answer', async () => {
    gatewayAnswer = async ({ body }) => { await receipt(body.messageId); return takes() }
    expect((await send()).status).toBe(202)
    expect(await evidence()).toMatchObject({ status: 'delivered', fields: { gatewayId: 'G1' } })
  })

  it('times out after two seconds, says so again, and stays a time-out when a receipt comes later', async () => {
    gatewayAnswer = () => new Promise<never>(() => {})
    expect(await send()).toMatchObject({ status: 504, body: { error: { code: 'SMS_TIMEOUT' } } })
    expect(await send()).toMatchObject({ status: 504 })
    expect(gateway.received).toHaveLength(1)
    expect(await pendingOf(config)).toBe(0)
    await receipt('M0000000001')
    expect(await evidence()).toMatchObject({ status: 'timeout', fields: { reason: 'gateway-timeout', receipt: true } })
  })

  it.each([[500, 'gateway-unavailable'], [400, 'gateway-refused']])('fails where the gateway answers %i', async (status, reason) => {
    gatewayAnswer = () => ({ status })
    expect(await send()).toMatchObject({ status: 502, body: { error: { code: 'SMS_UNAVAILABLE' } } })
    expect(await evidence()).toMatchObject({ status: 'failed', fields: { reason } })
  })

  it.each([[400, 'TEMPLATE_UNKNOWN', { template: 'none' }], [400, 'BODY_INVALID', { phone: 'x' }], [400, 'BODY_INVALID', { text: 'mine' }]])('answers %i %s to %j and sends nothing', async (status, code, change) => {
    expect(await send(change)).toMatchObject({ status, body: { error: { code } } })
    expect(gateway.received).toHaveLength(0)
    expect(await evidence()).toBeUndefined()
  })

  it('of the same reference with other content is refused', async () => {
    await send()
    expect((await send({ phone: '0990000002' })).body.error.code).toBe('REFERENCE_REUSED')
  })
})

describe('receipts', () => {
  it.each<[string, number, () => Promise<{ status: number }>]>([
    ['a wrong key', 401, () => receipt('M0000000001', 'delivered', 'sms', 'other')], ['somebody else', 401, () => receipt('M0000000001', 'delivered', 'bank-vcb')],
    ['an unknown message', 404, () => receipt('M9')], ['an unknown status', 400, () => receipt('M0000000001', 'lost')],
  ])('with %s change nothing', async (_name, status, act) => {
    await send()
    expect((await act()).status).toBe(status)
    expect(await evidence()).toMatchObject({ status: 'accepted' })
  })
})

describe('figures', () => {
  const figures = async (query = '') => (await (await fetch(`${businessUrl(config)}/v1/figures${query}`)).json() as any).figures
  it('count what became of every message, of the country and of a unit', async () => {
    await send()
    await send({ reference: 's2', dossierCode: 'H02-260410-000002' })
    await send({ reference: 's3', dossierCode: 'H02.11-260410-000003' })
    await receipt('M0000000002')
    await receipt('M0000000003', 'failed')
    gatewayAnswer = () => ({ status: 500 })
    await send({ reference: 's4' })
    gatewayAnswer = () => new Promise<never>(() => {})
    await send({ reference: 's5' })
    // Between asking the gateway and hearing from it.
    await pool.query(`update messages set status = 'asked' where reference = 's1'`)
    expect(await figures()).toEqual({ 'sms.asked': 5, 'sms.sent': 1, 'sms.delivered': 1, 'sms.timeout': 1, 'sms.failed': 2, 'sms.open': 1 })
    expect(await figures('?unit=H02')).toEqual({ 'sms.asked': 2, 'sms.sent': 1, 'sms.delivered': 1, 'sms.timeout': 0, 'sms.failed': 1, 'sms.open': 0 })
    expect(await figures('?unit=H0')).toMatchObject({ 'sms.asked': 0 })
  })
})
