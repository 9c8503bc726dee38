import { beforeEach, describe, expect, it } from 'vitest'
import { Figures } from '../../../contracts/api/inside.ts'
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'
import { call, dossier, put, useCoordination } from './coordination-bench.ts'

const bench = useCoordination()
const hanoi = (text: string) => Date.parse(`${text}+07:00`)
const figures = async (query = '') => Figures.parse((await call(bench, 'GET', `/v1/figures${query}`)).body).figures

/** The clock stands at Friday 2026-04-10, 21:00 in Hanoi. */
beforeEach(() => put(bench,
  dossier(1, { dueAt: hanoi('2026-04-10T17:00:00') }), // overdue since the afternoon
  dossier(2, { dueAt: hanoi('2026-04-13T17:00:00'), status: 'in-process' }), // due by Monday, the next working day
  dossier(3, { dueAt: hanoi('2026-04-14T17:00:00') }), // later
  dossier(4, { dueAt: hanoi('2026-04-09T17:00:00'), status: 'done' }), // over
  dossier(5, { origin: 'synced', unitCode: 'G08', partner: 'justice', level: 'ministry', territory: null, status: 'received', dueAt: hanoi('2026-04-08T17:00:00') }),
  dossier(6, { origin: 'migrated', level: null, territory: null, dueAt: null, status: 'received' }),
  dossier(7, { unitCode: 'G08', partner: 'justice', status: 'received' }),
))

describe('figures', () => {
  it('count all dossiers, by origin and status, and what is due by the calendar of working days', async () => {
    expect(await figures()).toEqual({
      ...Object.fromEntries(DOSSIER_STATUSES.map((status) => [`dossiers.${status}`, 0])),
      'dossiers.total': 7, 'dossiers.direct': 5, 'dossiers.synced': 1, 'dossiers.migrated': 1,
      'dossiers.newly-registered': 2, 'dossiers.in-process': 1, 'dossiers.done': 1, 'dossiers.received': 3, 'dossiers.overdue': 2, 'dossiers.dueSoon': 1,
    })
  })
  it.each([['?unit=H01', 6], ['?unit=G08', 2], ['?unit=H02', 0], ['?level=commune', 5], ['?unit=G08&level=ministry', 1]])('of %s are of %i dossiers, and add up', async (query, total) => {
    const counted = await figures(query)
    expect(counted['dossiers.total']).toBe(total)
    expect(DOSSIER_STATUSES.reduce((sum, status) => sum + counted[`dossiers.${status}`]!, 0)).toBe(total)
  })
})
