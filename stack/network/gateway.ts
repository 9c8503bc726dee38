/**
 * A region's gateway, TCP: for every new client connection it asks its region's resolver for the portal's name, connects from a local
 * address of its own (by which the edge knows the region) and pipes both ways with backpressure and half-close. A connection keeps the
 * address it began with for as long as it lives: that is what a DNS switch really does. Resets go through as resets.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { NetworkPart } from './part.ts'
import { createDnsClient, type DnsClient, type DnsServerAddress } from './dns/udp-client.ts'

export type GatewayConfig = {
  id: string; host: string; port: number
  resolver: DnsServerAddress
  /** The name that clients mean, and the port behind it. */
  portalHost: string; portalPort: number
  /** Any that leads there without it. */
  localAddress?: string
  /** It goes to these addresses and to no other, whatever the resolver says; to all without it. */
  only?: readonly string[]
  maxConnections?: number
}

type Tally = { total: number; open: number }

export async function startGateway(config: GatewayConfig): Promise<NetworkPart & { port: number }> {
  const dns = await createDnsClient({ localAddress: config.localAddress ?? (config.resolver.host.includes(':') ? '::' : '0.0.0.0'), recursionDesired: true })
  const byAddress = new Map<string, Tally>()
  const sockets = new Set<Socket>()
  let served = 0
  let refused = 0

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
  }

  async function forward(client: Socket): Promise<void> {
    keep(client)
    // Until it is joined to its upstream a client may only go away.
    client.on('error', () => {})
    const address = await resolve(dns, config).catch(() => undefined)
    if (client.destroyed) return
    if (!address) { refused += 1; client.resetAndDestroy(); return }
    const upstream = connect({ host: address, port: config.portalPort, ...(config.localAddress !== undefined && { localAddress: config.localAddress }), allowHalfOpen: true })
    keep(upstream)
    count(byAddress, address, upstream)
    upstream.once('connect', () => { served += 1 })
    join(client, upstream)
    join(upstream, client)
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => { void forward(client) })
  server.maxConnections = config.maxConnections ?? 20_000
  try { await listen(server, config) } catch (error) { await dns.close(); throw error }

  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      await dns.close()
    },
    admin: {
      system: config.id,
      ready: () => true,
      pending: () => 0,
      served: () => served,
      evidence: () => connectionRows(byAddress, refused),
      control: (control) => control.action === 'clock' ? {} : undefined,
    },
  }
}

async function resolve(dns: DnsClient, config: GatewayConfig): Promise<string | undefined> {
  const packet = await dns.ask(config.resolver, { type: 'A', name: config.portalHost })
  for (const record of packet.answers ?? []) if (record.type === 'A' && (config.only?.includes(record.data) ?? true)) return record.data
  return undefined
}

/** One direction; `pipe` passes the end on as a half-close. A break on one side breaks the other in the same way. */
function join(from: Socket, to: Socket): void {
  from.pipe(to)
  from.on('error', () => to.resetAndDestroy())
  from.once('close', () => { if (!to.writableEnded) to.destroy() })
}

function count(byAddress: Map<string, Tally>, address: string, upstream: Socket): void {
  let tally = byAddress.get(address)
  if (!tally) byAddress.set(address, tally = { total: 0, open: 0 })
  const counted = tally
  upstream.once('connect', () => {
    counted.total += 1
    counted.open += 1
    upstream.once('close', () => { counted.open -= 1 })
  })
}

async function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host)
  await once(server, 'listening')
}

function* connectionRows(byAddress: ReadonlyMap<string, Tally>, refused: number): Iterable<EvidenceRow> {
  const seenAt = Date.now()
  for (const [address, { total, open }] of byAddress) yield { key: `connections/${address}`, status: address, fields: { total, open }, seenAt }
  if (refused > 0) yield { key: 'connections/unresolved', fields: { total: refused, open: 0 }, seenAt }
}
