import { afterEach, describe, expect, it } from 'vitest'
import { codeOf, DOSSIER, startBench, START, type Bench } from '../specialised/confirming-bench.ts'
import { postSimulator } from './simulator.ts'

let bench: Bench
afterEach(() => bench.close())
const start = async ({ returnedShare = 0, ...options }: Parameters<typeof startBench>[1] & { returnedShare?: number } = {}) => {
  bench = await startBench((orders) => postSimulator({ ...orders, returnedShare }), options)
}
const order = (n: number, changes: object = {}) => bench.post('/v1/orders', {
  reference: `op-${n}`, dossierCode: DOSSIER, callbackUrl: `${bench.receiver.url}/v1/confirmations`, service: 'deliver-result', unitCode: 'H01',
  name: 'Người Thử 000001', phone: '+84999000001', address: 'Số 1, đường Thử Nghiệm', provinceId: 'ha-noi', ...changes,
})
const cancel = (n: number) => bench.post('/v1/cancellations', { reference: `op-${n}` })
const state = async (n: number) => (await bench.get(`/v1/orders?reference=op-${n}`)).body
const steps = () => bench.confirmations().toSorted((a, b) => a.sequence - b.sequence).map(({ status }) => status)

describe('the post', () => {
  it.each([['delivered', 0, ''], ['returned', 1, 'phát không thành công: không có người nhận']])('tells each step until it is %s', async (end, returnedShare, note) => {
    await start({ returnedShare })
    expect(await order(1)).toMatchObject({ status: 202, body: { number: 'BC00000001VN', status: 'accepted' } })
    await bench.drained()
    expect(steps()).toEqual(['collected', 'in-transit', end])
    expect(bench.confirmations().find(({ status }) => status === end)!.note).toBe(note)
    expect((await state(1)).events.map(({ status }: { status: string }) => status)).toEqual(['accepted', 'collected', 'in-transit', end])
    expect(bench.evidence('order')).toMatchObject([{ key: 'order/BC00000001VN', op: 'op-1', status: end, fields: { service: 'deliver-result', unitCode: 'H01' } }])
  })

  it('draws per order who is not at home, the same however many there are', async () => {
    await start({ returnedShare: 0.5 })
    await Promise.all(Array.from({ length: 20 }, (_, n) => order(n)))
    await bench.drained()
    const ends = new Map(bench.evidence('order').map(({ op, status }) => [op, status]))
    expect(new Set(ends.values())).toEqual(new Set(['delivered', 'returned']))
    await bench.close()
    await start({ returnedShare: 0.5 })
    await order(7)
    await bench.drained()
    expect((await state(7)).status).toBe(ends.get('op-7'))
  })

  it('cancels what was not collected, once, and nothing else happens to it', async () => {
    await start({ stepMs: [3_600_000, 3_600_000], movable: true })
    await order(1)
    expect(await cancel(1)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    expect(codeOf(await cancel(1))).toBe('200')
    bench.world.advance!(3_600_000)
    await bench.drained()
    expect(steps()).toEqual(['cancelled'])
  })

  it('goes on as the clock is moved, and not before', async () => {
    await start({ stepMs: [3_600_000, 3_600_000], movable: true })
    await order(1)
    const atHour: string[] = []
    for (let hour = 0; hour < 4; hour += 1) {
      atHour.push((await state(1)).status)
      bench.world.advance!(3_600_000)
      // What fell due runs in the next turns of the event loop.
      await new Promise(setImmediate)
    }
    expect(atHour).toEqual(['accepted', 'collected', 'in-transit', 'delivered'])
    expect((await state(1)).events.map(({ at }: { at: number }) => Math.round((at - START) / 3_600_000))).toEqual([0, 1, 2, 3])
  })

  it.each<[string, () => ReturnType<typeof order>, string]>([
    ['cancel what was collected', async () => { await order(1); await bench.drained(); return cancel(1) }, '409 ALREADY_COLLECTED'],
    ['cancel what was not ordered', () => cancel(9), '404 ORDER_UNKNOWN'],
    ['show what was not ordered', () => bench.get('/v1/orders?reference=op-9'), '404 ORDER_UNKNOWN'],
    ['take another order under the reference', async () => { await order(1); return order(1, { address: 'Số 2' }) }, '409 REFERENCE_TAKEN'],
    ['take an order without an address', () => order(1, { address: '' }), '400 REQUEST_INVALID'],
  ])('does not %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
  })
})
