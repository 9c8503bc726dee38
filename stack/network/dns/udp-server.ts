/** A DNS server's socket: one answer per datagram, from the address that was asked. An answer that cannot be made is SERVFAIL; an unreadable query is dropped. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { RCODE, readQuery, writeReply, type DnsQuery, type DnsReply } from './message.ts'

export type UdpServer = { address: string; port: number; served: () => number; close: () => Promise<void> }

export async function serveDns(options: { host: string; port: number; answer: (query: DnsQuery) => DnsReply | Promise<DnsReply> }): Promise<UdpServer> {
  const socket = createSocket('udp4')
  let served = 0
  socket.on('message', (bytes, peer) => {
    const query = readQuery(bytes)
    if (!query) return
    const send = (reply: DnsReply) => {
      served += 1
      // The client is gone or the server is closing: a lost datagram, which DNS clients expect.
      try { socket.send(writeReply(query, reply), peer.port, peer.address, () => {}) } catch { /* closed */ }
    }
    if (query.opcode !== 0) return send({ rcode: RCODE.NOTIMP })
    try {
      const reply = options.answer(query)
      if (reply instanceof Promise) reply.then(send, () => send({ rcode: RCODE.SERVFAIL }))
      else send(reply)
    } catch { send({ rcode: RCODE.SERVFAIL }) }
  })
  await bind(socket, options.host, options.port)
  const { address, port } = socket.address()
  return { address, port, served: () => served, close: () => closeSocket(socket) }
}

/** Binds, or throws what the system said (EADDRINUSE, EADDRNOTAVAIL). */
export async function bind(socket: Socket, host: string, port: number): Promise<void> {
  socket.bind({ address: host, port, exclusive: true })
  await once(socket, 'listening')
}

export async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}
