/**
 * One DNS zone with address records: what the authority serves. The serial grows with every change and only then (RFC 1035 3.3.13).
 * TTLs are whole seconds of the scenario clock. A name of another zone gives undefined: it is refused.
 */
import { isIPv4, isIPv6 } from 'node:net'
import type { Answer } from 'dns-packet'
import { RCODE, canonicalName, type DnsReply } from './message.ts'

/** How long resolvers may keep a "does not exist" (SOA minimum, RFC 2308). */
const NEGATIVE_TTL_S = 60

export type HostRecord = { name: string; address: string; ttlS: number }
export type ZoneConfig = { origin: string; nameserver: { name: string; address: string }; hosts: HostRecord[]; serial?: number }
type Host = { A: string | null; AAAA: string | null; ttlS: number }

export class Zone {
  readonly origin: string
  #nameserver: string
  #serial: number
  #hosts = new Map<string, Host>()

  constructor(config: ZoneConfig) {
    this.origin = canonicalName(config.origin)
    this.#nameserver = canonicalName(config.nameserver.name)
    this.#serial = config.serial ?? 2026_04_10_01
    for (const host of [{ ...config.nameserver, ttlS: 86_400 }, ...config.hosts]) this.#put(host)
  }

  set(name: string, change: { address?: string | undefined; ttlS?: number | undefined }): HostRecord & { serial: number } {
    const before = this.#hosts.get(canonicalName(name))
    const address = change.address ?? before?.A ?? before?.AAAA
    if (!address) throw new Error(`${name} is not in the zone ${this.origin}, so it needs an address`)
    if (this.#put({ name, address, ttlS: change.ttlS ?? before?.ttlS ?? 3_600 })) this.#serial += 1
    return this.get(name)!
  }

  get(name: string): (HostRecord & { serial: number }) | undefined {
    const host = this.#hosts.get(canonicalName(name))
    const address = host?.A ?? host?.AAAA
    return host && address ? { name: canonicalName(name), address, ttlS: host.ttlS, serial: this.#serial } : undefined
  }

  get serial(): number { return this.#serial }
  names(): string[] { return [...this.#hosts.keys()] }

  answer(type: string, askedName: string): DnsReply | undefined {
    const name = canonicalName(askedName)
    if (name !== this.origin && !name.endsWith(`.${this.origin}`)) return undefined
    const found: Answer[] = []
    if (name === this.origin && type === 'SOA') found.push(this.#soa())
    if (name === this.origin && type === 'NS') found.push({ type: 'NS', name: askedName, ttl: 86_400, data: this.#nameserver })
    const host = this.#hosts.get(name)
    if (type === 'A' && host?.A) found.push({ type: 'A', name: askedName, ttl: host.ttlS, data: host.A })
    if (type === 'AAAA' && host?.AAAA) found.push({ type: 'AAAA', name: askedName, ttl: host.ttlS, data: host.AAAA })
    if (found.length > 0) return { rcode: RCODE.NOERROR, answers: found, authoritative: true }
    return { rcode: host || this.#isInside(name) ? RCODE.NOERROR : RCODE.NXDOMAIN, authorities: [this.#soa()], authoritative: true }
  }

  /** The origin and empty names above a host exist, though without addresses (RFC 8020). */
  #isInside(name: string): boolean {
    return name === this.origin || this.names().some((host) => host.endsWith(`.${name}`))
  }

  #soa(): Answer {
    return { type: 'SOA', name: this.origin, ttl: NEGATIVE_TTL_S, data: {
      mname: this.#nameserver, rname: `hostmaster.${this.origin}`, serial: this.#serial, refresh: 900, retry: 300, expire: 604_800, minimum: NEGATIVE_TTL_S,
    } }
  }

  /** True where it changed anything. */
  #put({ name, address, ttlS }: HostRecord): boolean {
    const key = canonicalName(name)
    if (!key.endsWith(`.${this.origin}`)) throw new Error(`${name} does not belong to the zone ${this.origin}`)
    if (!isIPv4(address) && !isIPv6(address)) throw new Error(`"${address}" is no IP address for ${name}`)
    if (!Number.isInteger(ttlS) || ttlS < 0 || ttlS > 604_800) throw new Error(`TTL ${ttlS} of ${name} is not a whole number of seconds from 0 to 604800`)
    const next: Host = { A: isIPv4(address) ? address : null, AAAA: isIPv6(address) ? address : null, ttlS }
    const before = this.#hosts.get(key)
    this.#hosts.set(key, next)
    return !before || before.A !== next.A || before.AAAA !== next.AAAA || before.ttlS !== ttlS
  }
}
