import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { SyncDossier, SyncStatus } from '../../contracts/api/front.ts'
import { createAuthority, keyText, newKeyPair } from '../../contracts/certificate.ts'
import { startReceiver, type Received, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { dossierSystemSimulator } from './simulator.ts'

const KEY = 'the key of Justice'
const START = Date.parse('2026-04-10T21:00:00+07:00')
const CREATED: Treatment = { status: 201, body: { result: 'created' } }

let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
afterEach(async () => { await served.close(); await portal.close() })

async function start(treat: (nth: number, received: Received) => Treatment = () => CREATED, { connected = true, timeoutMs = 2_000 } = {}): Promise<void> {
  portal = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { justice: KEY } })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-justice', {
    world, unitCode: 'G08', firstRetryMs: 1, push: { partnerId: 'justice', key: KEY, portalSyncUrl: portal.url, localAddress: '127.9.7.8', timeoutMs },
  }))
  if (connected) connect(true)
}
const connect = (connected: boolean) => simulator.control!({ action: 'connect', connected })

const dossier = (n: number, changes: object = {}) => ({
  reference: `op-${n}`, dossierCode: `G08-260410-00000${n}`, procedureCode: '9.900001', applicantId: '999000042171', applicantName: 'Người Thử 004217 Nguyễn Văn',
  applicantBirthDate: '1966-06-01', status: 'received', ...changes,
})
const desk = async (n: number, changes: object = {}) => served.post('/desk/dossiers', dossier(n, changes))
const setStatus = (reference: string, n: number, status = 'in-process') => served.post('/desk/statuses', { reference, dossierCode: `G08-260410-00000${n}`, status })
const syncs = (prefix = 'dossier') => served.evidence(prefix).map((row) => row.fields['sync'])
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }

