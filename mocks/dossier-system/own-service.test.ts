import { afterEach, describe, expect, it } from 'vitest'
import { SyncDossier } from '../../contracts/api/front.ts'
import { OwnServiceDossier } from '../../contracts/api/partners.ts'
import { DossierCode } from '../../contracts/ids.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { dossierSystemSimulator } from './simulator.ts'

const START = Date.parse('2026-04-10T21:00:00+07:00')
const CREATED: Treatment = { status: 201, body: { result: 'created' } }
const refused = (status: number, code: string): Treatment => ({ status, body: { error: { code, message: 'm' } } })

let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
afterEach(async () => { await served.close(); await portal.close() })

async function start(treat: (nth: number) => Treatment = () => CREATED, connected = true): Promise<void> {
  portal = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: {} })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-finance', {
    world, unitCode: 'G12', firstRetryMs: 1, push: { partnerId: 'finance', key: 'k', portalSyncUrl: portal.url },
  }))
  connect(connected)
}
const connect = (connected: boolean) => simulator.control!({ action: 'connect', connected })
const company = personOf(7, 'company')
const application = (n: number, changes: object = {}) => OwnServiceDossier.parse({
  reference: `op-${n}`, procedureCode: '9.900019', provinceId: 'ha-noi', personId: company.personId, applicantName: company.name, applicantBirthDate: company.birthDate, phone: company.phone, ...changes,
})
const apply = (n: number, changes: object = {}) => served.post('/public/v1/dossiers', application(n, changes))
const rows = () => served.evidence('dossier').map((row) => [row.op, row.fields['origin'], row.fields['sync']])
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }

describe('a ministry\'s own service', () => {
  it('takes a dossier under a number of its own range, says yes, and syncs it up', async () => {
    await start()
    const { status, body } = await apply(1, { note: 'ghi chú' })
    expect({ status, body }).toEqual({ status: 201, body: { dossierCode: 'G12-260410-8000001', unitCode: 'G12', status: 'newly-registered' } })
    expect(DossierCode.safeParse(body.dossierCode).success).toBe(true)
    await drained()
    expect(portal.received).toMatchObject([{ path: '/sync/v1/dossiers', headers: { 'x-partner': 'finance', 'x-op': 'op-1' } }])
    expect(SyncDossier.parse(JSON.parse(portal.received[0]!.body))).toEqual({
      reference: 'op-1', dossierCode: body.dossierCode, procedureCode: '9.900019', unitCode: 'G12', applicantId: company.personId, applicantName: company.name,
      applicantBirthDate: company.birthDate, status: 'newly-registered', submittedAt: START, note: 'ghi chú',
    })
    expect(served.evidence('dossier')).toMatchObject([{ key: 'dossier/G12-260410-8000001', op: 'op-1', status: 'newly-registered', fields: { applicantName: company.name, unitCode: 'G12', origin: 'own-service', sync: 'acknowledged' } }])
    expect((await served.get('/desk/dossiers?reference=op-1')).body).toEqual({ dossierCode: body.dossierCode, status: 'newly-registered' })
  })

  it('takes the same once, however many ask at once, and numbers others apart', async () => {
    await start()
    const all = await Promise.all(Array.from({ length: 10 }, () => apply(1)))
    expect(all.map(({ status }) => status).toSorted()).toEqual([...Array<number>(9).fill(200), 201])
    expect(new Set(all.map(({ body }) => body.dossierCode)).size).toBe(1)
    expect((await apply(2)).body.dossierCode).toBe('G12-260410-8000002')
    await drained()
    expect(portal.received).toHaveLength(2)
    expect((await served.post('/public/v1/dossiers', { ...application(3), status: 'done' })).status).toBe(400)
    await served.post('/desk/dossiers', { reference: 'op-d', dossierCode: 'G12-260410-000001', procedureCode: '9.900019', applicantId: '1', applicantName: 'A', applicantBirthDate: '1980-01-01', status: 'received' })
    expect(await apply(4, { reference: 'op-d' })).toMatchObject({ status: 409, body: { error: { code: 'REFERENCE_TAKEN' } } })
  })

  it.each<[string, Treatment]>([['a reset', 'reset'], ['a 502', { status: 502 }], ['the WAF', refused(403, 'WAF_BLOCKED')], ['a portal that is closed', refused(503, 'PORTAL_CLOSED')]])(
    'sends again after %s until the portal has it, and owes it until then', async (_title, treatment) => {
      await start((nth) => (nth <= 2 ? treatment : CREATED))
      expect((await apply(1)).status).toBe(201)
      expect([simulator.pending(), rows()]).toEqual([1, [['op-1', 'own-service', 'unknown']]])
      await drained()
      expect(rows()).toEqual([['op-1', 'own-service', 'acknowledged']])
      expect(portal.received).toHaveLength(3)
      expect(new Set(portal.received.map(({ body }) => body)).size).toBe(1)
    })

  it('gives up where the portal refuses for good', async () => {
    await start(() => refused(409, 'CONFLICT'))
    await apply(1)
    await drained()
    expect([rows(), portal.received.length]).toEqual([[['op-1', 'own-service', 'refused']], 1])
  })

  it('holds back while not connected, owes it, and sends on connecting', async () => {
    await start(undefined, false)
    await apply(1)
    await apply(2)
    expect([simulator.pending(), rows(), portal.received.length]).toEqual([2, [['op-1', 'own-service', 'not-connected'], ['op-2', 'own-service', 'not-connected']], 0])
    connect(true)
    connect(true)
    await drained()
    expect(rows()).toEqual([['op-1', 'own-service', 'acknowledged'], ['op-2', 'own-service', 'acknowledged']])
    expect(portal.received).toHaveLength(2)
  })
})
