/** A data-exchange node as a simulator. */
import { EXCHANGE_NODE } from '../../contracts/partner-api/roles/exchange-node.ts'
import type { Simulator } from '../simulator.ts'
import { simulate } from '../specialised/simulate.ts'
import { createExchangeNode, type NodeOptions } from './node.ts'
import { EXCHANGE_NODE_ROUTES } from './routes.ts'

export function exchangeNodeSimulator(options: NodeOptions): Simulator {
  return simulate({ world: options.world, role: EXCHANGE_NODE, routes: EXCHANGE_NODE_ROUTES }, ({ plan, journal }) => createExchangeNode({ ...options, retry: { ...options.retry, plan, journal } }))
}
