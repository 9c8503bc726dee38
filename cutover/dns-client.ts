/**
 * Asks a region's resolver for an A record: one UDP query with dns-packet (RFC 1035), a socket and an id of its own each time.
 * Out: the first address and its TTL on the wire, or null where no fitting answer came in time.
 */
import { createSocket } from 'node:dgram'
import { randomInt } from 'node:crypto'
import { decode, encode, RECURSION_DESIRED } from 'dns-packet'
import type { Target } from '../contracts/target.ts'
import { assertAllowed } from './allow-list.ts'
import type { DnsAnswer, DnsPort } from './ports.ts'

export function createDnsClient(options: { target: Target; timeoutMs?: number }): DnsPort {
  const { target, timeoutMs = 1_000 } = options
  const resolvers = new Map(target.regions.map((region) => {
    assertAllowed(`the resolver of region "${region.id}"`, region.resolver.host, target.allow)
    return [region.id, region.resolver]
  }))
  return {
    ask(region, name) {
      const resolver = resolvers.get(region)
      if (!resolver) throw new Error(`the target has no region "${region}"`)
      return askResolver({ host: resolver.host, port: resolver.port, name, timeoutMs })
    },
  }
}

export function askResolver(options: { host: string; port: number; name: string; timeoutMs: number }): Promise<DnsAnswer | null> {
  const id = randomInt(0, 65_536)
  const query = encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type: 'A', name: options.name }] })
  const socket = createSocket(options.host.includes(':') ? 'udp6' : 'udp4')
  return new Promise((resolve) => {
    const finish = (answer: DnsAnswer | null) => {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.on('error', () => {})
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => finish(null), options.timeoutMs)
    socket.on('error', () => finish(null))
    // A connected socket takes datagrams from that address alone.
    socket.connect(options.port, options.host, () => socket.send(query))
    socket.on('message', (message) => {
      const answer = readAnswer(message, id, options.name)
      if (answer) finish(answer)
    })
  })
}

function readAnswer(message: Buffer, id: number, name: string): DnsAnswer | undefined {
  let packet
  try { packet = decode(message) } catch { return undefined }
  const question = packet.questions?.[0]
  if (packet.type !== 'response' || packet.id !== id || question?.name.toLowerCase() !== name.toLowerCase()) return undefined
  const record = packet.answers?.find((answer) => answer.type === 'A')
  // The types of dns-packet leave out what its decoder adds.
  const rcode = (packet as { rcode?: string }).rcode ?? 'NOERROR'
  return { rcode, address: record?.type === 'A' ? record.data : null, ttlS: record?.type === 'A' ? record.ttl ?? 0 : null }
}
