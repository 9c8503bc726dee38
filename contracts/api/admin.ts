/**
 * The administration interface of every process of the reference stack and of every simulated partner, at `TargetSystem.admin` (a base URL,
 * possibly with a path). Never reachable through an edge or a gateway. All bodies JSON unless said.
 *
 *   GET  /ready                → 200 {system}   only when the system serves; until then 503
 *   GET  /evidence?mode=final  → 200 NDJSON: EvidenceRow lines from ONE snapshot, last line `{"end":{"rows":N}}`; a body without it is incomplete
 *   GET  /pending              → 200 {pending}  items acknowledged but not yet delivered onward (outboxes, receipts, callbacks); 0 = drained
 *   GET  /stats                → 200 Stats
 *   POST /control              → 200 {…}        body one of Control; 400 for an unknown action
 */
import { z } from 'zod'
import { Behaviour } from './behaviour.ts'

export const Stats = z.object({
  system: z.string(), pid: z.int(),
  /** Where the process runs: in containers every one of them has the same pid. */
  host: z.string().optional(),
  /** CPU time of the process since its start, ms; event-loop delay since the last call, p99 in ms. */
  cpuMs: z.number(), eventLoopDelayMsP99: z.number(), rssBytes: z.int(),
  /** Business requests answered since the start. */
  served: z.int(),
  /** Business requests that a `limit` refused or made to wait; absent where the system knows no limit. */
  limited: z.int().optional(),
  /** Records that a simulated partner had to forget since the start; absent where it has none to forget. */
  forgotten: z.int().optional(),
})
export type Stats = z.infer<typeof Stats>

export { Behaviour, Latency } from './behaviour.ts'

export const WafRule = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Where it looks. */
  target: z.enum(['path', 'query', 'body', 'headers']),
  /** JavaScript regular expression, flag `iu`. */
  pattern: z.string(),
  action: z.enum(['block', 'log']),
  /** Only requests whose path begins so. */
  pathPrefix: z.string().optional(),
})
export type WafRule = z.infer<typeof WafRule>

const Paranoia = z.int().min(1).max(4)
const PathPrefix = z.string().max(200).regex(/^\/[\w./-]*$/, 'a path of letters, digits and . _ - /')

/** A rule that is not applied to requests whose path begins so. */
export const WafExclusion = z.strictObject({
  ruleId: z.string().regex(/^[\w.-]+$/),
  pathPrefix: PathPrefix,
  /** ModSecurity: only this variable is left out, the rule stays for the rest (`ARGS:json.note`). */
  target: z.string().max(100).regex(/^[A-Z_]+(?::[\w.-]+)?$/, 'a variable, as ARGS:json.note').optional(),
})
export type WafExclusion = z.infer<typeof WafExclusion>

/** How strict an edge's firewall is, by the paranoia levels of the OWASP core rule set. `strict`: under that path, for these partners or for everybody, another level. */
export const WafTuning = z.strictObject({
  paranoia: Paranoia,
  exclusions: z.array(WafExclusion).max(500),
  strict: z.strictObject({ paranoia: Paranoia, pathPrefix: PathPrefix, partners: z.array(z.string()).min(1).optional() }).nullable(),
})
export type WafTuning = z.infer<typeof WafTuning>

export const WAF_ENGINES = ['reference', 'modsecurity'] as const
export type WafEngine = (typeof WAF_ENGINES)[number]

