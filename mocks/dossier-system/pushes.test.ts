/** What behaviours on `push-dossier` and `push-status` make of what the desk sends: the portal gets it late, twice, out of order or never. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Behaviour } from '../../contracts/api/behaviour.ts'
import { startReceiver, type Receiver } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { createWorld } from '../world.ts'
import { dossierSystemSimulator } from './simulator.ts'

let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
afterEach(async () => { await served.close(); await portal.close() })

async function start(): Promise<void> {
  portal = await startReceiver(() => ({ status: 201, body: { result: 'created' } }))
  const world = createWorld({ seed: 7, scenarioStartMs: 0, keys: {} })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-justice', { world, unitCode: 'G08', firstRetryMs: 1, push: { partnerId: 'justice', key: 'k', portalSyncUrl: portal.url } }))
  simulator.control!({ action: 'connect', connected: true })
}
const behave = (behaviour: Partial<Behaviour>) => simulator.endpoint.behave([{ route: 'push-dossier', share: 1, seed: 1, ...behaviour }])
const desk = async (n: number) => (await served.post('/desk/dossiers', {
  reference: `op-${n}`, dossierCode: `G08-260410-00000${n}`, procedureCode: '9.900001', applicantId: '1', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received',
})).body.sync as string
const own = (n: number) => served.post('/public/v1/dossiers', { reference: `op-${n}`, procedureCode: '9.900019', provinceId: 'ha-noi', personId: '1', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', phone: '+84999000001' })
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }
const arrived = () => portal.received.map(({ body }) => JSON.parse(body).reference as string)
const syncs = () => served.evidence('dossier').map(({ fields }) => fields['sync'])

describe('a push under a behaviour', () => {
  it.each<[string, Partial<Behaviour>, heard: string, arrived: string[], kept: string]>([
    ['none', { share: 0, lose: true }, 'acknowledged', ['op-1'], 'acknowledged'],
    ['lost', { lose: true }, 'unknown', [], 'unknown'],
    ['late', { delayMs: 5 }, 'unknown', ['op-1'], 'acknowledged'],
    ['doubled', { copies: 3 }, 'acknowledged', ['op-1', 'op-1', 'op-1'], 'acknowledged'],
  ])('%s', async (_title, behaviour, heard, expected, kept) => {
    await start()
    behave(behaviour)
    expect(await desk(1)).toBe(heard)
    await drained()
    expect([arrived(), syncs()]).toEqual([expected, [kept]])
    expect(new Set(portal.received.map(({ body }) => body)).size).toBe(expected.length === 0 ? 0 : 1)
  })

  it('overtaken by the next', async () => {
    await start()
    behave({ afterNext: true })
    expect(await desk(1)).toBe('unknown')
    behave({ share: 0 })
    await own(2)
    await drained()
    expect(arrived()).toEqual(['op-2', 'op-1'])
  })

  it('touches dossiers of the own service too, and no statuses', async () => {
    await start()
    behave({ lose: true })
    await own(1)
    simulator.endpoint.behave([])
    await desk(2)
    behave({ lose: true })
    expect((await served.post('/desk/statuses', { reference: 'op-s', dossierCode: 'G08-260410-000002', status: 'in-process' })).body.sync).toBe('acknowledged')
    await drained()
    expect(arrived()).toEqual(['op-2', 'op-s'])
  })
})

describe('a dossier that is synced', () => {
  it('is not put to the check for duplicates: a second one of the same person and procedure is taken and pushed, the same code again is not', async () => {
    await start()
    expect([await desk(1), await desk(2), await desk(1)]).toEqual(['acknowledged', 'acknowledged', 'acknowledged'])
    expect(arrived()).toEqual(['op-1', 'op-2'])
    expect(served.evidence('dossier').map(({ op }) => op)).toEqual(['op-1', 'op-2'])
  })
})
