/**
 * Stands in front of a conforming system and breaks one thing: what is asked of it, what it answers, or what it sends by itself. By such systems it is shown
 * that each check fires, and that no other does.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import type { Text } from '../../contracts/text.ts'

export type Message = { method: string; path: string; headers: Record<string, string>; body: string }
export type Reply = { status: number; headers: Record<string, string>; body: string }
type Maybe<T> = T | Promise<T>

export type Hooks = {
  /** What goes on to the system, or an answer in its place. */
  asked?: (message: Message) => Maybe<Message | Reply>
  answered?: (reply: Reply, message: Message) => Maybe<Reply>
  /** What the system sends by itself; `send` hands it on. Undefined: the connection breaks. */
  told?: (message: Message, send: (message: Message) => Promise<Reply | undefined>) => Promise<Reply | undefined>
}
export type Nonconformity = {
  id: string
  role: string
  title: Text
  /** The requirements that it breaks: these and no others. */
  breaks: readonly string[]
  /** Anew for each run. `sign` gives the signature of a body with the system's key. */
  hooks: (tools: { sign: (body: string) => string }) => Maybe<Hooks>
}

export type Proxy = { url: string; /** In place of the receiver's address, for what the system sends. */ outside: string; forwardTo: (url: string) => void; break: (hooks: Hooks) => void; close: () => Promise<void> }

const OUTSIDE = '/_outside'
const KEEP_ALIVE_MS = 120_000
const MAX_BODY_CHARACTERS = 1024 * 1024
const DROPPED = new Set(['connection', 'content-length', 'transfer-encoding', 'host', 'keep-alive', 'expect'])

export async function startProxy(receiverUrl: string): Promise<Proxy> {
  const agent = new Agent({ connections: 32 })
  let upstream = ''
  let hooks: Hooks = {}
  let own = ''

  async function pass(to: string, { method, path, headers, body }: Message): Promise<Reply | undefined> {
    try {
      const answer = await request(to + path, { method: method as 'GET', headers, body: body === '' ? null : body, dispatcher: agent })
      return { status: answer.statusCode, headers: kept(answer.headers), body: await answer.body.text() }
    } catch {
      return undefined
    }
  }

  async function serve(message: Message): Promise<Reply | undefined> {
    if (message.path.startsWith(OUTSIDE)) {
      const out = { ...message, path: message.path.slice(OUTSIDE.length) }
      const send = (next: Message) => pass(receiverUrl, next)
      return hooks.told ? hooks.told(out, send) : send(out)
    }
    // As proxies do.
    if (message.body.length > MAX_BODY_CHARACTERS) return saying(413, { error: { code: 'BODY_TOO_LARGE', message: 'too large' } })
    const inward = { ...message, body: message.body.replaceAll(receiverUrl, `${own}${OUTSIDE}`) }
    const asked = await hooks.asked?.(inward) ?? inward
    if ('status' in asked) return asked
    const reply = await pass(upstream, asked)
    return reply && hooks.answered ? hooks.answered(reply, asked) : reply
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => { void read(incoming).then(serve).then((reply) => finish(incoming, response, reply), () => incoming.socket.destroy()) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: own, outside: `${own}${OUTSIDE}`, forwardTo: (url) => { upstream = url }, break: (next) => { hooks = next },
    close: async () => { server.close(); server.closeAllConnections(); await agent.destroy() },
  }
}

async function read(incoming: IncomingMessage): Promise<Message> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  return { method: incoming.method!, path: incoming.url!, headers: kept(incoming.headers), body: Buffer.concat(pieces).toString('utf8') }
}

function finish(incoming: IncomingMessage, response: ServerResponse, reply: Reply | undefined): void {
  if (!reply) { incoming.socket.destroy(); return }
  const { 'set-cookie': cookies, ...headers } = reply.headers
  response.writeHead(reply.status, { ...headers, ...(cookies !== undefined && { 'set-cookie': cookies.split('\n') }), 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}

function kept(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => value === undefined || DROPPED.has(name) ? [] : [[name, Array.isArray(value) ? value.join('\n') : value]]))
}

export function signerWith(key: string): (body: string) => string { return (body) => createHmac('sha256', key).update(body).digest('hex') }

// The words in which nonconformities are written.
export const jsonOf = (text: string): any => { try { return JSON.parse(text) } catch { return undefined } }
export const isAt = (message: Message, method: string, path: RegExp): boolean => message.method === method && path.test(message.path)
export const saying = (status: number, body: unknown): Reply => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
export const retold = (reply: Reply, change: (json: any) => unknown): Reply => ({ ...reply, body: JSON.stringify(change(jsonOf(reply.body))) })
export const codeOf = (reply: Reply): string | undefined => jsonOf(reply.body)?.error?.code ?? jsonOf(reply.body)?.error

/** A call of the system with another content, signed for it. */
export function resaid(message: Message, sign: (body: string) => string, change: (json: any) => unknown): Message {
  const body = JSON.stringify(change(jsonOf(message.body)))
  return { ...message, body, headers: { ...message.headers, ...(message.headers['x-signature'] !== undefined && { 'x-signature': sign(body) }) } }
}
export function unsigned(message: Message): Message {
  const { 'x-signature': _, ...headers } = message.headers
  return { ...message, headers }
}
