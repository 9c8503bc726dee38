import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { SyncDossier } from '../../contracts/api/front.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { startReceiver, type Receiver } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { createWorld } from '../world.ts'
import { EXAMPLE_PROVINCE, exampleProvinceSimulator } from './example-province.ts'

let portal: Receiver | undefined
let served: Served
afterEach(async () => { if (portal) { await served.close(); await portal.close() } portal = undefined })

async function start(): Promise<void> {
  const { url } = portal = await startReceiver(() => ({ status: 201, body: { result: 'created' } }))
  const world = createWorld({ seed: 7, scenarioStartMs: 0, keys: { 'example-province': 'k' } })
  served = await serveSimulator(() => {
    const simulator = exampleProvinceSimulator(world, url)
    simulator.control!({ action: 'connect', connected: true })
    return simulator
  })
}
const feeOf = async (procedureCode: string, unitCode = 'H99') => {
  const { status, body } = await served.get(`/v1/fees?procedureCode=${procedureCode}&unitCode=${unitCode}`)
  return status === 200 ? body.feeVnd : body.error.code
}

describe('a new province\'s system', () => {
  it('is written in less than 100 lines, and stands in nobody\'s place', () => {
    const lines = readFileSync(new URL('example-province.ts', import.meta.url), 'utf8').trim().split('\n')
    expect(lines.length).toBeLessThan(100)
    expect(PARTNERS.filter(({ id, unitCode }) => id === EXAMPLE_PROVINCE.id || unitCode === EXAMPLE_PROVINCE.unitCode)).toEqual([])
  })

  it.each([['9.990001', 'H99', 15_000], ['9.990002', 'H99.12', 0], ['9.900001', 'H99', 8_000], ['9.999999', 'H99', 'PROCEDURE_UNKNOWN'], ['9.990001', 'H01', 'UNIT_UNKNOWN']])(
    'has fees of its own: %s at %s is %s', async (procedureCode, unitCode, expected) => {
      await start()
      expect(await feeOf(procedureCode, unitCode)).toBe(expected)
    })

  it('does all else as every dossier system', async () => {
    await start()
    const dossier = { reference: 'op-1', dossierCode: 'H99-260410-000001', procedureCode: '9.990001', applicantId: '999000042171', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received' }
    expect((await served.post('/desk/dossiers', dossier)).body.sync).toBe('acknowledged')
    expect(SyncDossier.parse(JSON.parse(portal!.received[0]!.body))).toMatchObject({ ...dossier, unitCode: 'H99' })
    expect(portal!.received[0]!.headers['x-partner']).toBe('example-province')
    expect((await served.get('/v1/readiness')).body.criteria).toEqual({ live: true, configured: true, connected: true, realDossiers: true })
  })
})
