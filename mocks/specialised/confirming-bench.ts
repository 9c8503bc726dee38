/** A specialised system served on a real socket with a receiver of its confirmations. For tests. */
import type { Confirmation } from '../../contracts/partner-api/roles/dossier-system/results.ts'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import type { Simulator } from '../simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import type { World } from '../world.ts'
import type { OrdersOptions } from './orders.ts'

export const START = Date.parse('2026-04-10T21:00:00+07:00')
export const DOSSIER = 'H01-260410-500001'

export type Bench = Served & {
  receiver: Receiver
  simulator: Simulator
  world: World
  confirmations: () => Confirmation[]
  drained: () => Promise<void>
}

export function benchWorld({ movable = false } = {}): World {
  return testWorld({ seed: 7, movable, scenarioStartMs: START, keys: Object.fromEntries(['civil-status', 'land', 'tax', 'post', 'call-centre', 'exchange-node', 'justice', 'health', 'portal'].map((id) => [id, `key of ${id}`])) })
}

export async function startBench(make: (options: OrdersOptions, url: string) => Simulator, { treat = () => ({ status: 200 }), movable = false, ...options }: { treat?: (nth: number) => Treatment; movable?: boolean; stepMs?: readonly [number, number] } = {}): Promise<Bench> {
  const receiver = await startReceiver(treat)
  const world = benchWorld({ movable })
  let simulator!: Simulator
  const served = await serveSimulator((url) => simulator = make({ world, stepMs: [0, 3], retry: { firstRetryMs: 1, capMs: 5 }, ...options }, url))
  return {
    ...served, receiver, simulator, world,
    confirmations: () => receiver.received.map(({ body }) => JSON.parse(body) as Confirmation),
    drained: async () => { while (simulator.pending() > 0) await new Promise(setImmediate) },
    close: async () => { await served.close(); await receiver.close() },
  }
}

/** `200`, or `409 REFERENCE_TAKEN`. */
export function codeOf({ status, body }: JsonAnswer): string { return body?.error ? `${status} ${body.error.code}` : String(status) }
