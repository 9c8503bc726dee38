import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { businessUrl, control, evidenceOf, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour } from '../test-bench.ts'
import { start } from './index.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let partner: Neighbour
let other: Neighbour
let partnerStatus: number
let config: ServiceConfig

beforeAll(async () => {
  postgres = await startTestPostgres()
  partner = await startNeighbour(() => ({ status: partnerStatus, body: { result: 'received' } }))
  other = await startNeighbour(() => ({ status: 200, body: { result: 'received' } }))
})
afterAll(async () => {
  await Promise.all([partner?.close(), other?.close()])
  await postgres?.stop()
})
beforeEach(async () => {
  partnerStatus = 200
  for (const neighbour of [partner, other]) neighbour.received.length = 0
  const { url, pool } = await serviceDatabase(postgres.url, 'coordination')
  const nowhere = 'http://127.0.0.1:9'
  config = testConfig('coordination', { databaseUrl: url, keys: { staff: 'key-staff' }, urls: { portal: nowhere, payments: nowhere, 'partner-justice': partner.url, 'partner-ha-noi': other.url } })
  const coordination = await start(config)
  return async () => { await coordination.close(); await pool.end() }
})

async function post(path: string, body: unknown) {
  const answer = await fetch(businessUrl(config) + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() as any }
}

function dossier(number: number, change: Record<string, unknown> = {}) {
  return {
    reference: `r${number}`, dossierCode: `G08-260410-${String(number).padStart(6, '0')}`, procedureCode: '9.900001', unitCode: 'G08', applicantName: `Người Thử ${number}`,
    status: 'received', submittedAt: Date.UTC(2026, 3, 10, 15), origin: 'synced', partner: 'justice',
    level: 'ministry', feeVnd: 8000, dueAt: Date.UTC(2026, 3, 17, 10), territory: null, ...change,
  }
}
const put = (...dossiers: unknown[]) => post('/v1/dossiers', { dossiers })
const status = (reference: string, next: string, at: number, number = 1) => ({ reference, dossierCode: dossier(number).dossierCode, status: next, at })
const statusOf = async (number = 1) => (await evidenceOf(config)).find((row) => row.key === `dossier/${dossier(number).dossierCode}`)?.status

async function drained(): Promise<void> { while (await pendingOf(config) > 0) await new Promise(setImmediate) }

describe('dossiers', () => {
  it('are kept once however often they come, also twice in one batch', async () => {
    expect(await put(dossier(1), dossier(2), dossier(1))).toEqual({ status: 200, body: { accepted: 3 } })
    await Promise.all(Array.from({ length: 20 }, () => put(dossier(1), dossier(3))))
    const rows = await evidenceOf(config)
    expect(rows.map((row) => row.op)).toEqual(['r1', 'r2', 'r3'])
    for (const row of rows) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
    expect(rows[0]).toMatchObject({ status: 'received', fields: { applicantName: 'Người Thử 1', procedureCode: '9.900001', unitCode: 'G08', partner: 'justice', origin: 'synced', level: 'ministry', feeVnd: 8000, dueAt: Date.UTC(2026, 3, 17, 10) } })
  })
  it('from before the cutover have no reference, and many of them are many', async () => {
    await put(...Array.from({ length: 5 }, (_, n) => dossier(n, { reference: '', origin: 'migrated' })))
    const rows = await evidenceOf(config)
    expect(rows).toHaveLength(5)
    expect(rows.every((row) => !('op' in row))).toBe(true)
  })
  it('in batches of 500 are taken, in larger ones refused', async () => {
    expect((await put(...Array.from({ length: 500 }, (_, n) => dossier(n)))).body).toEqual({ accepted: 500 })
    expect((await put(...Array.from({ length: 501 }, (_, n) => dossier(n)))).status).toBe(400)
    expect((await put({ ...dossier(900), origin: 'elsewhere' })).status).toBe(400)
    expect(await evidenceOf(config)).toHaveLength(500)
  })
})

describe('forwarding', () => {
  it('brings direct dossiers to the partner that handles them, and only those, once', async () => {
    const direct = dossier(1, { origin: 'direct' })
    await put(direct, dossier(2), dossier(3, { origin: 'migrated' }))
    await put(direct)
    await drained()
    expect(partner.received).toEqual([{ method: 'POST', path: '/v1/forwarded', body: direct }])
  })
  it('waits for a partner that is away without holding up another, and delivers when it is back', async () => {
    partnerStatus = 503
    await put(...Array.from({ length: 10 }, (_, n) => dossier(n, { origin: 'direct' })), dossier(20, { origin: 'direct', partner: 'ha-noi' }))
    await other.arrived(1)
    await partner.arrived(12)
    expect(await pendingOf(config)).toBeGreaterThanOrEqual(10)
    partnerStatus = 200
    await drained()
    expect(new Set(partner.received.map((request) => request.body.reference)).size).toBe(10)
  })
  it('to a partner that nobody knows stays pending, in sight', async () => {
    await put(dossier(1, { origin: 'direct', partner: 'atlantis' }), dossier(2, { origin: 'direct' }))
    await partner.arrived(1)
    expect(await pendingOf(config)).toBeGreaterThanOrEqual(1)
  })
})

describe('statuses', () => {
  it('are kept once, and the latest counts in whatever order they come', async () => {
    await put(dossier(1))
    const [first, second] = [status('s1', 'in-process', 1_000), status('s2', 'done', 2_000)]
    expect(await post('/v1/statuses', { statuses: [second] })).toEqual({ status: 200, body: { accepted: 1 } })
    await post('/v1/statuses', { statuses: [first] })
    await post('/v1/statuses', { statuses: [first, second] })
    expect(await statusOf()).toBe('done')
    expect((await evidenceOf(config)).filter((row) => row.key.startsWith('event/'))).toMatchObject([
      { key: 'event/s1', op: 's1', status: 'in-process', fields: { dossierCode: dossier(1).dossierCode, source: 'partner' } }, { key: 'event/s2', op: 's2', status: 'done' },
    ])
  })
  it('of one dossier in one batch end with the latest', async () => {
    await put(dossier(1))
    await post('/v1/statuses', { statuses: [status('s1', 'in-process', 1_000), status('s3', 'result-returned', 3_000), status('s2', 'done', 2_000)] })
    expect(await statusOf()).toBe('result-returned')
  })
  it('that come before their dossier are not lost', async () => {
    await post('/v1/statuses', { statuses: [status('s1', 'in-process', 1_000), status('s2', 'done', 2_000)] })
    await put(dossier(1))
    expect(await statusOf()).toBe('done')
    await post('/v1/statuses', { statuses: [status('s0', 'in-process', 500)] })
    expect(await statusOf()).toBe('done')
  })
})

it('takes the clock and no mode', async () => {
  expect((await control(config, { action: 'clock', startedAtMs: Date.now(), timeScale: 140, scenarioStartMs: config.scenarioStartMs })).status).toBe(200)
  expect((await control(config, { action: 'mode', mode: 'open' })).status).toBe(400)
})