describe('a partner: its desk', () => {
  it('stores a dossier and pushes it at once: signed, from its own address, under its op', async () => {
    await start()
    expect(await desk(1, { note: 'chọn "A" từ danh sách -- <b>' })).toMatchObject({ status: 201, body: { sync: 'acknowledged', portalStatus: 201, errorCode: null } })
    const { path, headers, body, remoteAddress } = portal.received[0]!
    expect(path).toBe('/sync/v1/dossiers')
    expect(headers).toMatchObject({ 'x-partner': 'justice', 'x-op': 'op-1', 'x-signature': createHmac('sha256', KEY).update(body).digest('hex') })
    expect(remoteAddress).toBe('127.9.7.8')
    expect(SyncDossier.parse(JSON.parse(body))).toEqual({ ...dossier(1), unitCode: 'G08', submittedAt: START, note: 'chọn "A" từ danh sách -- <b>' })
    expect(served.evidence('dossier')).toMatchObject([{
      key: 'dossier/G08-260410-000001', op: 'op-1', status: 'received',
      fields: { applicantName: 'Người Thử 004217 Nguyễn Văn', procedureCode: '9.900001', unitCode: 'G08', origin: 'desk', sync: 'acknowledged' },
    }])
  })

  it('pushes statuses likewise and keeps the newest with the dossier', async () => {
    await start()
    await desk(1)
    expect((await setStatus('op-s', 1)).body.sync).toBe('acknowledged')
    expect(portal.received[1]!.path).toBe('/sync/v1/statuses')
    expect(SyncStatus.parse(JSON.parse(portal.received[1]!.body))).toEqual({ reference: 'op-s', dossierCode: 'G08-260410-000001', status: 'in-process', at: START })
    expect(served.evidence('dossier')).toMatchObject([{ status: 'in-process' }])
    expect(served.evidence('event')).toMatchObject([{ key: 'event/op-s', op: 'op-s', status: 'in-process', fields: { dossierCode: 'G08-260410-000001', sync: 'acknowledged' } }])
    expect(await setStatus('op-t', 9)).toMatchObject({ status: 404, body: { error: { code: 'DOSSIER_UNKNOWN' } } })
  })

  it('sets no status that the process forbids, and lets names that it does not know pass', async () => {
    await start()
    await desk(1)
    for (const status of ['done', 'done', 'result-returned']) expect((await setStatus(`op-${status}`, 1, status)).body.sync).toBe('acknowledged')
    expect(await setStatus('op-back', 1)).toMatchObject({ status: 409, body: { error: { code: 'TRANSITION_FORBIDDEN' } } })
    expect(served.evidence('event').map((row) => row.status)).toEqual(['done', 'result-returned'])
    expect(served.evidence('dossier')).toMatchObject([{ status: 'result-returned' }])
    expect((await setStatus('op-own', 1, 'archived')).status).toBe(201)
  })

  it('says that a certificate was expired, and since when, and brings what was not taken when it has been renewed', async () => {
    const authority = createAuthority('authority', { from: 0, until: Date.now() + 86_400_000 })
    const { publicKey, privateKey } = newKeyPair()
    const shown = (until: number) => ({ cert: authority.sign({ subject: 'portal', publicKey, from: 0, until, hosts: ['127.0.0.1'] }), key: keyText(privateKey) })
    portal = await startReceiver(() => CREATED, shown(START))
    const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { justice: KEY } })
    served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-justice', {
      world, unitCode: 'G08', firstRetryMs: 1, push: { partnerId: 'justice', key: KEY, portalSyncUrl: portal.url, authority: authority.certificate, timeoutMs: 2_000 },
    }))
    connect(true)
    expect(await desk(1)).toMatchObject({ status: 201, body: { sync: 'unknown', portalStatus: null, errorCode: 'CERT_HAS_EXPIRED', message: 'the certificate ended at 2026-04-10T14:00:00.000Z' } })
    expect(portal.received).toEqual([])
    portal.show(shown(Date.now() + 86_400_000))
    await drained()
    expect([portal.received.length, syncs()]).toEqual([1, ['acknowledged']])
  })

  it.each<[Treatment, string | null]>([
    [{ status: 403, body: { error: { code: 'WAF_BLOCKED', message: 'm' } } }, 'WAF_BLOCKED'],
    [{ status: 503, body: { error: { code: 'PORTAL_CLOSED', message: 'm' } } }, 'PORTAL_CLOSED'],
    [{ status: 409, body: { error: { code: 'CONFLICT', message: 'm' } } }, 'CONFLICT'],
    [{ status: 400 }, null],
  ])('is told of a refusal (%j), which is not repeated by itself but when the officer tries again', async (treatment, errorCode) => {
    await start((nth) => nth === 1 ? treatment : CREATED)
    expect(await desk(1)).toMatchObject({ status: 201, body: { sync: 'refused', portalStatus: (treatment as { status: number }).status, errorCode } })
    expect([simulator.pending(), syncs()]).toEqual([0, ['refused']])
    expect((await desk(1)).body.sync).toBe('acknowledged')
    expect(portal.received[1]!.body).toBe(portal.received[0]!.body)
  })

  it.each<[string, Treatment]>([['a reset', 'reset'], ['a time-out', 'hang'], ['a 502', { status: 502, body: { error: { code: 'UPSTREAM_UNAVAILABLE', message: 'm' } } }], ['a 503 that promises nothing', { status: 503 }]])(
    'is left in doubt by %s, and the outbox sends the same bytes until the portal has answered', async (_title, treatment) => {
      await start((nth) => nth <= 2 ? treatment : CREATED, { timeoutMs: treatment === 'hang' ? 400 : 2_000 })
      expect((await desk(1)).body).toMatchObject({ sync: 'unknown', portalStatus: typeof treatment === 'object' ? treatment.status : null })
      expect([simulator.pending(), syncs()]).toEqual([1, ['unknown']])
      await drained()
      expect(syncs()).toEqual(['acknowledged'])
      expect(new Set(portal.received.map(({ body }) => body)).size).toBe(1)
      expect(portal.received).toHaveLength(3)
    })

  it('ends the outbox\'s work also by a refusal, and after being disconnected', async () => {
    await start((nth) => nth === 1 ? 'reset' : { status: 409, body: { error: { code: 'CONFLICT', message: 'm' } } })
    await desk(1)
    connect(false)
    await drained()
    expect(syncs()).toEqual(['refused'])
  })

  it('keeps dossiers to itself while not connected, and never sends them by itself', async () => {
    await start(undefined, { connected: false })
    expect((await desk(1)).body).toEqual({ sync: 'not-connected', portalStatus: null, errorCode: null, message: null })
    expect((await setStatus('op-s', 1)).body.sync).toBe('not-connected')
    connect(true)
    expect((await desk(2)).body.sync).toBe('acknowledged')
    expect([simulator.pending(), syncs(), syncs('event')]).toEqual([0, ['not-connected', 'acknowledged'], ['not-connected']])
    expect(portal.received).toHaveLength(1)
  })

  it('takes the same dossier again without pushing it twice, and no other under its code', async () => {
    await start()
    await desk(1)
    expect((await desk(1)).body).toMatchObject({ sync: 'acknowledged', portalStatus: 201 })
    expect(await desk(1, { reference: 'op-other' })).toMatchObject({ status: 409, body: { error: { code: 'DOSSIER_CODE_TAKEN' } } })
    expect(portal.received).toHaveLength(1)
    expect(await desk(2, { applicantBirthDate: '1966-13-01' })).toMatchObject({ status: 400 })
    expect(served.evidence('dossier')).toHaveLength(1)
  })

  it('does not mix up dossiers that are pushed at the same time', async () => {
    await start((_nth, { body }) => Number(JSON.parse(body).reference.slice(3)) % 2 ? { status: 403, body: { error: { code: 'WAF_BLOCKED', message: 'm' } } } : CREATED)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => desk(n)))
    expect(answers.map(({ body }) => body.sync)).toEqual(answers.map((_, n) => n % 2 ? 'refused' : 'acknowledged'))
    expect(served.evidence('dossier').map((row) => [row.op, row.fields['sync']])).toEqual(expect.arrayContaining([['op-3', 'refused'], ['op-98', 'acknowledged']]))
  })
})

