/** The platform of the container stack (`contracts/platform.ts`): what is taken away is really taken, from containers, networks, volumes and servers of the run itself. */
import type { StackPlatform } from '../../../contracts/platform.ts'
import type { AddressPlan } from '../addresses.ts'
import type { Identity } from '../certificates.ts'
import { certificates } from './certificates.ts'
import { disk } from './disk.ts'
import { network } from './network.ts'
import type { Parts } from './parts.ts'
import { processes } from './processes.ts'
import { standby, type StandbyOptions } from './standby.ts'

export function createPlatform(parts: Parts, { plan, identities, ...options }: StandbyOptions & { plan: AddressPlan; identities: ReadonlyMap<string, Identity> }): StackPlatform & { hold: (database: string) => Promise<void> } {
  const running = processes(parts)
  return { parts: parts.names(), ...running, ...network(parts, plan), ...disk(parts, running, options), ...standby(parts, running, options), ...certificates(parts, identities) }
}
