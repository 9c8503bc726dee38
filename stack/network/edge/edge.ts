/**
 * The edge in front of a portal, HTTP reverse proxy: knows the region or partner by the peer's address, keeps the access log, applies the
 * WAF (body held back up to 1 MiB), passes on what may pass. Blocked: 403 WAF_BLOCKED. Steered by `waf.set`, `waf.tune`, `waf.get`, `connections.close`.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'
import { STATUS_CLIENT_GONE, STATUS_RESET } from '../../../contracts/evidence.ts'
import type { NetworkPart } from '../part.ts'
import { AccessLog } from './access-log.ts'
import { forward } from './forward.ts'
import { originOf, type Origin, type Origins } from './origin.ts'
import { Waf, bodyForms, urlForms, type WafTarget } from './waf.ts'

export type EdgeConfig = {
  id: string; host: string; port: number
  /** Base URL of the portal behind it. */
  upstream: string
  origins: Origins
  /** JSON list of WAF rules; `waf.set` replaces it. */
  rulesFile: string
  connections?: number
  /** Longer than any client waits, so that the client decides. */
  upstreamTimeoutMs?: number
}

const HELD_BACK_BYTES = 1 << 20

export async function startEdge(config: EdgeConfig): Promise<NetworkPart & { port: number }> {
  const waf = new Waf(config.rulesFile)
  await waf.load()
  const log = new AccessLog()
  const timeoutMs = config.upstreamTimeoutMs ?? 30_000
  const pool = new Pool(config.upstream, { connections: config.connections ?? 256, pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: 5_000 } })
  let closing = false
  let served = 0

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const visit = new Visit(request, response, originOf(config.origins, request.socket.remoteAddress))
    response.once('close', () => {
      served += 1
      log.add(visit.logged())
    })
    // Absolute and asterisk forms are for proxies and servers as a whole (RFC 9112, 3.2).
    if (!visit.path.startsWith('/')) return answer(visit, 400, 'REQUEST_INVALID', 'the path must begin with /')
    if (blockedBy(visit, 'path', urlForms(visit.path)) || blockedBy(visit, 'query', urlForms(visit.query))
      || (waf.looksAt('headers') && blockedBy(visit, 'headers', [headerText(request.rawHeaders)]))) return
    if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return pass(visit, [], false)
    holdBack(request, (held, rest) => {
      if (waf.looksAt('body') && blockedBy(visit, 'body', bodyForms(Buffer.concat(held).toString('utf8'), request.headers['content-type'] ?? ''))) return
      pass(visit, held, rest)
    })
  }

  function pass(visit: Visit, held: Buffer[], rest: boolean): void {
    forward(pool, {
      request: visit.request, response: visit.response, held, rest, forwardedFor: visit.remote, closeConnection: () => closing,
      answerError: (status, code, message) => answer(visit, status, code, message),
      breakOff: () => visit.breakOff(),
    })
  }

  function blockedBy(visit: Visit, target: WafTarget, texts: readonly string[]): boolean {
    for (const { rule, matched } of waf.check(target, visit.path, texts)) {
      log.addWaf({ at: visit.at, op: visit.op, action: rule.action, ruleId: rule.id, ruleTitle: rule.title, path: visit.path, matched, origin: visit.origin, remote: visit.remote })
      if (rule.action !== 'block') continue
      answer(visit, 403, 'WAF_BLOCKED', `the request was blocked by the firewall (rule ${rule.id})`)
      return true
    }
    return false
  }

  function answer({ request, response }: Visit, status: number, code: string, message: string): void {
    const text = JSON.stringify({ error: { code, message } })
    response.writeHead(status, {
      'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'x-served-by': config.id,
      ...(closing || !request.complete ? { connection: 'close' } : {}),
    })
    response.end(text)
  }

  const told = () => ({ engine: 'reference', paranoia: null, exclusions: waf.exclusions, strict: null, rules: waf.rules, blocked: { all: log.blocked, sync: log.blockedSync } })

  // A peer keeps its connection longer than the edge's own clients do; only the client or `connections.close` ends one.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 60_000, noDelay: true }, handle)
  server.listen(config.port, config.host)
  try { await once(server, 'listening') } catch (error) { await pool.destroy(); throw error }

  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await pool.destroy()
    },
    admin: {
      system: config.id,
      ready: () => true,
      pending: () => 0,
      served: () => served,
      evidence: () => log.rows(),
      control: async (control) => {
        switch (control.action) {
          case 'clock': return {}
          case 'waf.get': return told()
          case 'waf.tune':
            if (control.paranoia !== undefined || control.strict) throw new Error('this firewall has rules of its own, without levels; what it can be tuned by are exclusions')
            if (control.exclusions) waf.exclude(control.exclusions)
            return told()
          case 'waf.set': await waf.replace(control.rules); return { rules: waf.rules.length }
          case 'connections.close':
            closing = control.close
            if (closing) server.closeIdleConnections()
            return { close: closing }
          default: return undefined
        }
      },
    },
  }
}

/** One request under way, with what the logs need of it. */
class Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly origin: Origin
  readonly at = Date.now()
  readonly remote: string
  readonly path: string
  readonly query: string
  readonly op: string | undefined
  #begun = performance.now()
  #broken = false

  constructor(request: IncomingMessage, response: ServerResponse, origin: Origin) {
    this.request = request
    this.response = response
    this.origin = origin
    this.remote = request.socket.remoteAddress ?? ''
    const url = request.url ?? '/'
    const cut = url.indexOf('?')
    this.path = cut < 0 ? url : url.slice(0, cut)
    this.query = cut < 0 ? '' : url.slice(cut + 1)
    const op = request.headers['x-op']
    this.op = typeof op === 'string' ? op : undefined
  }

  breakOff(): void {
    this.#broken = true
    this.request.socket.resetAndDestroy()
  }

  logged() {
    const { response, request, at, op, path, origin, remote } = this
    const status = response.writableFinished ? String(response.statusCode) : this.#broken ? STATUS_RESET : STATUS_CLIENT_GONE
    return { at, ms: Math.round((performance.now() - this.#begun) * 10) / 10, op, status, method: request.method ?? '', path, origin, remote }
  }
}

/** Collects the body up to the limit; then `rest` says that more comes, and the request is paused until somebody reads on. */
function holdBack(request: IncomingMessage, then: (held: Buffer[], rest: boolean) => void): void {
  const held: Buffer[] = []
  let size = 0
  const onData = (piece: Buffer) => {
    held.push(piece)
    size += piece.length
    if (size < HELD_BACK_BYTES) return
    request.pause()
    request.off('data', onData)
    request.off('end', onEnd)
    then(held, true)
  }
  const onEnd = () => then(held, false)
  request.on('data', onData)
  request.once('end', onEnd)
}

function headerText(raw: readonly string[]): string {
  let text = ''
  for (let n = 0; n < raw.length; n += 2) text += `${raw[n]}: ${raw[n + 1]}\r\n`
  return text
}
