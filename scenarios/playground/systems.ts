/**
 * Plays all systems that the load speaks to (portal behind its gateways, VNeID, banks, partners, what staff work on) on loopback sockets, by the
 * contracts in `contracts/api/`, and remembers what it stored under which op. `disturb` may break a request: destroy its socket, answer something else, be slow.
 */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { Target } from '../../contracts/target.ts'
import { playFront, PORTAL_HOST } from './front.ts'
import { playBank, playDesk, playVneid } from './partners.ts'
import { emptyRecords, type Records } from './records.ts'
import { createStreet, type Disturb, type Seen } from './serve.ts'
import { playCoordination, playFeedback, playStatistics } from './staff.ts'

export { json, type Disturb, type Seen } from './serve.ts'

export type PlayedSystems = {
  target: Target
  seen: Seen[]
  /** References stored, by kind of record. */
  stored: Records
  close: () => Promise<void>
}

const REGIONS = ['north', 'central', 'south'] as const

export async function playSystems({ servedBy = 'portal', disturb = () => false }: { servedBy?: 'portal' | 'legacy'; disturb?: Disturb } = {}): Promise<PlayedSystems> {
  const records = emptyRecords()
  const { seen, listen, close } = createStreet({ disturb })
  const vneid = await listen(playVneid())
  const desk = await listen(playDesk(records))
  const gateways = await Promise.all(REGIONS.map(() => listen(playFront({ servedBy, vneid, desk, records }))))
  const banks = await Promise.all(['bank-bidv', 'bank-vcb'].map(async (id) => ({ id, url: await listen(playBank(records)) })))
  const system = (id: string, role: Target['systems'][number]['role'], url: string) => ({ id, role, mode: 'simulated' as const, url, unit: 'unit' })
  return {
    seen, stored: records, close,
    target: {
      version: 1, name: 'played', kind: 'reference', allow: ['127.0.0.0/8', '::1/128'], portalHost: PORTAL_HOST, addresses: { old: '127.0.0.1', new: '127.0.0.1' },
      regions: REGIONS.map((id, at) => ({ id, gateway: gateways[at]!, resolver: { host: '127.0.0.1', port: 53, profile: 'honest' as const } })),
      systems: [
        system('vneid', 'vneid', vneid), ...banks.map(({ id, url }) => system(id, 'bank', url)),
        system('coordination', 'coordination', await listen(playCoordination(records))), system('feedback', 'feedback', await listen(playFeedback(records))),
        system('statistics', 'statistics', await listen(playStatistics(records))),
        ...PARTNERS.map(({ id }) => system(`partner-${id}`, 'partner', `${desk}/${id}`)),
      ],
    },
  }
}
