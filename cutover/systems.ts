/** Finds systems of a target by what they are, not by what they are called: edges by their address, partners and resolvers by their place. */
import type { Target, TargetSystem } from '../contracts/target.ts'

export function hostOf(url: string): string { return new URL(url).hostname.replace(/^\[|\]$/g, '') }

export function byRole(target: Target, role: TargetSystem['role']): TargetSystem {
  const system = target.systems.find((candidate) => candidate.role === role && candidate.mode !== 'absent')
  if (!system) throw new Error(`the target has no system with the role "${role}"`)
  return system
}

/** The edge that stands at the portal's old or new address. */
export function edgeAt(target: Target, which: 'old' | 'new'): TargetSystem {
  const edge = edgeIfAny(target, which)
  if (!edge) throw new Error(`the target has no edge at the portal's ${which} address ${target.addresses[which]}`)
  return edge
}

/** A foreign target need not name its edges. */
export function edgeIfAny(target: Target, which: 'old' | 'new'): TargetSystem | undefined {
  const address = target.addresses[which]
  return target.systems.find((system) => system.role === 'edge' && system.mode !== 'absent' && system.url !== undefined && hostOf(system.url) === address)
}

export function partnerSystemId(partner: string): string { return `partner-${partner}` }
export function resolverSystemId(region: string): string { return `resolver-${region}` }

/** Runbooks call the portal's record `portal`; a full name is taken as it is. */
export function recordName(target: Target, name: string): string { return name === 'portal' ? target.portalHost : name }

/** It has the product's administration interface: it can be asked what is pending, how busy it is, and be given the run's clock. */
export function isAdministered(system: TargetSystem): boolean { return system.admin !== undefined && system.mode !== 'absent' }
