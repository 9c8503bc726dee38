/** What a resolver's agent is told, as JSON, and what Unbound is told of it. Times of the profiles are scenario seconds; Unbound's are real ones. */
import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { TargetRegion } from '../../../contracts/target.ts'
import { RESOLVER_PROFILES, STALE_ANSWER_TTL_S, type ResolverProfile, type ResolverProfileName } from '../../network/dns/resolver-profiles.ts'
import { wireFloorS, wireTtlS } from '../dns-wire-ttl.ts'

export const DomainName = z.string().max(253).regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/, 'a domain name in lower case, without a dot at its end')
const Address = z.string().refine(isIPv4, 'an IPv4 address')

export const ResolverAgentConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  port: z.int().min(1).max(65_535).default(53),
  profile: TargetRegion.shape.resolver.shape.profile,
  /** The zone that the authority serves; every other name is refused. */
  zone: DomainName,
  authority: z.strictObject({ host: Address, port: z.int().min(1).max(65_535).default(53) }),
  timeScale: z.number().positive(),
})
export type ResolverAgentConfig = z.infer<typeof ResolverAgentConfig>

export const PATHS = { home: '/etc/unbound/tongduyet', config: '/etc/unbound/tongduyet/unbound.conf', control: '/run/tongduyet-unbound.ctl', pid: '/run/tongduyet-unbound.pid' } as const

const yesNo = (value: boolean) => value ? 'yes' : 'no'

/** Settings of the cache, which a new time scale changes while Unbound runs. */
export function cacheSettings(profileName: ResolverProfileName, timeScale: number): Record<string, string> {
  const profile: ResolverProfile = RESOLVER_PROFILES[profileName]
  const stale = profile.serveStaleForS
  return {
    'cache-min-ttl': String(wireFloorS(profile.minTtlS, timeScale)),
    'serve-expired': yesNo(stale !== null),
    // The whole span, not 1 to 5 s: a stale answer is one that lives too long.
    'serve-expired-ttl': String(stale === null ? 0 : Math.max(1, Math.round(stale / timeScale))),
    'serve-expired-reply-ttl': String(wireTtlS(STALE_ANSWER_TTL_S, timeScale)),
    // Stale at once and refreshed behind it, as the embedded resolver does.
    'serve-expired-client-timeout': '0',
  }
}

export function unboundConfig({ port, profile, zone, authority, timeScale }: ResolverAgentConfig): string {
  const settings = Object.entries(cacheSettings(profile, timeScale)).map(([name, value]) => `  ${name}: ${value}`)
  return `
server:
  interface: 0.0.0.0
  port: ${port}
  username: "unbound"
  chroot: ""
  directory: "${PATHS.home}"
  pidfile: "${PATHS.pid}"
  use-syslog: no
  logfile: ""
  verbosity: 0
  num-threads: 1
  do-ip6: no
  access-control: 0.0.0.0/0 allow
  # The zone is not signed, and addresses in it are private ones.
  module-config: "iterator"
  minimal-responses: yes
  infra-host-ttl: 1
  infra-keep-probing: yes
  msg-cache-size: 4m
  rrset-cache-size: 8m
  cache-max-negative-ttl: 1
${settings.join('\n')}
  # Beyond the zone it knows nothing; Unbound itself would refuse ".test" and the private networks.
  local-zone: "." refuse
  local-zone: "${zone}." transparent
remote-control:
  control-enable: yes
  control-interface: "${PATHS.control}"
  control-use-cert: no
stub-zone:
  name: "${zone}."
  stub-addr: ${authority.host}@${authority.port}
  stub-no-cache: no
`.trimStart()
}
