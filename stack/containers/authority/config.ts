/** What the authority's agent is told, as JSON, and what Knot is told of it. TTLs are nominal (scenario seconds); what goes out is in real ones. */
import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { wireTtlS } from '../dns-wire-ttl.ts'
import { DomainName } from '../resolver/config.ts'

const Address = z.string().refine(isIPv4, 'an IPv4 address')
export const TtlS = z.int().min(0).max(604_800)

export const AuthorityAgentConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  port: z.int().min(1).max(65_535).default(53),
  zone: z.strictObject({
    origin: DomainName,
    nameserver: z.strictObject({ name: DomainName, address: Address }),
    hosts: z.array(z.strictObject({ name: DomainName, address: Address, ttlS: TtlS })),
  }),
  timeScale: z.number().positive(),
})
export type AuthorityAgentConfig = z.infer<typeof AuthorityAgentConfig>

/** The zone as it is: survives a restart of the container beside Knot's own journal. */
export const ZoneState = z.strictObject({ v: z.literal(1), serial: z.int(), timeScale: z.number().positive(), hosts: z.array(z.strictObject({ name: DomainName, address: Address, ttlS: TtlS })) })
export type ZoneState = z.infer<typeof ZoneState>

const STORAGE = '/var/lib/knot'
export const PATHS = { run: '/run/tongduyet-knot', socket: '/run/tongduyet-knot/knot.sock', config: '/etc/knot/tongduyet.conf', storage: STORAGE, zoneFile: `${STORAGE}/portal.zone`, state: `${STORAGE}/state.json` } as const

export const FIRST_SERIAL = 2026_04_10_01
/** Nothing of the zone's own moves during a night; a name that is not there is forgotten within a second. */
const NAMESERVER_TTL_S = 86_400
const NEGATIVE_TTL_S = 1

export function knotConfig({ port, zone }: AuthorityAgentConfig): string {
  return `
server:
  rundir: "${PATHS.run}"
  user: knot:knot
  listen: 0.0.0.0@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "${PATHS.storage}"
control:
  listen: "${PATHS.socket}"
log:
  - target: stderr
    any: warning
template:
  - id: default
    global-module: mod-stats
    storage: "${PATHS.storage}"
    serial-policy: increment
    # The file is what the zone began with; what came later is in the journal and in the agent's state.
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
  - domain: ${zone.origin}.
    file: "${PATHS.zoneFile}"
`.trimStart()
}

export function zoneFile({ zone: { origin, nameserver } }: AuthorityAgentConfig, { serial, timeScale, hosts }: ZoneState): string {
  return [
    `$ORIGIN ${origin}.`,
    `@ ${NEGATIVE_TTL_S} SOA ${nameserver.name}. hostmaster.${origin}. ${serial} 900 300 604800 ${NEGATIVE_TTL_S}`,
    `@ ${NAMESERVER_TTL_S} NS ${nameserver.name}.`,
    `${nameserver.name}. ${NAMESERVER_TTL_S} A ${nameserver.address}`,
    ...hosts.map(({ name, address, ttlS }) => `${name}. ${wireTtlS(ttlS, timeScale)} A ${address}`),
    '',
  ].join('\n')
}
