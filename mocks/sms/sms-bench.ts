/** One SMS gateway over real sockets, with whoever takes its receipts beside it. For tests. */
import type { Behaviour } from '../../contracts/api/admin.ts'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import type { Simulator } from '../simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { SMS_GATEWAYS, smsSimulator } from './simulator.ts'

export const SMS_KEY = 'the key of the gateway'
export const START = Date.parse('2026-04-10T21:00:00+07:00')

export type SmsBench = {
  receiver: Receiver
  served: Served
  simulator: Simulator
  /** Message `m-<n>`, reference `op-<n>`. */
  send: (n: number, changes?: object) => Promise<JsonAnswer>
  state: (n: number) => Promise<JsonAnswer>
  /** Behaviours on the receipts of what is delivered from now on. */
  onReceipts: (behaviour: Partial<Behaviour> | undefined) => void
  receipts: () => any[]
  /** Moves both clocks on, and what falls due on the way happens. */
  advance: (ms: number) => void
  /** Waits, by the events of the loop, until nothing is owed any more. */
  drained: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

export async function openGateway(id = 'sms', { treat = () => ({ status: 200 }), deliveryMs = [0, 0] }: { treat?: (nth: number) => Treatment; deliveryMs?: [number, number] } = {}): Promise<SmsBench> {
  const row = SMS_GATEWAYS.find((gateway) => gateway.id === id)!
  const receiver = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { [id]: SMS_KEY }, movable: true, wallNow: () => START })
  let simulator: Simulator | undefined
  const served = await serveSimulator(() => simulator = smsSimulator({ world, row, deliveryMs, retry: { firstRetryMs: 1, capMs: 5 } }))
  return {
    receiver, served, simulator: simulator!,
    send: (n, changes = {}) => served.post('/v1/messages', {
      messageId: `m-${n}`, phone: '0990004217', text: 'Ho so da duoc tiep nhan', reference: `op-${n}`, receiptUrl: `${receiver.url}/callbacks/v1/receipts`, ...changes,
    }),
    state: (n) => served.get(`/v1/messages/m-${n}`),
    onReceipts: (behaviour) => simulator!.endpoint.behave(behaviour ? [{ route: 'receipt', share: 1, seed: 1, ...behaviour }] : []),
    receipts: () => receiver.received.map(({ body }) => JSON.parse(body)),
    advance: (ms) => world.advance!(ms),
    async drained() { while (simulator!.pending() > 0) await new Promise(setImmediate) },
    async [Symbol.asyncDispose]() { await served.close(); await receiver.close() },
  }
}
