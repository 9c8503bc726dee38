import { describe, expect, it } from 'vitest'
import { REGIONS } from '../../contracts/reference/regions.ts'
import { EDGE_IDS, SERVICE_IDS } from '../parts.ts'
import { planAddresses } from './addresses.ts'
import { ZONES, type ContainerSpec } from './spec.ts'

const plan = planAddresses((zone) => `10.0.${ZONES.indexOf(zone)}`)
const { zonesOf } = plan
const PARTS: Record<string, ContainerSpec['zones']> = {
  ...Object.fromEntries(SERVICE_IDS.map((id) => [id, zonesOf.service(id)])), ...Object.fromEntries(EDGE_IDS.map((id) => [id, zonesOf.edge(id)])),
  ...Object.fromEntries(REGIONS.flatMap(({ id }) => [[`resolver-${id}`, zonesOf.resolver(id)], [`k6-${id}`, zonesOf.load(id)]])),
  'k6-others': zonesOf.load(null), 'postgres-new': zonesOf.postgres('postgres-new'), 'postgres-old': zonesOf.postgres('postgres-old'), 'dns-authority': zonesOf.authority(), 'partners': zonesOf.partners(),
}

describe('addresses', () => {
  it('belong to one part each, and partners have one of their own each', () => {
    const all = [...Object.values(PARTS).flatMap((zones) => zones.map(({ address }) => address)), ...Object.values(plan.simulators)]
    expect(new Set(all).size).toBe(all.length)
    for (const address of all) expect(Number(address.split('.')[3])).toSatisfy((last: number) => last > 1 && last < 255)
  })

  it.each(SERVICE_IDS)('%s is told addresses that it reaches, of all with whom it shares a zone', (id) => {
    const own = zonesOf.service(id).map(({ zone }) => `10.0.${ZONES.indexOf(zone)}.`)
    for (const other of SERVICE_IDS) {
      if (!zonesOf.service(other).some(({ address }) => own.some((prefix) => address.startsWith(prefix)))) continue
      expect(own.some((prefix) => plan.ofService(id).services[other].startsWith(prefix)), other).toBe(true)
    }
  })

  it('tell partners where services answer them, and the new portal\'s edge', () => {
    const prefix = `10.0.${ZONES.indexOf('partners')}.`
    for (const id of ['payments', 'notifications'] as const) expect(plan.ofService(id).services[id]).toMatch(prefix)
    expect(plan.ofPartners().edges['edge-new']).toMatch(prefix)
    expect(plan.ofPartners().simulators['sms']).toMatch(prefix)
  })

  it('keep the old portal and the new one apart', () => {
    const zones = (id: string) => PARTS[id]!.map(({ zone }) => zone)
    expect(zones('legacy')).toEqual(['legacy', 'partners'])
    expect(Object.keys(PARTS).filter((id) => zones(id).includes('legacy') && zones(id).includes('portal'))).toEqual([])
    for (const { id } of REGIONS) expect(Object.keys(PARTS).filter((part) => zones(part).includes(`citizens-${id}` as never)).toSorted()).toEqual([`k6-${id}`, `resolver-${id}`])
  })
})
