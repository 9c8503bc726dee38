/**
 * The telecom's SMS brandname gateway: accepts a message, delivers it a little later (a seeded draw per message, wall clock), and reports that
 * to the sender until the report is taken. The same message id again changes nothing. `delivered` means at the handset, reported or not.
 */
import type { SmsReceipt } from '../../contracts/api/inside.ts'
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import { destinationOf, headerValue, openAgent, post, signatureOf } from '../delivery/post.ts'
import { draw } from '../server/draw.ts'
import type { World } from '../world.ts'

export type SmsGatewayOptions = { world: World; retry?: OutboxOptions; /** Wall ms from acceptance to delivery, least and most. */ deliveryMs?: readonly [number, number] }
export type Message = { messageId: string; phone: string; text: string; reference: string; receiptUrl: string }
export type HeldMessage = { gatewayId: string; messageId: string; reference: string; phone: string; status: 'accepted' | 'delivered'; acceptedAt: number }

const RECEIPT_TIMEOUT_MS = 5_000

export type SmsGateway = ReturnType<typeof createSmsGateway>

export function createSmsGateway({ world, retry, deliveryMs: [least, most] = [5, 300] }: SmsGatewayOptions) {
  const messages = new Map<string, HeldMessage>()
  const outbox = createOutbox(retry)
  const agent = openAgent()
  const key = world.keyOf('sms')

  function deliver(held: HeldMessage, receiptUrl: string): void {
    const receipt = destinationOf(receiptUrl)
    let body = ''
    outbox.add(async () => {
      if (held.status === 'accepted') {
        held.status = 'delivered'
        body = JSON.stringify({ messageId: held.messageId, gatewayId: held.gatewayId, status: 'delivered', at: Math.round(world.scenarioNow()) } satisfies SmsReceipt)
      }
      const headers = { 'x-gateway': 'sms', 'x-signature': signatureOf(key, body), 'x-op': headerValue(held.reference) }
      return (await post(agent, receipt, body, headers, RECEIPT_TIMEOUT_MS)).status < 300
    }, least + draw(world.seed, 'sms', held.messageId) * (most - least))
  }

  return {
    messages,
    accept(message: Message): HeldMessage {
      const known = messages.get(message.messageId)
      if (known) return known
      const held: HeldMessage = {
        gatewayId: `SMS${String(messages.size + 1).padStart(9, '0')}`, messageId: message.messageId, reference: message.reference,
        phone: message.phone, status: 'accepted', acceptedAt: world.wallNow(),
      }
      messages.set(held.messageId, held)
      deliver(held, message.receiptUrl)
      return held
    },
    pending: outbox.pending,
    async close(): Promise<void> {
      outbox.close()
      await agent.destroy()
    },
  }
}
