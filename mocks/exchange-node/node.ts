/**
 * A data-exchange node: stores a message, delivers it at the recipient's address (`addresses`) or waits until he fetches it, and carries his
 * acknowledgement back. In order: for one pair of sender and recipient nothing is delivered before what came earlier is delivered or given up
 * (`undeliverable` after so many attempts). Once: the same message id with the same content again changes nothing. Bounded: `maxQueue` for a recipient.
 */
import type { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { MESSAGE_STATES, type acknowledge, type Delivered, type MessageState } from '../../contracts/partner-api/roles/exchange-node.ts'
import { SENDER_HEADER } from '../../contracts/partner-api/roles/specialised.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { createCallbacks } from '../delivery/callbacks.ts'
import type { OutboxOptions } from '../delivery/outbox.ts'
import { openAgent, post } from '../delivery/post.ts'
import { speechOf } from '../delivery/speech.ts'
import type { World } from '../world.ts'
import { deliveredOf, stateOf, type HeldMessage, type Submission } from './held-message.ts'
import { createLane, type Lane } from './lane.ts'

export type NodeOptions = {
  world: World; retry?: OutboxOptions | undefined
  /** Where a party takes messages, by its id; one without an address fetches them. */
  addresses?: Readonly<Record<string, string>> | undefined
  maxAttempts?: number; maxQueue?: number
}
export type SendRefused = 'RECIPIENT_UNKNOWN' | 'MESSAGE_ID_TAKEN' | 'QUEUE_FULL'
export type AcknowledgeRefused = 'MESSAGE_UNKNOWN' | 'NOT_DELIVERED' | 'ALREADY_ACKNOWLEDGED'
export type ExchangeNode = ReturnType<typeof createExchangeNode>

const TIMEOUT_MS = 5_000
const MAX_PAIRS = 100_000
const PARTIES: ReadonlySet<string> = new Set(['portal', ...PARTNERS.map(({ id }) => id)])

export function createExchangeNode({ world, retry, addresses = {}, maxAttempts = 20, maxQueue = 10_000 }: NodeOptions) {
  const messages = new Map<string, HeldMessage>()
  const memory = world.memoryOf('exchange-node')
  /** Of messages that are forgotten, by recipient: counts stay right. */
  const past = new Map<string, Record<MessageState['state'], number>>()
  const kept = memory.keep<HeldMessage>({
    isFinished: ({ state }) => hasEnded(state),
    forget: (forgotten) => {
      for (const held of forgotten) {
        const { messageId, to } = held.message
        messages.delete(messageId)
        leaveQueue(held)
        past.set(to, counted([held], past.get(to)))
      }
    },
  })
  const toParty = new Map<string, HeldMessage[]>()
  const lanes = new Map<string, Lane>()
  const sequences = new Map<string, number>()
  const outbox = { after: world.after, ...retry }
  const [sender, key, wire] = [{ [SENDER_HEADER]: 'exchange-node' }, world.keyOf('exchange-node'), world.wireOf('exchange-node')]
  const callbacks = createCallbacks({ sender, key, wire, outbox })
  const agent = openAgent()
  const speech = speechOf(wire)
  const isParty = (id: string) => PARTIES.has(id) || id in addresses

  function leaveQueue(held: HeldMessage): void {
    const queue = toParty.get(held.message.to)!
    const at = queue.indexOf(held)
    if (at >= 0) queue.splice(at, 1)
  }

  function set(held: HeldMessage, state: MessageState['state'], reason: string | null = null): void {
    Object.assign(held, { state, reason, at: Math.round(world.scenarioNow()) })
    if (!hasEnded(state)) return
    leaveQueue(held)
    const { ackUrl, messageId, reference } = held.message
    if (ackUrl === undefined) return
    const body = stateOf(held)
    callbacks.send('acknowledged', { url: ackUrl, subject: reference, fields: { messageId }, body: () => body })
  }

  async function deliver(address: string, subject: string, body: unknown): Promise<boolean> {
    const { destination, text, contentType } = speech.toCaller('deliver', address, body)
    const headers = { ...speech.headers(key, text, sender, subject), ...(contentType && { 'content-type': contentType }) }
    return (await post(agent, destination, text, headers, TIMEOUT_MS)).status < 300
  }

  /** Of senders without end, whose names nobody knows. */
  function forgetPair(pair: string): void {
    sequences.delete(pair)
    const lane = lanes.get(pair)
    if (lane?.pending() === 0) { lane.close(); lanes.delete(pair) }
  }

  /** One lane for each pair: its order is kept, and no other pair waits for it. */
  function laneOf(pair: string, address: string): Lane {
    const lane = lanes.get(pair) ?? createLane({ deliver: (subject, body) => deliver(address, subject, body), maxAttempts, outbox, set })
    lanes.set(pair, lane)
    return lane
  }

  return {
    messages: messages as ReadonlyMap<string, HeldMessage>,
    isParty,

    send(message: Submission): { created: boolean; held: HeldMessage } | SendRefused {
      const { messageId, from, to } = message
      const known = messages.get(messageId)
      if (known) return canonicalJson(known.message) === canonicalJson(message) ? { created: false, held: known } : 'MESSAGE_ID_TAKEN'
      if (!isParty(to)) return 'RECIPIENT_UNKNOWN'
      const queue = toParty.get(to) ?? []
      if (queue.length >= maxQueue) return 'QUEUE_FULL'
      const pair = JSON.stringify([from, to])
      const sequence = (sequences.get(pair) ?? 0) + 1
      sequences.set(pair, sequence)
      if (sequences.size > MAX_PAIRS) forgetPair(sequences.keys().next().value!)
      const held: HeldMessage = { message, sequence, state: 'queued', attempts: 0, reason: null, at: Math.round(world.scenarioNow()), storedAt: world.wallNow() }
      messages.set(messageId, held)
      kept.add(held)
      toParty.set(to, queue)
      queue.push(held)
      const address = addresses[to]
      if (address !== undefined) laneOf(pair, address).add(held)
      return { created: true, held }
    },

    /** What is not acknowledged yet, in the order in which it came. */
    fetch(party: string, max: number): Delivered[] {
      const taken = (toParty.get(party) ?? []).slice(0, max)
      for (const held of taken) {
        held.attempts += 1
        if (held.state === 'queued') set(held, 'delivered')
      }
      return taken.map(deliveredOf)
    },

    acknowledge({ messageId, party, result, reason }: z.infer<typeof acknowledge.request>): HeldMessage | AcknowledgeRefused {
      const held = messages.get(messageId)
      if (!held || held.message.to !== party) return 'MESSAGE_UNKNOWN'
      // Whoever is being delivered to may acknowledge before his answer is here.
      if ((held.state === 'queued' && held.attempts === 0) || held.state === 'undeliverable') return 'NOT_DELIVERED'
      if (held.state !== 'delivered' && held.state !== 'queued') return held.state === result && held.reason === (reason || null) ? held : 'ALREADY_ACKNOWLEDGED'
      set(held, result, reason || null)
      return held
    },

    queue(party: string): { party: string; total: number } & Record<MessageState['state'], number> {
      const counts = counted([...messages.values()].filter(({ message }) => message.to === party), past.get(party))
      return { party, total: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts }
    },

    forgotten: memory.forgotten,
    evidence(): EvidenceRow[] {
      memory.requireWhole()
      const seenAt = world.wallNow()
      return Array.from(messages.values(), ({ message, sequence, state, attempts, storedAt }) => ({
        key: `message/${message.messageId}`, op: message.reference, status: state, seenAt, sourceAt: storedAt, fields: { from: message.from, to: message.to, kind: message.kind, sequence, attempts },
      }))
    },

    /** Also what nobody has fetched: it was taken over and not handed on. */
    pending: () => callbacks.pending() + [...lanes.values()].reduce((sum, lane) => sum + lane.pending(), 0)
      + [...toParty].reduce((sum, [party, queue]) => sum + (party in addresses ? 0 : queue.filter(({ state }) => state === 'queued').length), 0),
    async close(): Promise<void> {
      for (const lane of lanes.values()) lane.close()
      await Promise.all([callbacks.close(), agent.destroy()])
    },
  }
}

function hasEnded(state: MessageState['state']): boolean { return state === 'accepted' || state === 'rejected' || state === 'undeliverable' }

function counted(held: readonly HeldMessage[], before?: Record<MessageState['state'], number>): Record<MessageState['state'], number> {
  const counts = { ...Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<MessageState['state'], number>, ...before }
  for (const { state } of held) counts[state] += 1
  return counts
}
