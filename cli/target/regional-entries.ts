/**
 * A target whose regions have no gateway of their own: citizens reach the portal by its name, and who they reach is what their region's resolver says. The load generator
 * knows but its machine's resolver; so each region gets a gateway here, on a port of this machine, and a k6 of its own that finds the portal's name behind it.
 */
import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { WorkerPart } from '../../contracts/plan.ts'
import type { StackGenerators } from '../../contracts/stack.ts'
import type { Target, TargetRegion } from '../../contracts/target.ts'
import { hostOf } from '../../cutover/systems.ts'
import { urlParts } from '../../scenarios/url-parts.ts'
import { launchHere } from '../../scenarios/launch-here.ts'
import type { Child } from '../../stack/embedded/child.ts'
import type { ProcessMessage } from '../../stack/embedded/process.ts'

const ENTRY = fileURLToPath(new URL('../../stack/embedded/process.ts', import.meta.url))
const HERE = '127.0.0.1'
const GATEWAYS_MB = 128

export type StartChild = (name: string, entry: string, message: unknown, maxOldSpaceMb: number) => Promise<Child>

/** Its people resolve the portal's name themselves. */
export function isByName({ portalHost }: Pick<Target, 'portalHost'>, { gateway }: Pick<TargetRegion, 'gateway'>): boolean { return isIP(portalHost) === 0 && hostOf(gateway) === portalHost.toLowerCase() }

export async function withEntries(target: Target, start: StartChild): Promise<Target> {
  const regions = target.regions.filter((region) => isByName(target, region))
  if (regions.length === 0) return target
  const message: ProcessMessage = { kind: 'gateways', gateways: {
    host: HERE, portalHost: target.portalHost, only: target.pinned![target.portalHost]!,
    regions: regions.map(({ id, gateway, resolver }) => ({ id, portalPort: urlParts(gateway)!.port, resolver: { host: target.pinned![resolver.host]?.[0] ?? resolver.host, port: resolver.port } })),
  } }
  const { reply } = await start('gateways', ENTRY, message, GATEWAYS_MB)
  const { ports, adminPort } = reply as { ports: Record<string, number>; adminPort: number }
  return {
    ...target, allow: [...target.allow, HERE],
    regions: target.regions.map((region) => ports[region.id] === undefined ? region : { ...region, entry: { host: HERE, port: ports[region.id]! } }),
    systems: [
      ...target.systems.filter(({ id }) => !regions.some((region) => id === `gateway-${region.id}`)),
      ...regions.map(({ id }) => ({ id: `gateway-${id}`, role: 'gateway' as const, mode: 'simulated' as const, unit: 'infrastructure', admin: `http://${HERE}:${adminPort}/gateway-${id}` })),
    ],
  }
}

/** A k6 for each region, and one for everybody else, beside the harness; undefined where no region needs one. */
export function generatorsByRegion({ regions }: Target): StackGenerators | undefined {
  if (regions.every(({ entry }) => entry === undefined)) return undefined
  const parts: Record<string, WorkerPart> = { ...Object.fromEntries(regions.map(({ id }) => [id, { citizensOf: id }])), others: 'others' }
  return { parts, launchOf: () => launchHere, harnessHost: HERE }
}
