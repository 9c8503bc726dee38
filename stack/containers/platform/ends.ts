/**
 * The ends of a cut: a part (`edge-new`), a partner inside a part or by itself (`bank-vcb`), or a zone (`zone-edge`), which stands for all that is at home there, k6 too.
 * Out: the addresses by which it is known, and the containers in which rules about it can stand.
 */
import { HarnessError } from '../../../contracts/error.ts'
import { suggest } from '../../../contracts/did-you-mean.ts'
import { REGIONS } from '../../../contracts/reference/regions.ts'
import { SIMULATOR_IDS } from '../../parts.ts'
import type { AddressPlan } from '../addresses.ts'
import { ZONES } from '../spec.ts'
import type { Parts } from './parts.ts'

export type End = { parts: string[]; addresses: string[] }

/** The part that plays all partners. */
const PARTNERS = 'partners'
const ZONE_PREFIX = 'zone-'

export function endOf(parts: Parts, plan: AddressPlan, name: string): End {
  const simulator = plan.simulators[name]
  if (simulator !== undefined) return { parts: [parts.names().includes(name) ? name : PARTNERS], addresses: [simulator] }
  if (parts.names().includes(name)) return { parts: [name], addresses: addressesOf(parts, plan, name) }
  const zone = ZONES.find((candidate) => `${ZONE_PREFIX}${candidate}` === name)
  if (zone === undefined) {
    const known = [...parts.names(), ...SIMULATOR_IDS, ...ZONES.map((candidate) => `${ZONE_PREFIX}${candidate}`)]
    throw new HarnessError({ code: 'PLATFORM_PART_UNKNOWN', what: `the network of the stack has no end "${name}"`, where: name, mend: suggest(name, known) })
  }
  const there = parts.names().filter((part) => parts.of(part).spec.zones[0]?.zone === zone)
  const load = [...REGIONS.map(({ id }) => plan.zonesOf.load(id)), plan.zonesOf.load(null)].filter((zones) => zones[0]?.zone === zone)
  return { parts: there, addresses: [...there.flatMap((part) => addressesOf(parts, plan, part)), ...load.flat().map(({ address }) => address)] }
}

function addressesOf(parts: Parts, plan: AddressPlan, name: string): string[] {
  const own = parts.of(name).spec.zones.map(({ address }) => address)
  const played = Object.entries(plan.simulators).filter(([id]) => !parts.names().includes(id)).map(([, address]) => address)
  return name === PARTNERS ? [...own, ...played] : own
}

/** Those of both that share a zone: all that can speak to each other. */
export function pairsOf(from: readonly string[], to: readonly string[]): [string, string][] {
  const zoneOf = (address: string) => address.slice(0, address.lastIndexOf('.'))
  return from.flatMap((one) => to.filter((other) => other !== one && zoneOf(other) === zoneOf(one)).map((other): [string, string] => [one, other]))
}
