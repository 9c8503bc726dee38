import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { benchWorld, codeOf, DOSSIER, startBench, type Bench } from '../specialised/confirming-bench.ts'
import { taxSimulator } from '../tax/simulator.ts'
import { landSimulator } from './simulator.ts'

const PLACE = { unitCode: 'H01', mapSheet: 12, parcelNumber: 345 }
let bench: Bench
let tax: Served & { pending: () => number } | undefined
afterEach(async () => { await bench.close(); await tax?.close(); tax = undefined })

/** With a tax system of its own beside it, as in a run; with the same keys. */
async function start({ withTax = true } = {}): Promise<void> {
  let made: ReturnType<typeof taxSimulator> | undefined
  const taxWorld = benchWorld()
  tax = { ...await serveSimulator(() => made = taxSimulator({ world: taxWorld, stepMs: [0, 3] })), pending: () => made!.pending() }
  bench = await startBench((options, ownUrl) => landSimulator({ ...options, ownUrl, taxUrl: withTax ? tax!.url : undefined }))
}
const change = (n: number, changes: object = {}) => bench.post('/v1/changes', {
  reference: `op-${n}`, dossierCode: DOSSIER, callbackUrl: `${bench.receiver.url}/v1/confirmations`, ...PLACE, kind: 'transfer', payerId: '999000000421', ...changes,
})
async function settled(): Promise<void> { while (bench.simulator.pending() + tax!.pending() > 0) await new Promise(setImmediate) }
const steps = () => bench.confirmations().map(({ reference, status }) => `${reference} ${status}`)
const notice = async (n: number) => (await tax!.get(`/v1/notices?reference=op-${n}/tax`)).body

describe('land', () => {
  it('asks tax, tells the notice, and registers once it is paid', async () => {
    await start()
    expect(await change(1)).toMatchObject({ status: 202, body: { number: 'DD00000001', status: 'accepted' } })
    await settled()
    const { areaM2, pricePerM2Vnd } = (await bench.get(`/v1/parcels?unitCode=H01&mapSheet=12&parcelNumber=345`)).body
    const { number, amountVnd } = await notice(1)
    expect(amountVnd).toBe(areaM2 * pricePerM2Vnd * 25 / 1_000)
    expect(bench.confirmations()).toMatchObject([{ status: 'obligation-issued', amountVnd, dossierCode: DOSSIER }])
    await tax!.post('/v1/payments', { reference: 'op-pay', number, amountVnd })
    await settled()
    expect(steps()).toEqual(['op-1 obligation-issued', 'op-1 registered'])
    expect((await bench.get('/v1/changes?reference=op-1')).body.status).toBe('registered')
    expect(bench.evidence('order')).toMatchObject([{ op: 'op-1', status: 'registered', fields: { parcel: 'H01/12/345', amountVnd } }])
  })

  it('registers at once what owes nothing, and refuses a parcel that has a change open', async () => {
    await start()
    await change(1)
    await settled()
    await change(2, { kind: 'inheritance' })
    await change(3, { kind: 'inheritance', parcelNumber: 346 })
    await settled()
    expect(steps().toSorted()).toEqual(['op-1 obligation-issued', 'op-2 refused', 'op-3 registered'])
  })

  it('waits where there is no tax system', async () => {
    await start({ withTax: false })
    await change(1)
    await settled()
    expect([steps(), (await bench.get('/v1/changes?reference=op-1')).body.status]).toEqual([[], 'obligation-asked'])
  })

  it.each<[string, () => ReturnType<typeof change>, string]>([
    ['a parcel that there is not', () => bench.get('/v1/parcels?unitCode=H01&mapSheet=201&parcelNumber=1'), '404 PARCEL_UNKNOWN'],
    ['a parcel outside the provinces', () => bench.get('/v1/parcels?unitCode=G01&mapSheet=1&parcelNumber=1'), '404 PARCEL_UNKNOWN'],
    ['a change of a parcel that there is not', () => change(1, { parcelNumber: 2_001 }), '404 PARCEL_UNKNOWN'],
    ['another change under the reference', async () => { await change(1); return change(1, { kind: 'inheritance' }) }, '409 REFERENCE_TAKEN'],
    ['a change that was not asked for', () => bench.get('/v1/changes?reference=op-9'), '404 ORDER_UNKNOWN'],
    ['a parcel number that is none', () => bench.get('/v1/parcels?unitCode=H01&mapSheet=x&parcelNumber=1'), '400 REQUEST_INVALID'],
  ])('refuses %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
  })

  it('takes confirmations of tax alone, the newest of them, and none without its signature', async () => {
    await start()
    await change(1)
    await settled()
    const confirm = (changes: object, key = 'key of tax') => {
      const body = { system: 'tax', reference: 'op-1/tax', dossierCode: DOSSIER, number: 'TB00000001', status: 'issued', sequence: 1, at: 1, ...changes }
      return bench.post('/v1/confirmations', body, { 'x-system': 'tax', 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') })
    }
    expect((await confirm({})).body).toEqual({ result: 'unchanged' })
    expect((await confirm({ sequence: 3, status: 'paid' })).body).toEqual({ result: 'received' })
    expect((await confirm({ sequence: 2 })).body).toEqual({ result: 'late' })
    expect(codeOf(await confirm({ reference: 'op-9/tax' }))).toBe('404 ORDER_UNKNOWN')
    expect(codeOf(await confirm({ sequence: 4, system: 'post' }))).toBe('403 SENDER_MISMATCH')
    expect(codeOf(await confirm({ sequence: 4 }, 'another key'))).toBe('401 SIGNATURE_INVALID')
  })
})