export const Control = z.discriminatedUnion('action', [
  /** Every process: the run has begun; before this the scenario clock stands at its start. */
  z.strictObject({ action: z.literal('clock'), startedAtMs: z.number(), timeScale: z.number(), scenarioStartMs: z.number() }),
  /** simulators that vendors work against: both clocks go on by so much at once, and what became due on the way happens → {scenarioNowMs} */
  z.strictObject({ action: z.literal('clock.advance'), ms: z.number().min(0) }),
  /** The same, to a moment of the scenario clock that lies ahead (epoch ms) → {scenarioNowMs} */
  z.strictObject({ action: z.literal('clock.set'), scenarioMs: z.number() }),
  /** portal: closed answers 503 to the public and to sync. legacy: frozen refuses submissions (503 PORTAL_FROZEN) and lets reads, bank callbacks and partners' statuses through. */
  z.strictObject({ action: z.literal('mode'), mode: z.enum(['closed', 'open', 'frozen']) }),
  /** dns-authority: sets A records and TTL (seconds, scenario clock) of a name; the serial grows. */
  z.strictObject({ action: z.literal('zone.set'), name: z.string(), address: z.string().optional(), ttlS: z.number().optional() }),
  /** dns-authority: what it serves now → {name, address, ttlS, serial}; `wireTtlS` too where the TTL that goes out is not the nominal one (containers: real seconds). */
  z.strictObject({ action: z.literal('zone.get'), name: z.string() }),
  /** resolver: keep answering this address whatever the authority says, until released (address absent). */
  z.strictObject({ action: z.literal('resolver.pin'), name: z.string(), address: z.string().optional() }),
  /** resolver: forgets every answer it holds, as one that was restarted → {} */
  z.strictObject({ action: z.literal('resolver.flush') }),
  /** resolver: holds this address of a name for so long (scenario clock), as one that was restarted with an old cache; a flush or the end of its TTL takes it away → {name, address, ttlS} */
  z.strictObject({ action: z.literal('resolver.stale'), name: z.string(), address: z.ipv4(), ttlS: z.number().min(1).max(604_800) }),
  /** edge with the reference engine: replaces the rules file and loads it; ModSecurity refuses it, because its rules are no JavaScript patterns. */
  z.strictObject({ action: z.literal('waf.set'), rules: z.array(WafRule) }),
  /** edge → {engine, paranoia, exclusions, strict, blocked: {all, sync}}; `rules` with the reference engine, whose paranoia is null. `blocked`: requests so far. */
  z.strictObject({ action: z.literal('waf.get') }),
  /** edge: what is given replaces what was in force, what is left out stays → as waf.get. The reference engine knows exclusions of whole rules alone. */
  z.strictObject({ action: z.literal('waf.tune'), ...WafTuning.partial().shape }),
  /** edge: answer `Connection: close` to every request from now on, so that kept-alive clients resolve anew. */
  z.strictObject({ action: z.literal('connections.close'), close: z.boolean() }),
  /** edge that speaks TLS: shows this certificate (PEM, for the key that it has) from now on, and ends the connections that were made under another → {validTo}, ISO 8601 */
  z.strictObject({ action: z.literal('certificate.set'), certificate: z.string() }),
  /** catalogue: publishes the procedures to the portal → {published}. */
  z.strictObject({ action: z.literal('publish') }),
  z.strictObject({ action: z.literal('unpublish') }),
  /** partner: connected partners push at once; others keep dossiers in their own system. */
  z.strictObject({ action: z.literal('connect'), connected: z.boolean() }),
  /** a service: from now on it works off so many business requests a second; others wait up to queueMs, beyond that 503 OVERLOADED. No rate: as fast as it can. → {limited} */
  z.strictObject({ action: z.literal('limit'), requestsPerSecond: z.number().positive().optional(), queueMs: z.number().min(0).default(0) }),
  /** vneid: from now on a new key signs; the old one stays at jwks for the profile's grace (scenario clock) → {kid, published} */
  z.strictObject({ action: z.literal('keys.rotate') }),
  /** vneid: ends every session of a person, as if ended in the app; clients are told by back-channel logout → {ended} */
  z.strictObject({ action: z.literal('sessions.end'), personId: z.string() }),
  /** bank, gateway, treasury: whether payers can choose a bank there from now on → {banks} */
  z.strictObject({ action: z.literal('bank.available'), bankCode: z.string(), available: z.boolean() }),
  z.strictObject({ action: z.literal('behave'), behaviours: z.array(Behaviour) }),
])
export type Control = z.infer<typeof Control>
