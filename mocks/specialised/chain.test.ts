/** The simulators of a run beside one another: a ministry's and a province's dossier go through civil status, land, tax and post, over real sockets, each told by its own signature. */
import { createHmac } from 'node:crypto'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../contracts/free-port.ts'
import { SimulatorsConfig } from '../../contracts/process.ts'
import { FINANCE_SYSTEMS } from '../../contracts/reference/finance-systems.ts'
import { startReceiver } from '../delivery/recording-receiver.ts'
import { startSimulators, type RunningSimulators } from '../index.ts'
import { specialisedHandlers } from './handlers.ts'

const CODE = 'H01-260410-500001'
const IDS = ['partner-ha-noi', 'partner-health', 'partner-finance-customs', 'civil-status', 'land', 'tax', 'post', 'call-centre', 'exchange-node']
const HOSTS = Object.fromEntries(IDS.map((id, at) => [id, `127.119.8.${at + 1}`]))
let running: RunningSimulators | undefined
let config: SimulatorsConfig
afterEach(async () => { await running?.close(); running = undefined })

async function start(changes: Partial<SimulatorsConfig> = {}): Promise<void> {
  config = {
    hosts: HOSTS, port: await freePort('0.0.0.0'), adminPort: await freePort('0.0.0.0'), portalSyncUrl: 'http://127.119.8.99:9', keys: Object.fromEntries(IDS.map((id) => [id, `key of ${id}`])),
    vneidClient: { clientId: 'portal', clientSecret: 's', redirectUris: [] }, seed: 1, timeScale: 1, scenarioStartMs: Date.parse('2026-04-10T21:00:00+07:00'), ...changes,
  }
  running = await startSimulators(config)
}
const urlOf = (id: string) => `http://${HOSTS[id]}:${config.port}`
async function ask(id: string, path: string, body?: object): Promise<{ status: number; body: any }> {
  const response = await fetch(urlOf(id) + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  return { status: response.status, body: await response.json() }
}
const forward = (id = 'partner-ha-noi', changes: object = {}) => ask(id, '/v1/forwarded', {
  reference: 'op-f', dossierCode: CODE, procedureCode: '9.900009', unitCode: 'H01', applicantName: 'Người Thử', status: 'received', submittedAt: 5, origin: 'direct', partner: 'ha-noi', ...changes,
})
async function pending(): Promise<number> {
  const counts = await Promise.all(IDS.map(async (id) => ((await (await fetch(`http://${HOSTS[id]}:${config.adminPort}/pending`)).json()) as { pending: number }).pending))
  return counts.reduce((sum, count) => sum + count, 0)
}
async function drained(): Promise<void> { while (await pending() > 0) await new Promise(setImmediate) }
const order = (reference: string, particulars: object) => ({ reference, dossierCode: CODE, callbackUrl: `${urlOf('partner-ha-noi')}/v1/confirmations`, ...particulars })

describe('specialised systems of a run', () => {
  it('confirm to the dossier system that ordered, and land waits for tax', async () => {
    await start()
    await forward()
    await ask('civil-status', '/v1/registrations', order('op-civil', { kind: 'extract', personId: '999000000421' }))
    await ask('post', '/v1/orders', order('op-post', { service: 'deliver-result', unitCode: 'H01', name: 'Người Thử', phone: '+84999000001', address: 'Số 1', provinceId: 'ha-noi' }))
    await ask('land', '/v1/changes', order('op-land', { unitCode: 'H01', mapSheet: 12, parcelNumber: 345, kind: 'transfer', payerId: '999000000421' }))
    await drained()
    const { body: { number, amountVnd } } = await ask('tax', '/v1/notices?reference=op-land/tax')
    expect((await ask('tax', '/v1/payments', { reference: 'op-pay', number, amountVnd })).status).toBe(201)
    await drained()
    const { body: { confirmations } } = await ask('partner-ha-noi', `/v1/confirmations?dossierCode=${CODE}`)
    expect(Object.fromEntries(confirmations.map(({ system, status }: { system: string; status: string }) => [system, status]))).toMatchObject({
      'civil-status': 'registered', land: 'registered', post: expect.stringMatching(/^(delivered|returned)$/) })
  })

  it('lose nothing on a link that is down for a while: it is told again until the dossier is there', async () => {
    await start()
    await ask('civil-status', '/v1/registrations', order('op-civil', { kind: 'extract', personId: '999000000421' }))
    // The dossier system knows no such dossier yet (404), so the confirmation stays owed.
    expect(await pending()).toBeGreaterThan(0)
    await forward()
    await drained()
    expect((await ask('partner-ha-noi', `/v1/confirmations?dossierCode=${CODE}`)).body.confirmations).toHaveLength(1)
  })

  it('start partners that are not ready where the configuration says so, and Finance\'s systems by their own ids', async () => {
    await start({ readiness: SimulatorsConfig.shape.readiness.parse({ 'partner-health': { live: false }, 'partner-finance-customs': { unconfigured: ['9.900009'] } }) })
    expect([(await forward()).status, (await forward('partner-health')).status, (await forward('partner-finance-customs')).status]).toEqual([200, 503, 422])
    expect((await ask('partner-finance-customs', '/v1/readiness')).body).toMatchObject({ unconfigured: ['9.900009'], criteria: { live: true, configured: false } })
    const { unitCode } = FINANCE_SYSTEMS.find(({ id }) => id === 'finance-customs')!
    expect((await ask('partner-finance-customs', `/v1/fees?procedureCode=9.900019&unitCode=${unitCode}`)).body).toMatchObject({ unitCode, feeVnd: 50_000 })
  })

  it('the node delivers where the configuration has an address', async () => {
    const portal = await startReceiver(() => ({ status: 200 }))
    try {
      await start({ exchangeAddresses: { portal: `${portal.url}/inbox` }, keys: { ...Object.fromEntries(IDS.map((id) => [id, 'k'])), 'ha-noi': 'k' } })
      const body = JSON.stringify({ messageId: 'm-1', from: 'ha-noi', to: 'portal', kind: 'dossier', reference: 'op-1', sentAt: 1, payload: {} })
      const response = await fetch(`${urlOf('exchange-node')}/v1/messages`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-partner': 'ha-noi', 'x-signature': createHmac('sha256', 'k').update(body).digest('hex') } })
      expect(response.status).toBe(202)
      await portal.count(1)
      expect(portal.received[0]).toMatchObject({ path: '/inbox', remoteAddress: expect.any(String) })
    } finally { await portal.close() }
  })
})

describe('their msw handlers', () => {
  const msw = setupServer()
  beforeAll(() => msw.listen())
  afterEach(() => msw.resetHandlers())
  afterAll(() => msw.close())

  it.each(['call-centre', 'civil-status', 'exchange-node', 'land', 'post', 'tax'])('answer as %s does, and refuse what is not offered', async (id) => {
    msw.use(...specialisedHandlers(id, 'http://special.test', { key: 'k' }))
    const unknown = await fetch('http://special.test/v1/nothing')
    expect([unknown.status, ((await unknown.json()) as any).error.code]).toEqual([404, 'ROUTE_UNKNOWN'])
    const known = { 'call-centre': '/v1/calls?reference=x', 'civil-status': '/v1/registrations?reference=x', 'exchange-node': '/v1/messages?messageId=x', 'land': '/v1/changes?reference=x', 'post': '/v1/orders?reference=x', 'tax': '/v1/notices?reference=x' }[id]!
    expect(((await (await fetch(`http://special.test${known}`)).json()) as any).error.code).toMatch(/^(CALL|ORDER|MESSAGE)_UNKNOWN$/)
  })

  it('name the systems there are', () => {
    expect(() => specialisedHandlers('police', 'http://x.test', { key: 'k' })).toThrow('use one of call-centre, civil-status')
  })
})
