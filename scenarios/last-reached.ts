/**
 * The system that a citizen's request came to last where no answer came: the gateway of the region, where it has one; else the part at the address to which k6 was connected; without
 * an address the resolver, where it was the name that k6 could not resolve (its errors 1100 to 1199), and otherwise nobody knows.
 */
import { urlParts } from './url-parts.ts'

const NO_NAME = /\(11\d\d\)$/

export function lastReached(region: string, { systems, gateways, entries = {} }: { systems: Readonly<Record<string, string>>; gateways: Readonly<Record<string, { kept: string }>>; entries?: Readonly<Record<string, unknown>> }, { remote, error }: { remote: string; error: string | null }): string {
  const host = urlParts(gateways[region]?.kept ?? '')?.host
  const ofItsOwn = entries[region] !== undefined || host !== undefined && (/^[\d.]+$/.test(host) || host.endsWith('.gateway.test'))
  if (ofItsOwn) return `gateway-${region}`
  if (remote !== '') return Object.keys(systems).find((id) => urlParts(systems[id]!)?.host === remote) ?? 'unknown'
  return NO_NAME.test(error ?? '') ? `resolver-${region}` : 'unknown'
}
