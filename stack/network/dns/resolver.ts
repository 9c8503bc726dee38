/**
 * A region's caching resolver, DNS over UDP: asks the authority, keeps answers on the scenario clock as its profile says, hands out what is
 * left of the TTL. Equal questions wait for one query. Authority silent or refusing: SERVFAIL, unless the profile serves stale answers.
 * Steered by `resolver.pin`, `resolver.flush`, `resolver.stale`; evidence `cache/<name>/<type>` rows.
 */
import type { Answer, DecodedPacket } from 'dns-packet'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import type { NetworkPart } from '../part.ts'
import type { ScenarioTime } from '../scenario-time.ts'
import { DnsCache, remainingTtlS, type CacheEntry } from './cache.ts'
import { RCODE, canonicalName, rcodeOf, type DnsQuery, type DnsReply } from './message.ts'
import { FAILURE_RECHECK_S, RESOLVER_PROFILES, STALE_ANSWER_TTL_S, type ResolverProfile, type ResolverProfileName } from './resolver-profiles.ts'
import { createDnsClient, type DnsServerAddress } from './udp-client.ts'
import { serveDns } from './udp-server.ts'

export type ResolverConfig = {
  id: string; host: string; port: number
  profile: ResolverProfileName
  authority: DnsServerAddress
  time: ScenarioTime
  cacheLimit?: number
}

/** A pinned address goes out with the TTL that a portal has around a switch. */
const PINNED_TTL_S = 60

export async function startResolver(config: ResolverConfig): Promise<NetworkPart & { port: number }> {
  const profile: ResolverProfile = RESOLVER_PROFILES[config.profile]
  const cache = new DnsCache(config.cacheLimit ?? 10_000)
  const pins = new Map<string, string>()
  const inFlight = new Map<string, Promise<CacheEntry | undefined>>()
  const upstream = await createDnsClient({ localAddress: config.host })
  const { time } = config

  async function fetchAnswer(name: string, type: string): Promise<CacheEntry | undefined> {
    try {
      const entry = entryFrom(await upstream.ask(config.authority, { name, type: type as 'A' }), name, type, profile, time.now())
      if (entry) cache.put(entry)
      return entry
    } catch { return undefined }
  }

  /** Undefined where the authority could not say. */
  function refresh(name: string, type: string): Promise<CacheEntry | undefined> {
    const key = `${type} ${name}`
    let running = inFlight.get(key)
    if (!running) {
      running = fetchAnswer(name, type).finally(() => inFlight.delete(key))
      inFlight.set(key, running)
    }
    return running
  }

  function refreshBehind(entry: CacheEntry): void {
    if (time.now() < entry.retryAtMs) return
    void refresh(entry.name, entry.type).then((fresh) => { if (!fresh) entry.retryAtMs = time.now() + FAILURE_RECHECK_S * 1_000 })
  }

  function answer({ question }: DnsQuery): DnsReply | Promise<DnsReply> {
    const name = canonicalName(question.name)
    const pinned = question.type === 'A' ? pins.get(name) : undefined
    if (pinned) return { rcode: RCODE.NOERROR, answers: [addressRecord('A', question.name, pinned, PINNED_TTL_S)], recursionAvailable: true }
    const cached = cache.get(name, question.type)
    const leftMs = cached ? cached.expiresAtMs - time.now() : 0
    if (cached && leftMs > 0) return replyOf(cached, question.name, remainingTtlS(cached, time.now()))
    if (cached && profile.serveStaleForS !== null && cached.rcode === RCODE.NOERROR && leftMs > -profile.serveStaleForS * 1_000) {
      refreshBehind(cached)
      return replyOf(cached, question.name, STALE_ANSWER_TTL_S)
    }
    return refresh(name, question.type).then((fresh) => fresh
      ? replyOf(fresh, question.name, remainingTtlS(fresh, time.now()))
      : { rcode: RCODE.SERVFAIL, recursionAvailable: true })
  }

  const server = await serveDns({ host: config.host, port: config.port, answer }).catch(async (error: unknown) => {
    await upstream.close()
    throw error
  })

  return {
    port: server.port,
    close: async () => { await server.close(); await upstream.close() },
    admin: {
      system: config.id,
      ready: () => true,
      pending: () => 0,
      served: server.served,
      evidence: () => cacheRows(cache, time.now()),
      control: (control) => {
        switch (control.action) {
          case 'clock': return time.set(control)
          case 'resolver.pin':
            if (control.address) pins.set(canonicalName(control.name), control.address)
            else pins.delete(canonicalName(control.name))
            return { name: canonicalName(control.name), address: control.address ?? null }
          case 'resolver.flush': cache.clear(); return {}
          case 'resolver.stale': {
            const { address, ttlS } = control
            const name = canonicalName(control.name)
            cache.put({ name, type: 'A', rcode: RCODE.NOERROR, addresses: [address], ttlS, expiresAtMs: time.now() + ttlS * 1_000, retryAtMs: 0 })
            return { name, address, ttlS }
          }
          default: return undefined
        }
      },
    },
  }
}

/** What an authority's answer becomes in the cache; undefined where it is no answer (SERVFAIL, REFUSED). */
function entryFrom(packet: DecodedPacket, name: string, type: string, profile: ResolverProfile, nowMs: number): CacheEntry | undefined {
  const rcode = rcodeOf(packet)
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) return undefined
  const found = (packet.answers ?? []).filter((record): record is Answer & { data: string; ttl: number } => record.type === type && (type === 'A' || type === 'AAAA'))
  const ttlS = found.length > 0
    ? Math.max(profile.minTtlS, Math.min(...found.map((record) => record.ttl ?? 0)))
    : negativeTtlS(packet)
  return { name, type, rcode, addresses: found.map((record) => record.data), ttlS, expiresAtMs: nowMs + ttlS * 1_000, retryAtMs: 0 }
}

function negativeTtlS(packet: DecodedPacket): number {
  for (const record of packet.authorities ?? []) if (record.type === 'SOA') return Math.min(record.ttl ?? 0, record.data.minimum ?? 0)
  return 0
}

function replyOf(entry: CacheEntry, askedName: string, ttlS: number): DnsReply {
  return {
    rcode: entry.rcode, recursionAvailable: true,
    answers: entry.addresses.map((address) => addressRecord(entry.type as 'A' | 'AAAA', askedName, address, ttlS)),
  }
}

function addressRecord(type: 'A' | 'AAAA', name: string, data: string, ttl: number): Answer { return { type, name, ttl, data } }

/** The cache alone: that an address is pinned must be seen from its answers, as from outside. */
function* cacheRows(cache: DnsCache, nowMs: number): Iterable<EvidenceRow> {
  const seenAt = Date.now()
  for (const entry of cache.values()) {
    yield {
      key: `cache/${entry.name}/${entry.type}`, status: entry.addresses.join(' '), seenAt,
      fields: { name: entry.name, type: entry.type, ttlS: entry.ttlS, leftS: remainingTtlS(entry, nowMs), negative: entry.addresses.length === 0 },
    }
  }
}
