import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CatalogueEntry } from '../../../contracts/api/front.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { businessUrl, control, evidenceOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour } from '../test-bench.ts'
import { start } from './index.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let portal: Neighbour
let portalStatus: number
let config: ServiceConfig

beforeAll(async () => {
  postgres = await startTestPostgres()
  portal = await startNeighbour(({ body }) => ({ status: portalStatus, body: { published: body.procedures.length } }))
})
afterAll(async () => {
  await portal?.close()
  await postgres?.stop()
})
beforeEach(async () => {
  portalStatus = 200
  portal.received.length = 0
  const { url, pool } = await serviceDatabase(postgres.url, 'catalogue')
  config = testConfig('catalogue', { databaseUrl: url, urls: { portal: portal.url } })
  const catalogue = await start(config)
  return async () => { await catalogue.close(); await pool.end() }
})

const statuses = async () => new Set((await evidenceOf(config)).map((row) => row.status))

describe('the catalogue', () => {
  it('holds every procedure for all 34 provinces, withheld until it is told to publish', async () => {
    const rows = await evidenceOf(config)
    expect(rows.map((row) => row.key)).toEqual(PROCEDURES.map((procedure) => `procedure/${procedure.code}`))
    expect(rows.every((row) => row.fields.provinces === 34 && row.status === 'withheld')).toBe(true)
    expect(portal.received).toEqual([])
    const { procedures } = await (await fetch(`${businessUrl(config)}/v1/procedures`)).json() as { procedures: unknown[] }
    expect(procedures).toHaveLength(PROCEDURES.length)
  })
  it('publishes to the portal, and takes back', async () => {
    expect(await control(config, { action: 'publish' })).toEqual({ status: 200, body: { published: PROCEDURES.length } })
    const { path, body } = portal.received[0]!
    expect(path).toBe('/internal/v1/catalogue')
    expect(body.procedures.map((entry: unknown) => CatalogueEntry.parse(entry).procedureCode)).toEqual(PROCEDURES.map((procedure) => procedure.code))
    expect(body.procedures[0].provinces).toHaveLength(34)
    expect(await statuses()).toEqual(new Set(['published']))
    expect(await control(config, { action: 'unpublish' })).toEqual({ status: 200, body: { published: 0 } })
    expect(portal.received[1]!.body).toEqual({ procedures: [] })
    expect(await statuses()).toEqual(new Set(['withheld']))
  })
  it('has published nothing where the portal did not take it', async () => {
    portalStatus = 500
    expect((await control(config, { action: 'publish' })).status).toBe(500)
    expect(await statuses()).toEqual(new Set(['withheld']))
  })
})
