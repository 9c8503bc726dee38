/**
 * A telecom's SMS brandname gateway: accepts a message, delivers it a little later (a seeded draw per message, wall clock), and reports that to the
 * sender until the report is taken. The same message id again changes nothing. `delivered` means at the handset, reported or not. A message fails where
 * its brandname is blocked, or where a behaviour on the call `receipt` names the reason; sending is refused by the gateway's row of data.
 */
import type { SmsReceipt } from '../../contracts/api/inside.ts'
import type { SmsMessage } from '../../contracts/partner-api/roles/sms.ts'
import { SMS_FAILURES, SMS_GATEWAYS, type SmsFailure, type SmsGatewayRow } from '../../contracts/reference/sms-gateways.ts'
import { draw } from '../behaviour/draw.ts'
import { createCallbacks } from '../delivery/callbacks.ts'
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import { segmentsOf, type Segmented } from './segments.ts'
import { compileTemplates } from './templates.ts'

export type SmsGatewayOptions = {
  world: World; row?: SmsGatewayRow | undefined; retry?: OutboxOptions
  /** Wall ms from acceptance to delivery, least and most. */
  deliveryMs?: readonly [number, number]
}
export type HeldMessage = Segmented & {
  gatewayId: string; messageId: string; reference: string; phone: string; text: string; brandname: string
  status: 'accepted' | 'delivered' | 'failed'; failure?: SmsFailure
  /** When it was accepted on the wall clock, and when its status was set on the scenario clock. */
  acceptedAt: number; statusAt: number
}
export type SendRefused = { refused: 'MESSAGE_EXISTS' | 'BRANDNAME_UNKNOWN' | 'TEMPLATE_UNKNOWN' | 'TEMPLATE_MISMATCH' | 'TEXT_TOO_LONG'; detail: string }

export type SmsGateway = ReturnType<typeof createSmsGateway>

export function createSmsGateway({ world, row = SMS_GATEWAYS[0]!, retry, deliveryMs: [least, most] = [5, 300] }: SmsGatewayOptions) {
  const messages = new Map<string, HeldMessage>()
  const memory = world.memoryOf(row.id)
  const kept = memory.keep<HeldMessage>({ isFinished: ({ status }) => status !== 'accepted', forget: (forgotten) => { for (const { messageId } of forgotten) messages.delete(messageId) } })
  let accepted = 0
  const templates = compileTemplates(row.templates)
  const brandnames = new Map(row.brandnames.map(({ name, state }) => [name, state]))
  const onTheAir = createOutbox({ ...retry, plan: undefined, concurrency: Infinity })
  const callbacks = createCallbacks({ sender: { 'x-gateway': row.id }, key: world.keyOf(row.id), wire: world.wireOf('sms'), outbox: retry })
  const scenarioNow = (): number => Math.round(world.scenarioNow())

  function textOf({ text, template }: SmsMessage, brandname: string): { text: string } | SendRefused {
    if (template) return templates.fill(template.id, template.parameters, brandname)
    if (row.templatesDemanded && !templates.fits(text!, brandname)) return { refused: 'TEMPLATE_MISMATCH', detail: 'the text is of no template' }
    return { text: text! }
  }

  /** The receipt's plan says what becomes of the message too: who cannot be reached has not got it. */
  function deliver(held: HeldMessage, receiptUrl: string): void {
    const { messageId, reference, phone } = held
    const plan = callbacks.send('receipt', { url: receiptUrl, subject: reference, fields: { phone, messageId }, body: () => receiptOf(row, held) })
    const failure = plan?.outcome === undefined ? brandnames.get(held.brandname) === 'blocked' ? 'blocked-brandname' : undefined : failureOf(plan.outcome)
    Object.assign(held, failure === undefined ? { status: 'delivered' } : { status: 'failed', failure }, { statusAt: scenarioNow() })
  }

  return {
    row,
    messages,
    memory,
    accept(message: SmsMessage): HeldMessage | SendRefused {
      const { messageId, phone, reference, brandname = row.brandnames[0]!.name } = message
      if (!brandnames.has(brandname)) return { refused: 'BRANDNAME_UNKNOWN', detail: brandname }
      const written = textOf(message, brandname)
      if ('refused' in written) return written
      const known = messages.get(messageId)
      if (known) {
        const same = known.phone === phone && known.text === written.text && known.reference === reference && known.brandname === brandname
        return same ? known : { refused: 'MESSAGE_EXISTS', detail: messageId }
      }
      const { encoding, segments } = segmentsOf(written.text)
      if (segments > row.maxSegments) return { refused: 'TEXT_TOO_LONG', detail: `${segments} segments, at most ${row.maxSegments}` }
      const held: HeldMessage = {
        gatewayId: `SMS${String(accepted += 1).padStart(9, '0')}`, messageId, reference, phone, text: written.text, brandname, encoding, segments,
        status: 'accepted', acceptedAt: world.wallNow(), statusAt: scenarioNow(),
      }
      messages.set(messageId, held)
      kept.add(held)
      onTheAir.add(async () => { deliver(held, message.receiptUrl); return true }, least + draw(world.seed, 'sms', messageId) * (most - least))
      return held
    },
    pending: () => onTheAir.pending() + callbacks.pending(),
    async close(): Promise<void> {
      onTheAir.close()
      await callbacks.close()
    },
  }
}

function receiptOf(row: SmsGatewayRow, { messageId, gatewayId, failure, statusAt: at }: HeldMessage): SmsReceipt {
  if (failure !== undefined) return { messageId, gatewayId, status: 'failed', at, reason: failure, code: row.codes[failure].code }
  return { messageId, gatewayId, status: 'delivered', at, ...(row.codeOnDelivery && { code: row.codes.delivered.code }) }
}

/** A behaviour may name any outcome; one that is no reason of an SMS is a failure of the network. */
function failureOf(outcome: string): SmsFailure | undefined {
  if (outcome === 'delivered') return undefined
  return SMS_FAILURES.find((failure) => failure === outcome) ?? 'network-failure'
}
