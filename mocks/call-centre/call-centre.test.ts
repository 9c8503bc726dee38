import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { CallEvent, CallFigures } from '../../contracts/partner-api/roles/call-centre.ts'
import { codeOf, DOSSIER, startBench, type Bench } from '../specialised/confirming-bench.ts'
import { callCentreSimulator } from './simulator.ts'

let bench: Bench
afterEach(() => bench.close())
const start = async ({ takenShare = 1, ...options }: Parameters<typeof startBench>[1] & { takenShare?: number } = {}) => {
  bench = await startBench((orders) => callCentreSimulator({ ...orders, takenShare }), options)
}
const ask = (n: number, changes: object = {}) => bench.post('/v1/calls', { reference: `op-${n}`, phone: '+84999000001', topic: 'dossier', dossierCode: DOSSIER, eventUrl: `${bench.receiver.url}/events`, ...changes })
const hangUp = (n: number) => bench.post('/v1/hang-ups', { reference: `op-${n}` })
const figures = async (day = '2026-04-10'): Promise<CallFigures> => (await bench.get(`/v1/figures?day=${day}`)).body
const events = () => bench.receiver.received.map(({ body }) => JSON.parse(body) as CallEvent).toSorted((a, b) => a.sequence - b.sequence)

describe('the call centre', () => {
  it.each([[1, ['asked', 'taken', 'handled']], [0, ['asked', 'missed']]])('tells each step, signed, where %i of all calls are taken', async (takenShare, steps) => {
    await start({ takenShare })
    expect(await ask(1)).toMatchObject({ status: 201, body: { callNumber: 'CG00000001', status: 'asked', dossierCode: DOSSIER, durationS: null } })
    await bench.drained()
    expect(events().map(({ status }) => status)).toEqual(steps)
    const { headers, body } = bench.receiver.received[0]!
    expect(headers).toMatchObject({ 'x-system': 'call-centre', 'x-signature': createHmac('sha256', 'key of call-centre').update(body).digest('hex') })
    expect((await bench.get('/v1/calls?reference=op-1')).body.status).toBe(steps.at(-1))
    expect(bench.evidence('call')).toMatchObject([{ key: 'call/CG00000001', op: 'op-1', status: steps.at(-1), fields: { topic: 'dossier', dossierCode: DOSSIER } }])
  })

  it('gives figures whose parts sum to the whole, like those of the evidence', async () => {
    await start({ takenShare: 348 / 393 })
    await Promise.all(Array.from({ length: 200 }, (_, n) => ask(n, { eventUrl: undefined })))
    const during = await figures()
    await bench.drained()
    const after = await figures()
    for (const { asked, waiting, missed, taken, open, handled } of [during, after]) expect([asked, taken]).toEqual([waiting + missed + taken, open + handled])
    const rows = bench.evidence('call')
    const durations = rows.flatMap(({ fields }) => typeof fields['durationS'] === 'number' ? [fields['durationS']] : [])
    expect(after).toEqual({
      day: '2026-04-10', asked: 200, waiting: 0, open: 0, missed: rows.filter(({ status }) => status === 'missed').length, taken: durations.length, handled: durations.length,
      takenBasisPoints: Math.round(durations.length * 50), averageS: Math.round(durations.reduce((sum, seconds) => sum + seconds, 0) / durations.length),
    })
    expect(after.taken).toBeGreaterThan(150)
    expect(after.missed).toBeGreaterThan(5)
    expect(bench.receiver.received).toHaveLength(0)
  })

  it('counts nothing on a day without calls, by the days of Hanoi', async () => {
    await start()
    bench.world.setClock({ startedAtMs: bench.world.wallNow(), timeScale: 1, scenarioStartMs: Date.parse('2026-04-11T00:30:00+07:00') })
    await ask(1)
    await bench.drained()
    expect(await figures()).toEqual({ day: '2026-04-10', asked: 0, waiting: 0, missed: 0, taken: 0, open: 0, handled: 0, takenBasisPoints: null, averageS: null })
    expect(await figures('2026-04-11')).toMatchObject({ asked: 1, taken: 1, takenBasisPoints: 10_000 })
  })

  it('misses whoever gives up before, once', async () => {
    await start({ stepMs: [3_600_000, 3_600_000], movable: true })
    await ask(1)
    expect(await hangUp(1)).toMatchObject({ status: 200, body: { status: 'missed' } })
    expect(codeOf(await hangUp(1))).toBe('200')
    bench.world.advance!(3_600_000)
    await bench.drained()
    expect(events().map(({ status }) => status)).toEqual(['asked', 'missed'])
  })

  it.each<[string, () => ReturnType<typeof ask>, string]>([
    ['another call under the reference', async () => { await ask(1); return ask(1, { topic: 'payment' }) }, '409 REFERENCE_TAKEN'],
    ['a call that nobody made', () => bench.get('/v1/calls?reference=op-9'), '404 CALL_UNKNOWN'],
    ['to end a call that nobody made', () => hangUp(9), '404 CALL_UNKNOWN'],
    ['to end a call that was taken', async () => { await ask(1); await bench.drained(); return hangUp(1) }, '409 ALREADY_TAKEN'],
    ['figures of no day', () => bench.get('/v1/figures?day=2026-02-30'), '400 REQUEST_INVALID'],
    ['a phone that is none', () => ask(1, { phone: 'x' }), '400 REQUEST_INVALID'],
  ])('refuses %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
  })
})
