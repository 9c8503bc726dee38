/** What an edge's agent is told, as JSON. Everything that is written into a configuration of nginx or ModSecurity is held to a narrow form here. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { WafTuning } from '../../../contracts/api/admin.ts'

const Address = z.string().refine((text) => isIP(text) === 4, 'an IPv4 address')

const pem = (what: string) => z.string().regex(new RegExp(`^-----BEGIN ${what}-----\\n[A-Za-z0-9+/=\\n]+-----END ${what}-----\\n$`), `a PEM text of a ${what.toLowerCase()}`)

/** Where partners come to, and what they are shown first. */
export const TlsConfig = z.strictObject({ port: z.int().min(1).max(65_535).default(8443), certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY') })
export type TlsConfig = z.infer<typeof TlsConfig>

export const EdgeAgentConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  port: z.int().min(1).max(65_535).default(8080),
  /** Base URL of the portal behind it; an address, because nginx would resolve a name only once. */
  upstream: z.string().regex(/^http:\/\/\d+\.\d+\.\d+\.\d+:\d+$/, 'http://ADDRESS:PORT'),
  /** Peer address → where its requests come from. */
  origins: z.record(Address, z.strictObject({ region: z.string().nullable(), partner: z.string().nullable() })),
  upstreamTimeoutMs: z.int().min(1).default(30_000),
  workers: z.int().min(1).max(16).default(2),
  /** Without it this edge speaks no TLS. */
  tls: TlsConfig.optional(),
  tuning: WafTuning.prefault(() => DEFAULT_TUNING),
})
export type EdgeAgentConfig = z.infer<typeof EdgeAgentConfig>

/** Random text of 32 bytes and more in base64url now and then looks like a number and an SQL comment (942100): 2 of 789 logins of a night. */
const RANDOM_TEXTS = [
  { pathPrefix: '/', target: 'REQUEST_COOKIES:sid' }, { pathPrefix: '/', target: 'REQUEST_COOKIES:login_state' },
  { pathPrefix: '/auth/callback', target: 'ARGS:code' }, { pathPrefix: '/auth/callback', target: 'ARGS:state' },
]
/**
 * With it the ordinary calls of a portal pass and the standard set of attacks does not (`edge.container.test.ts`): level 1, at which of a night's calls two
 * kinds alone are taken for an attack, VNeID's way back with its own address in `iss`, and random texts.
 */
export const DEFAULT_TUNING: WafTuning = {
  paranoia: 1, strict: null,
  exclusions: [{ ruleId: '931100', pathPrefix: '/auth/callback', target: 'ARGS:iss' }, ...RANDOM_TEXTS.map((place) => ({ ruleId: '942100', ...place }))],
}
