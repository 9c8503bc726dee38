/**
 * What a receiver in a test hears over the wire, put back into canonical names: path, headers, body. The signature becomes the canonical one only where
 * that of the wire was right, so that a test of it still means what it says.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import type { OutgoingCall } from '../../contracts/partner-api/role.ts'
import { sign } from '../../contracts/partner-api/signature.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import { keyOfSender, spokenWires } from './spoken.ts'

export type Message = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type HeardCall = { canonical: Message; answer: (status: number, body: unknown) => { status: number; body: unknown } }

export function hear(message: Message): HeardCall {
  for (const wire of spokenWires()) {
    const { senderHeader } = wire.role
    const sender = senderHeader && message.headers[wire.header(senderHeader)]
    if (typeof sender !== 'string') continue
    // Several roles may say who they are in the same header; then it says which of them.
    if (wire.role.id !== sender && spokenWires().some(({ role }) => role.id === sender)) continue
    const call = callOf(wire, message)
    if (!call) throw new Error(`${message.method} ${message.path} is no call of ${wire.role.id}: ${message.body}`)
    return { canonical: canonicalOf(wire, call, message, sender), answer: (status, body) => wire.answer(call.operation.name, status, body) }
  }
  return { canonical: message, answer: (status, body) => ({ status, body }) }
}

type Called = { operation: OutgoingCall; value: unknown }

function callOf(wire: RoleWire, { method, path, body }: Message): Called | undefined {
  const found = wire.find(method, path, 'calls')
  for (const operation of wire.role.calls) {
    const spoken = wire.operation(operation.name)
    if (found ? found.name !== operation.name : spoken.path !== '' || spoken.method !== method) continue
    const read = wire.readRequest(operation.name, { fields: found?.fields ?? [], body })
    if ('value' in read && operation.request.safeParse(read.value).success) return { operation, value: read.value }
  }
  return undefined
}

function canonicalOf(wire: RoleWire, { operation, value }: Called, { method, path, headers, body }: Message, sender: string): Message {
  const text = JSON.stringify(value)
  const canonical: IncomingHttpHeaders = { ...headers }
  for (const name of [wire.role.senderHeader!, 'x-op']) canonical[name] = headers[wire.header(name)]
  const key = keyOfSender(sender)
  if (key !== undefined && wire.verify(key, body, (name) => headers[name] as string | undefined, Date.now())) Object.assign(canonical, sign(DEFAULT_SIGNATURE, key, text, 0))
  return { method, path: operation.path === '' ? path : operation.path, headers: canonical, body: text }
}
