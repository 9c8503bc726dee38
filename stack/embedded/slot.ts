/**
 * Finds a slot that is free and keeps it: a listening socket on 127.S.0.1:7000 is the lock, which the system takes back however the
 * process ends. PORT_IN_USE where every slot is taken or somebody else listens on the stack's ports; LOOPBACK_UNAVAILABLE where the
 * machine has no 127.S.y.z addresses.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { HarnessError } from '../../contracts/error.ts'
import { PORTS } from '../parts.ts'
import { addressesOf } from './addresses.ts'

export type Slot = { number: number; release: () => Promise<void> }
export type SlotRange = { from: number; to: number }

/** 100 to 119 are left to tests. */
export const RUN_SLOTS: SlotRange = { from: 64, to: 99 }

export async function takeSlot(range: SlotRange = RUN_SLOTS): Promise<Slot> {
  const inUse: string[] = []
  for (let number = range.from; number <= range.to; number += 1) {
    const addresses = addressesOf(number)
    const lock = await tryListen(addresses.lock, PORTS.lock)
    if (!lock) { inUse.push(`${addresses.lock}:${PORTS.lock}`); continue }
    const foreign = await foreignListener(number)
    if (!foreign) return { number, release: () => close(lock) }
    inUse.push(foreign)
    await close(lock)
  }
  throw new HarnessError({
    code: 'PORT_IN_USE', what: `no free slot from ${range.from} to ${range.to}: in use are ${inUse.slice(0, 3).join(', ')}${inUse.length > 3 ? ` and ${inUse.length - 3} more` : ''}`,
    where: inUse[0]!, mend: `end the other runs, or the program that listens on port ${inUse[0]!.split(':').at(-1)} of every address (ss -lntup shows it)`,
  })
}

/** Somebody else's socket where the stack wants one of its own, such as a server on 0.0.0.0:8080. */
async function foreignListener(slot: number): Promise<string | undefined> {
  const { services, postgres, dnsAuthority } = addressesOf(slot)
  for (const [host, port] of [[services.portal, PORTS.http], [services.portal, PORTS.admin], [postgres, PORTS.postgres]] as const) {
    const probe = await tryListen(host, port)
    if (!probe) return `${host}:${port}`
    await close(probe)
  }
  return await canBindUdp(dnsAuthority, PORTS.dns) ? undefined : `${dnsAuthority}:${PORTS.dns}`
}

async function tryListen(host: string, port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  server.listen({ host, port, exclusive: true })
  try { await once(server, 'listening') } catch (error) { return unlessInUse(error, host) }
  return server
}

async function canBindUdp(host: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  socket.bind({ address: host, port, exclusive: true })
  try { await once(socket, 'listening') } catch (error) { unlessInUse(error, host); return false }
  socket.close()
  return true
}

function unlessInUse(error: unknown, host: string): undefined {
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE') return undefined
  throw new HarnessError({
    code: 'LOOPBACK_UNAVAILABLE', what: `${host} cannot be bound: ${(error as Error).message}`, where: host,
    mend: 'the embedded stack gives each component an address in 127.0.0.0/8; on macOS add aliases (ifconfig lo0 alias), or run in Linux',
  }, { cause: error })
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}
