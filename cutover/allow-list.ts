/**
 * Load, control and faults go only where the target allows it (`allow`: CIDR blocks or literal host names, loopback by default).
 * A host that is a name, not an address, must be listed by that name: what it resolves to can change.
 */
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { InputError, type Problem } from '../contracts/error.ts'
import type { Target, TargetSystem } from '../contracts/target.ts'
import { hostOf } from './systems.ts'

export function isAllowed(host: string, allow: readonly string[]): boolean {
  if (allow.includes(host)) return true
  const family = isIP(host)
  if (family === 0) return false
  const list = new BlockList()
  for (const entry of allow) {
    const [address, prefix] = entry.split('/')
    const entryFamily = isIP(address ?? '')
    if (entryFamily !== family) continue
    if (prefix === undefined) list.addAddress(address!, entryFamily === 4 ? 'ipv4' : 'ipv6')
    else list.addSubnet(address!, Number(prefix), entryFamily === 4 ? 'ipv4' : 'ipv6')
  }
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

function problemOf(what: string, host: string, allow: readonly string[]): Problem {
  return {
    code: 'TARGET_NOT_ALLOWED', what: `${what} is at ${host}, which the target does not allow`,
    mend: `correct the address, or add it under "allow:" if the rehearsal may send traffic there; allowed now: ${allow.join(', ')}`,
  }
}

export function assertAllowed(what: string, host: string, allow: readonly string[]): void {
  if (!isAllowed(host, allow)) throw new InputError([problemOf(what, host, allow)])
}

/** Every address of a target at once, before anything starts. */
export function checkTargetAllowed(target: Target): Problem[] {
  return placesOf(target).filter(([, host]) => !isAllowed(host, target.allow)).map(([what, host]) => problemOf(what, host, target.allow))
}

/** Whatever the harness or the load may speak to, with its host. */
export function placesOf(target: Target): [string, string][] {
  const { dns, simulators } = target
  return [
    ['the portal\'s old address', target.addresses.old], ['the portal\'s new address', target.addresses.new],
    ...target.regions.flatMap((region): [string, string][] => [
      [`the gateway of region "${region.id}"`, hostOf(region.gateway)], [`the resolver of region "${region.id}"`, region.resolver.host],
    ]),
    ...target.systems.filter((system) => system.mode !== 'absent').flatMap(placesOfSystem),
    ...dns ? [['the name server that dns.authority names', dns.authority.host] as [string, string], ...dns.switch.by === 'http' ? [['dns.switch', hostOf(dns.switch.url)] as [string, string]] : []] : [],
    ...simulators ? [...Object.entries(simulators.hosts).map(([id, host]): [string, string] => [`simulators.hosts.${id}`, host]), ['simulators.portalSyncUrl', hostOf(simulators.portalSyncUrl)] as [string, string]] : [],
  ]
}

function placesOfSystem(system: TargetSystem): [string, string][] {
  const urls: [string, string | undefined][] = [
    ['url', system.url], ['admin', system.admin], ['database', system.database],
    ['read.url', system.read?.by === 'http' ? system.read.url : undefined],
    ...Object.entries(system.control ?? {}).map(([act, way]): [string, string | undefined] => [`control.${act}`, way.by === 'http' ? way.url : undefined]),
  ]
  // A reference to a secret says nothing of a host; the URL behind it is looked at when it is known.
  return urls.flatMap(([name, url]) => url === undefined || !URL.canParse(url) || /^(?:env|file):/.test(url) ? [] : [[`${name} of system "${system.id}"`, hostOf(url)] as [string, string]])
}

/** Names of the target's hosts lead where they led when the run was planned, and nowhere else. */
export function pinnedLookup({ pinned }: Pick<Target, 'pinned'>): LookupFunction | undefined {
  if (!pinned || Object.keys(pinned).length === 0) return undefined
  return (hostname, options, callback) => {
    const addresses = pinned[hostname]
    if (!addresses?.length) {
      callback(Object.assign(new Error(`"${hostname}" was not looked up when the run was planned`), { code: 'ENOTFOUND' }), '', 0)
      return
    }
    if (options.all) callback(null, addresses.map((address) => ({ address, family: isIP(address) })))
    else callback(null, addresses[0]!, isIP(addresses[0]!))
  }
}
