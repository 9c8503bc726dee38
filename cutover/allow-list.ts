/**
 * Load, control and faults go only where the target allows it (`allow`: CIDR blocks or literal host names, loopback by default).
 * A host that is a name, not an address, must be listed by that name: what it resolves to can change.
 */
import { BlockList, isIP } from 'node:net'
import { InputError, type Problem } from '../contracts/error.ts'
import type { Target } from '../contracts/target.ts'
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
  const places: [string, string][] = [
    ['the portal\'s old address', target.addresses.old], ['the portal\'s new address', target.addresses.new],
    ...target.regions.flatMap((region): [string, string][] => [
      [`the gateway of region "${region.id}"`, hostOf(region.gateway)], [`the resolver of region "${region.id}"`, region.resolver.host],
    ]),
    ...target.systems.filter((system) => system.mode !== 'absent').flatMap((system): [string, string][] =>
      [['url', system.url], ['admin', system.admin], ['database', system.database]]
        .filter((pair): pair is [string, string] => pair[1] !== undefined)
        .map(([name, url]) => [`${name} of system "${system.id}"`, hostOf(url)])),
  ]
  return places.filter(([, host]) => !isAllowed(host, target.allow)).map(([what, host]) => problemOf(what, host, target.allow))
}