describe('a partner: forwarded dossiers', () => {
  const forwarded = (changes: object = {}) => served.post('/v1/forwarded', {
    reference: 'op-f', dossierCode: 'H01-260410-000001', procedureCode: '9.900001', unitCode: 'H01', applicantName: 'Người Thử', status: 'newly-registered',
    submittedAt: 5, origin: 'direct', partner: 'justice', ...changes,
  })

  it('are kept once, whoever sends them how often', async () => {
    await start()
    const results = await Promise.all(Array.from({ length: 10 }, async () => (await forwarded()).body.result))
    expect(results.toSorted()).toEqual(['received', ...Array(9).fill('unchanged')])
    expect(served.evidence('dossier')).toMatchObject([{ op: 'op-f', status: 'newly-registered', fields: { unitCode: 'H01', origin: 'forwarded', sync: null } }])
    expect(portal.received).toHaveLength(0)
    expect((await setStatus('op-s', 1)).status).toBe(404)
    expect(await forwarded({ origin: 'x' })).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('origin') } } })
  })
})

describe('a partner: what others set', () => {
  const forwarded = (status = 'newly-registered') => served.post('/v1/forwarded', {
    reference: 'op-f', dossierCode: 'H01-260410-000001', procedureCode: '9.900001', unitCode: 'H01', applicantName: 'Người Thử', status, submittedAt: START, origin: 'direct', partner: 'justice',
  })
  const told = (...statuses: [reference: string, status: string, at: number, source?: string][]) =>
    served.post('/v1/statuses', { statuses: statuses.map(([reference, status, at, source]) => ({ reference, dossierCode: 'H01-260410-000001', status, at, source })) })
  const statusOf = async (reference = 'op-f') => (await served.get(`/desk/dossiers?reference=${reference}`)).body

  it('is kept once a reference, and the newest counts in whatever order it comes', async () => {
    await start()
    await forwarded()
    expect(await told(['op-2', 'in-process', START + 2_000, 'staff'], ['op-1', 'received', START + 1_000, 'staff'])).toMatchObject({ status: 200, body: { accepted: 2 } })
    await told(['op-1', 'done', START + 9_000], ['op-3', 'withdrawn', START + 3_000, 'citizen'])
    expect(await statusOf()).toEqual({ dossierCode: 'H01-260410-000001', status: 'withdrawn' })
    expect(served.evidence('dossier')).toMatchObject([{ status: 'withdrawn' }])
    expect(served.evidence('event').map((row) => [row.key, row.op, row.status, row.fields['source'], row.fields['sync']])).toEqual([
      ['event/op-2', 'op-2', 'in-process', 'staff', null], ['event/op-1', 'op-1', 'received', 'staff', null], ['event/op-3', 'op-3', 'withdrawn', 'citizen', null]])
    expect(portal.received).toHaveLength(0)
  })

  it('may come before the dossier itself', async () => {
    await start()
    await told(['op-2', 'in-process', START + 2_000], ['op-1', 'received', START + 1_000])
    expect(await statusOf()).toMatchObject({ error: { code: 'DOSSIER_UNKNOWN' } })
    await forwarded()
    expect((await statusOf()).status).toBe('in-process')
  })

  it('is refused whole where it does not fit', async () => {
    await start()
    expect((await told(['op-1', 'received', START, 'somebody'])).status).toBe(400)
    expect((await told(...Array.from({ length: 501 }, (_, n): [string, string, number] => [`op-${n}`, 'received', START]))).status).toBe(400)
    expect((await served.get('/desk/dossiers')).status).toBe(400)
    expect(served.evidence('event')).toEqual([])
  })

  it('an officer goes on with at the partner\'s desk, and the portal is told', async () => {
    await start()
    await forwarded()
    const { dossierCode } = await statusOf()
    expect((await served.post('/desk/statuses', { reference: 'op-s', dossierCode, status: 'in-process' })).body.sync).toBe('acknowledged')
    expect(SyncStatus.parse(JSON.parse(portal.received[0]!.body))).toMatchObject({ reference: 'op-s', dossierCode, status: 'in-process' })
    expect((await statusOf()).status).toBe('in-process')
    expect((await statusOf('op-s')).error.code).toBe('DOSSIER_UNKNOWN')
  })
})
