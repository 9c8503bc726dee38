/**
 * Stands where the tested system sends its callbacks and pushes: keeps what came, and answers as a check says (an error, late, never, a broken connection,
 * then yes), so that retries and idempotency show. An inbox gets what its address, or its `takes`, claims; what nobody claims is taken with a yes and kept as stray.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CameIn } from './speech.ts'

export type Received = CameIn & { at: number }
/** `reset` breaks the connection, `hang` never answers. */
export type Treatment = { status: number; body?: unknown; delayMs?: number } | 'reset' | 'hang'

export type Inbox = {
  /** An address of this inbox alone, for requests that name one. */
  url: string
  received: Received[]
  /** True when so many have come in all within the time. */
  arrived: (count: number, withinMs: number) => Promise<boolean>
  close: () => void
}
export type InboxOptions = { takes?: (came: Received) => boolean; treat?: (nth: number, came: Received) => Treatment }

export type Receiver = { url: string; inbox: (options?: InboxOptions) => Inbox; strays: Received[]; close: () => Promise<void> }

type Open = Inbox & { path: string; options: InboxOptions; wake: () => void }
const MAX_STRAYS = 1_000
/** More of them to one inbox are answered and not kept; a larger body is none of any contract. */
const MAX_RECEIVED = 10_000
const MAX_BODY_BYTES = 8 * 1024 * 1024
const KEEP_ALIVE_MS = 120_000

export async function startReceiver({ host, port, url, fallback }: { host: string; port: number; url?: string | undefined; fallback: (came: Received) => Treatment }): Promise<Receiver> {
  const inboxes = new Set<Open>()
  const strays: Received[] = []
  let made = 0

  // Longer than any pool keeps a connection: one that closes first makes resets that no check asked for.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const pieces: Buffer[] = []
    let bytes = 0
    request.on('error', () => {})
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > MAX_BODY_BYTES) request.socket.destroy()
      else pieces.push(piece)
    }).on('end', () => {
      const came: Received = { at: Date.now(), method: request.method!, path: request.url!, headers: request.headers as Record<string, string>, body: Buffer.concat(pieces).toString('utf8') }
      const inbox = [...inboxes].find(({ path, options }) => came.path.startsWith(path) || options.takes?.(came))
      if (inbox) { if (inbox.received.length < MAX_RECEIVED) inbox.received.push(came) }
      else if (strays.length < MAX_STRAYS) strays.push(came)
      const treatment = inbox?.options.treat?.(inbox.received.length, came) ?? fallback(came)
      inbox?.wake()
      if (treatment === 'hang') return
      if (treatment === 'reset') { request.socket.resetAndDestroy(); return }
      const reply = () => response.writeHead(treatment.status, { 'content-type': 'application/json' }).end(JSON.stringify(treatment.body ?? {}))
      if (treatment.delayMs) setTimeout(reply, treatment.delayMs).unref()
      else reply()
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  const base = (url ?? `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`).replace(/\/$/, '')

  return {
    url: base,
    strays,
    inbox(options = {}) {
      const waiting = new Set<{ count: number; done: (came: boolean) => void }>()
      const path = `/inbox/${made += 1}/`
      const inbox: Open = {
        url: `${base}${path}in`, path, options, received: [],
        wake: () => { for (const waiter of waiting) if (inbox.received.length >= waiter.count) waiter.done(true) },
        arrived: (count, withinMs) => inbox.received.length >= count ? Promise.resolve(true) : new Promise((resolve) => {
          const timer = setTimeout(() => waiter.done(false), withinMs)
          const waiter = { count, done: (came: boolean) => { clearTimeout(timer); waiting.delete(waiter); resolve(came) } }
          waiting.add(waiter)
        }),
        close: () => {
          inboxes.delete(inbox)
          for (const waiter of waiting) waiter.done(false)
        },
      }
      inboxes.add(inbox)
      return inbox
    },
    async close() { server.close(); server.closeAllConnections(); if (server.listening) await once(server, 'close') },
  }
}
