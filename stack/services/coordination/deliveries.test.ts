import { describe, expect, it } from 'vitest'
import { act, call, codeOf, dossier, drained, logIn, OFFICERS, put, toldTo, useCoordination } from './coordination-bench.ts'

const bench = useCoordination()
const statusOf = async (code: string) => (await bench.pool.query('select status from dossiers where code = $1', [code])).rows[0]?.status

describe('on the way', () => {
  it('nothing overtakes what the portal did not take at once', async () => {
    await put(bench, dossier(1))
    const token = await logIn(bench, OFFICERS.commune)
    bench.answers.portal = () => ({ status: 503 })
    await act(bench, token, 'a1', 'receive')
    await bench.neighbours.portal.arrived(1)
    await act(bench, token, 'a2', 'process')
    await bench.neighbours.portal.arrived(2)
    bench.neighbours.portal.received.length = 0
    bench.answers.portal = () => ({ status: 200 })
    await drained(bench)
    expect(toldTo(bench, 'portal').map(({ reference }) => reference)).toEqual(['a1', 'a2'])
  })
  it('a status does not reach the partner before its dossier', async () => {
    bench.answers['partner-ha-noi'] = () => ({ status: 503 })
    await put(bench, dossier(1))
    await act(bench, await logIn(bench, OFFICERS.commune), 'a1', 'receive')
    await bench.neighbours['partner-ha-noi'].arrived(3)
    expect(bench.neighbours['partner-ha-noi'].received.every(({ path }) => path === '/v1/forwarded')).toBe(true)
    bench.answers['partner-ha-noi'] = () => ({ status: 200 })
    await drained(bench)
    expect(bench.neighbours['partner-ha-noi'].received.at(-1)).toMatchObject({ path: '/v1/statuses', body: { statuses: [{ reference: 'a1', status: 'received', source: 'staff' }] } })
  })
  it('what a citizen set goes on to the partner, also where it came before its dossier; what a partner pushed does not go back', async () => {
    const status = (reference: string, number: number, source?: string) => ({ reference, dossierCode: codeOf(number), status: 'withdrawn', at: Date.UTC(2026, 3, 10, 15), ...(source && { source }) })
    await put(bench, dossier(1), dossier(2))
    await call(bench, 'POST', '/v1/statuses', { statuses: [status('c1', 1, 'citizen'), status('p2', 2, 'partner'), status('c3', 3, 'citizen'), status('p4', 4)] })
    await put(bench, dossier(3), dossier(4))
    await drained(bench)
    expect(toldTo(bench, 'partner-ha-noi').map(({ reference, source }) => [reference, source]).toSorted()).toEqual([['c1', 'citizen'], ['c3', 'citizen']])
    expect(toldTo(bench, 'portal')).toEqual([])
    expect(await statusOf(codeOf(3))).toBe('withdrawn')
  })
  it('one partner that is away does not hold up another', async () => {
    await put(bench, dossier(1), dossier(2, { partner: 'justice' }))
    await drained(bench)
    bench.answers['partner-justice'] = () => ({ status: 503 })
    const token = await logIn(bench, OFFICERS.commune)
    await Promise.all([act(bench, token, 'a1', 'receive'), act(bench, token, 'a2', 'receive', codeOf(2))])
    await bench.neighbours['partner-ha-noi'].arrived(2)
    await bench.neighbours['partner-justice'].arrived(3)
    expect(toldTo(bench, 'partner-ha-noi').map(({ reference }) => reference)).toEqual(['a1'])
    bench.answers['partner-justice'] = () => ({ status: 200 })
    await drained(bench)
  })
})
