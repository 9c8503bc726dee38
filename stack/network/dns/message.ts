/**
 * DNS messages (RFC 1035) on top of dns-packet: reading a query, writing its answer. Names compare without case, and the question goes
 * back as it was asked. A query that cannot be read gives undefined: it is dropped, as real servers do.
 */
import dnsPacket, { type Answer, type DecodedPacket, type Question } from 'dns-packet'

export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const
export type Rcode = (typeof RCODE)[keyof typeof RCODE]

export type DnsQuery = { id: number; question: Question; recursionDesired: boolean; edns: boolean; opcode: number }

export type DnsReply = {
  rcode: Rcode
  answers?: Answer[]
  authorities?: Answer[]
  authoritative?: boolean
  recursionAvailable?: boolean
}

export function readQuery(bytes: Buffer): DnsQuery | undefined {
  let packet: DecodedPacket
  try { packet = dnsPacket.decode(bytes) } catch { return undefined }
  const question = packet.questions?.[0]
  if (packet.flag_qr || !question || packet.questions!.length !== 1) return undefined
  return {
    id: packet.id ?? 0, question, recursionDesired: packet.flag_rd, opcode: ((packet.flags ?? 0) >> 11) & 0xf,
    edns: (packet.additionals ?? []).some((record) => record.type === 'OPT'),
  }
}

export function writeReply(query: DnsQuery, reply: DnsReply): Buffer {
  return dnsPacket.encode({
    type: 'response',
    id: query.id,
    flags: reply.rcode
      | (reply.authoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0)
      | (query.recursionDesired ? dnsPacket.RECURSION_DESIRED : 0)
      | (reply.recursionAvailable ? dnsPacket.RECURSION_AVAILABLE : 0),
    questions: [query.question],
    answers: reply.answers ?? [],
    authorities: reply.authorities ?? [],
    additionals: query.edns ? [EDNS] : [],
  })
}

const EDNS: Answer = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }

export function rcodeOf(packet: DecodedPacket): Rcode { return ((packet.flags ?? 0) & 0xf) as Rcode }

export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
