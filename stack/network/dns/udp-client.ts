/**
 * Asks a DNS server over UDP: random id, an answer counts only from the asked address and with the asked question (RFC 5452), sent again
 * after each time-out (wall clock). Rejects with DnsTimeoutError when nobody answers. `limit` bounds what is open at a time.
 */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import dnsPacket, { type DecodedPacket, type Question } from 'dns-packet'
import { canonicalName } from './message.ts'
import { bind, closeSocket } from './udp-server.ts'

export type DnsServerAddress = { host: string; port: number }
export type DnsClient = { ask: (server: DnsServerAddress, question: Question) => Promise<DecodedPacket>; close: () => Promise<void> }

export class DnsTimeoutError extends Error {
  override readonly name = 'DnsTimeoutError'
}

type Pending = { server: DnsServerAddress; question: Question; settle: (packet: DecodedPacket) => void; fail: (error: Error) => void }

export async function createDnsClient(options: { localAddress: string; recursionDesired?: boolean; timeoutMs?: number; attempts?: number; limit?: number }): Promise<DnsClient> {
  const { timeoutMs = 400, attempts = 3, limit = 1_000 } = options
  const socket = createSocket(options.localAddress.includes(':') ? 'udp6' : 'udp4')
  const pending = new Map<number, Pending>()
  let closed = false
  socket.on('message', (bytes, peer) => {
    let packet: DecodedPacket
    try { packet = dnsPacket.decode(bytes) } catch { return }
    const waiting = pending.get(packet.id ?? -1)
    if (!waiting || !packet.flag_qr || peer.address !== waiting.server.host || peer.port !== waiting.server.port) return
    const echoed = packet.questions?.[0]
    if (!echoed || echoed.type !== waiting.question.type || canonicalName(echoed.name) !== canonicalName(waiting.question.name)) return
    waiting.settle(packet)
  })
  await bind(socket, options.localAddress, 0)

  function ask(server: DnsServerAddress, question: Question): Promise<DecodedPacket> {
    if (closed) return Promise.reject(new Error('the DNS client is closed'))
    if (pending.size >= limit) return Promise.reject(new DnsTimeoutError(`${limit} DNS questions are open already`))
    const { promise, resolve, reject } = Promise.withResolvers<DecodedPacket>()
    let id = randomInt(0x10000)
    while (pending.has(id)) id = randomInt(0x10000)
    const bytes = dnsPacket.encode({ type: 'query', id, flags: options.recursionDesired ? dnsPacket.RECURSION_DESIRED : 0, questions: [question] })
    let sent = 0
    const send = () => {
      if (sent === attempts) return finish(() => reject(new DnsTimeoutError(`${server.host}:${server.port} did not answer ${question.type} ${question.name} in ${attempts} × ${timeoutMs} ms`)))
      sent += 1
      socket.send(bytes, server.port, server.host, () => {})
    }
    const timer = setInterval(send, timeoutMs)
    const finish = (outcome: () => void) => {
      clearInterval(timer)
      pending.delete(id)
      outcome()
    }
    pending.set(id, { server, question, settle: (packet) => finish(() => resolve(packet)), fail: (error) => finish(() => reject(error)) })
    send()
    return promise
  }

  return {
    ask,
    close: async () => {
      if (closed) return
      closed = true
      for (const waiting of pending.values()) waiting.fail(new Error('the DNS client was closed'))
      await closeSocket(socket)
    },
  }
}
