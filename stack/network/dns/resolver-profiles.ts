/**
 * How a region's resolver treats TTLs (design section 9: about 9 % of real resolvers stretch them). One entry a profile; a registry line
 * here and a name in `contracts/target.ts` is all that a new one needs. Seconds of the scenario clock.
 */
export type ResolverProfile = {
  /** Shortest life of an address in the cache (Unbound `cache-min-ttl`); the raised TTL is also the one handed out. */
  minTtlS: number
  /** How long after its end an entry may still be answered (Unbound `serve-expired-ttl`, RFC 8767); null = never. */
  serveStaleForS: number | null
}

export const RESOLVER_PROFILES = {
  'honest': { minTtlS: 0, serveStaleForS: null },
  'ttl-floor': { minTtlS: 300, serveStaleForS: null },
  'serve-stale': { minTtlS: 0, serveStaleForS: 86_400 },
} as const satisfies Record<string, ResolverProfile>
export type ResolverProfileName = keyof typeof RESOLVER_PROFILES

/** TTL of a stale answer, and how long to leave an authority alone that did not answer (RFC 8767, section 5). */
export const STALE_ANSWER_TTL_S = 30
export const FAILURE_RECHECK_S = 30
