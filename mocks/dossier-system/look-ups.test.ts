import { afterEach, describe, expect, it } from 'vitest'
import type { SimulatedReadiness } from '../../contracts/reference/readiness.ts'
import { startReceiver, type Receiver } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import type { World } from '../world.ts'
import { dossierSystemSimulator } from './simulator.ts'

const START = Date.parse('2026-04-10T21:00:00+07:00')
let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
let world: World
afterEach(async () => { await served.close(); await portal.close() })

async function start(readiness?: SimulatedReadiness): Promise<void> {
  portal = await startReceiver(() => ({ status: 201 }))
  world = testWorld({ seed: 7, scenarioStartMs: START, keys: {} })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-ha-noi', {
    world, unitCode: 'H01', readiness, push: { partnerId: 'ha-noi', key: 'k', portalSyncUrl: portal.url },
  }))
}
const forward = (n: number, changes: object = {}) => served.post('/v1/forwarded', {
  reference: `op-${n}`, dossierCode: `H01-260410-50000${n}`, procedureCode: '9.900001', unitCode: 'H01', applicantName: 'Người Thử', status: 'newly-registered', submittedAt: START + n, origin: 'direct', partner: 'ha-noi', ...changes,
})
const desk = () => served.post('/desk/dossiers', {
  reference: 'op-desk', dossierCode: 'H01-260410-000001', procedureCode: '9.900001', applicantId: '1', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received',
})
const apply = () => served.post('/public/v1/dossiers', { reference: 'op-own', procedureCode: '9.900001', provinceId: 'ha-noi', personId: '1', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', phone: '+84999000001' })
const tell = () => served.post('/v1/statuses', { statuses: [] })
const codeOf = ({ status, body }: JsonAnswer) => body?.error ? `${status} ${body.error.code}` : String(status)

describe('the list for reconciliation', () => {
  it('gives every dossier once, page by page, while others are stored, and counts the span', async () => {
    await start()
    for (const n of [1, 2, 3, 4, 5]) await forward(n)
    const seen: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const { body } = await served.get(`/v1/dossiers?limit=2&after=${after}`)
      seen.push(...body.dossiers.map(({ reference }: { reference: string }) => reference))
      if (seen.length === 2) await forward(6)
      after = body.next
    }
    expect(seen).toEqual(['op-1', 'op-2', 'op-3', 'op-4', 'op-5', 'op-6'])
    const { body } = await served.get(`/v1/dossiers?from=${START + 2}&to=${START + 4}`)
    expect(body).toMatchObject({ total: 2, next: null, dossiers: [{ reference: 'op-2', origin: 'forwarded', sync: null, submittedAt: START + 2 }, { reference: 'op-3' }] })
  })

  it.each([['after=x', '400 CURSOR_UNKNOWN'], ['after=99', '400 CURSOR_UNKNOWN'], ['limit=0', '400 REQUEST_INVALID'], ['limit=501', '400 REQUEST_INVALID'], ['from=x', '400 REQUEST_INVALID'], ['', '200']])('asked with %j answers %s', async (query, expected) => {
    await start()
    expect(codeOf(await served.get(`/v1/dossiers?${query}`))).toBe(expected)
  })
})

describe('the fee', () => {
  it.each([
    ['9.900001', 'H01', { feeVnd: 8_000, purpose: 'fee' }], ['9.900004', 'H01.12', { feeVnd: 200_000, purpose: 'fee' }], ['9.900017', 'H01', { feeVnd: 800_000, purpose: 'fine' }],
  ])('of %s at %s is by unit code, and without an account', async (procedureCode, unitCode, expected) => {
    await start()
    expect((await served.get(`/v1/fees?procedureCode=${procedureCode}&unitCode=${unitCode}`)).body).toEqual({ procedureCode, unitCode, ...expected })
  })
  it.each([['9.999999', 'H01', '404 PROCEDURE_UNKNOWN'], ['9.900001', 'H02', '404 UNIT_UNKNOWN'], ['9.900001', 'H011', '404 UNIT_UNKNOWN'], ['', 'H01', '400 REQUEST_INVALID']])('of %j at %s is refused: %s', async (procedureCode, unitCode, expected) => {
    await start()
    expect(codeOf(await served.get(`/v1/fees?procedureCode=${procedureCode}&unitCode=${unitCode}`))).toBe(expected)
  })
})

describe('the deadline', () => {
  it('is 17:00 on the fifth working day, whatever is set on the way, and overdue after it on the scenario clock', async () => {
    await start()
    await forward(1, { submittedAt: START })
    const ask = async () => (await served.get('/v1/deadlines?dossierCode=H01-260410-500001')).body
    const dueAt = Date.parse('2026-04-17T17:00:00+07:00')
    expect(await ask()).toEqual({ dossierCode: 'H01-260410-500001', submittedAt: START, workingDays: 5, dueAt, overdue: false })
    await served.post('/desk/supplements', { reference: 'op-ask', dossierCode: 'H01-260410-500001', text: 'Thiếu' })
    world.setClock({ startedAtMs: world.wallNow(), timeScale: 1, scenarioStartMs: dueAt + 1_000 })
    expect(await ask()).toMatchObject({ dueAt, overdue: true })
    await served.post('/desk/results', { reference: 'op-result', dossierCode: 'H01-260410-500001', outcome: 'granted' })
    expect(await ask()).toMatchObject({ dueAt, overdue: true })
    await served.post('/desk/statuses', { reference: 'op-go', dossierCode: 'H01-260410-500001', status: 'done' })
    expect(await ask()).toMatchObject({ dueAt, overdue: false })
    expect(codeOf(await served.get('/v1/deadlines?dossierCode=x'))).toBe('404 DOSSIER_UNKNOWN')
  })
})

describe('readiness', () => {
  const criteria = async () => (await served.get('/v1/readiness')).body.criteria

  it('is whole as a rule, once connected and with a first dossier', async () => {
    await start()
    expect(await criteria()).toEqual({ live: true, configured: true, connected: false, realDossiers: false })
    simulator.control!({ action: 'connect', connected: true })
    await forward(1)
    expect(await criteria()).toEqual({ live: true, configured: true, connected: true, realDossiers: true })
  })

  it.each<[string, SimulatedReadiness, string[]]>([
    ['one that is not live', { live: false }, ['503 OUT_OF_SERVICE', '503 OUT_OF_SERVICE', '503 OUT_OF_SERVICE', '503 OUT_OF_SERVICE']],
    ['one without any procedure', { unconfigured: 'all' }, ['422 PROCEDURE_NOT_CONFIGURED', '422 PROCEDURE_NOT_CONFIGURED', '422 PROCEDURE_NOT_CONFIGURED', '200']],
    ['one without this procedure', { unconfigured: ['9.900001'] }, ['422 PROCEDURE_NOT_CONFIGURED', '422 PROCEDURE_NOT_CONFIGURED', '422 PROCEDURE_NOT_CONFIGURED', '200']],
    ['one without another procedure', { unconfigured: ['9.900002'] }, ['200', '201', '201', '200']],
    ['one without a connection', { connectable: false }, ['503 NOT_CONNECTED', '201', '201', '503 NOT_CONNECTED']],
    ['one that is ready', {}, ['200', '201', '201', '200']],
  ])('%s takes what it can and refuses the rest with a code', async (_title, options, expected) => {
    await start(options)
    const connected = simulator.control!({ action: 'connect', connected: true })
    expect(connected).toEqual({ connected: options.connectable ?? true })
    expect([codeOf(await forward(1)), codeOf(await desk()), codeOf(await apply()), codeOf(await tell())]).toEqual(expected)
    expect(Object.values(await criteria())).toContain(options.live === undefined && options.unconfigured === undefined && options.connectable === undefined)
    expect(portal.received.length > 0).toBe(expected[1] === '201' && options.connectable !== false)
  })
})
