/**
 * Specialised systems, the post, the call centre and a data-exchange node as msw handlers, for tests of systems that work with them: one of its own for
 * each call, its callbacks signed with the key given. `sharedKeys`: of whoever signs what it takes (`portal` and partners at the node, `tax` at land).
 */
import type { HttpHandler } from 'msw'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { callCentreSimulator } from '../call-centre/simulator.ts'
import { civilStatusSimulator } from '../civil-status/simulator.ts'
import { exchangeNodeSimulator } from '../exchange-node/simulator.ts'
import { landSimulator } from '../land/simulator.ts'
import { postSimulator } from '../post/simulator.ts'
import { toMswHandlers } from '../server/msw.ts'
import type { Simulator } from '../simulator.ts'
import { taxSimulator } from '../tax/simulator.ts'
import { createWorld, type World } from '../world.ts'

export type SpecialisedHandlersOptions = {
  key: string; sharedKeys?: Readonly<Record<string, string>>; scenarioStartMs?: number; contractProfile?: ContractProfile
  /** Of land: where it asks tax. */
  taxUrl?: string
  /** Of a node: where parties take messages. */
  addresses?: Readonly<Record<string, string>>
}

const MAKERS: Readonly<Record<string, (world: World, baseUrl: string, options: SpecialisedHandlersOptions) => Simulator>> = {
  'call-centre': (world) => callCentreSimulator({ world }),
  'civil-status': (world) => civilStatusSimulator({ world }),
  'exchange-node': (world, _baseUrl, { addresses }) => exchangeNodeSimulator({ world, addresses }),
  'land': (world, ownUrl, { taxUrl }) => landSimulator({ world, ownUrl, taxUrl }),
  'post': (world) => postSimulator({ world }),
  'tax': (world) => taxSimulator({ world }),
}

export function specialisedHandlers(id: string, baseUrl: string, options: SpecialisedHandlersOptions): HttpHandler[] {
  const make = MAKERS[id]
  if (!make) throw new Error(`no specialised system "${id}": use one of ${Object.keys(MAKERS).join(', ')}`)
  const world = createWorld({ seed: 1, scenarioStartMs: options.scenarioStartMs ?? Date.now(), keys: { ...options.sharedKeys, [id]: options.key }, magic: true, contractProfile: options.contractProfile })
  return toMswHandlers(make(world, baseUrl, options).endpoint, baseUrl)
}
