/** What the network process is told: every part with its address. Times of caches are scenario seconds; admin paths are `/<part id>`. */
import { z } from 'zod'
import { TargetRegion } from '../../contracts/target.ts'

const Part = { id: z.string(), host: z.string(), port: z.int() }

export const NetworkConfig = z.strictObject({
  admin: z.strictObject({ host: z.string(), port: z.int() }),
  scenarioStartMs: z.number(),
  portalHost: z.string(),
  /** The port of every portal address that a gateway connects to. */
  portalPort: z.int(),
  dnsAuthority: z.strictObject({ ...Part, zone: z.strictObject({
    origin: z.string(),
    nameserver: z.strictObject({ name: z.string(), address: z.string() }),
    hosts: z.array(z.strictObject({ name: z.string(), address: z.string(), ttlS: z.int() })),
  }) }),
  regions: z.array(z.strictObject({
    id: z.string(),
    resolver: z.strictObject({ ...Part, profile: TargetRegion.shape.resolver.shape.profile }),
    gateway: z.strictObject({ ...Part, localAddress: z.string() }),
  })),
  edges: z.array(z.strictObject({ ...Part, upstream: z.string(), rulesFile: z.string() })),
  /** Peer address → where its requests come from. */
  origins: z.record(z.string(), z.strictObject({ region: z.string().nullable(), partner: z.string().nullable() })),
})
export type NetworkConfig = z.infer<typeof NetworkConfig>
