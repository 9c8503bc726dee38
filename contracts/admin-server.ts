/**
 * Serves the administration interface of `contracts/api/admin.ts` for one or several systems of a process, on node:http alone.
 * In: for each path prefix its handlers. Out: a server that listens; evidence is streamed row by row and closed by `{"end":{"rows":N}}`,
 * which is left out where the source throws in the middle, so that a torn read cannot be taken for a whole one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { once } from 'node:events'
import { Control, type Stats } from './api/admin.ts'
import type { EvidenceMode, EvidenceRow } from './evidence.ts'

export type AdminHandlers = {
  system: string
  ready: () => boolean | Promise<boolean>
  evidence: (mode: EvidenceMode) => AsyncIterable<EvidenceRow> | Iterable<EvidenceRow>
  pending: () => number | Promise<number>
  served: () => number | Promise<number>
  /** Processes that work for this one and are not Node (nginx and its workers): their CPU time and memory are counted in. */
  daemon?: () => { cpuMs: number; rssBytes: number }
  /** Requests that a limit refused or made to wait. */
  limited?: () => number
  /** Records that are remembered no more; evidence throws then. */
  forgotten?: () => number
  /** Answers undefined for an action that this system does not know. */
  control: (control: Control) => Promise<unknown> | unknown
}

/** `systems`: path prefix (`''` or `/partner-justice`) → handlers. */
export async function startAdminServer(options: { host: string; port: number; systems: ReadonlyMap<string, AdminHandlers> }): Promise<Server> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const server = createServer((request, response) => {
    handle(request, response, options.systems, delay).catch((error: unknown) => {
      if (response.headersSent) { response.destroy(error as Error); return }
      answer(response, 500, { error: { code: 'ADMIN_FAILED', message: String((error as Error)?.message ?? error) } })
    })
  })
  server.on('close', () => delay.disable())
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return server
}

type Delay = ReturnType<typeof monitorEventLoopDelay>

async function handle(request: IncomingMessage, response: ServerResponse, systems: ReadonlyMap<string, AdminHandlers>, delay: Delay): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://admin')
  const cut = url.pathname.lastIndexOf('/')
  const handlers = systems.get(url.pathname.slice(0, cut))
  const route = `${request.method} ${url.pathname.slice(cut)}`
  if (!handlers) return answer(response, 404, { error: { code: 'SYSTEM_UNKNOWN', message: url.pathname } })
  switch (route) {
    case 'GET /ready': return answer(response, await handlers.ready() ? 200 : 503, { system: handlers.system })
    case 'GET /pending': return answer(response, 200, { pending: await handlers.pending() })
    case 'GET /stats': return answer(response, 200, await statsOf(handlers, delay))
    case 'GET /evidence': return streamEvidence(response, handlers, (url.searchParams.get('mode') ?? 'final') as EvidenceMode)
    case 'POST /control': {
      const parsed = Control.safeParse(JSON.parse(await readText(request) || '{}'))
      if (!parsed.success) return answer(response, 400, { error: { code: 'CONTROL_INVALID', message: parsed.error.message } })
      const result = await handlers.control(parsed.data)
      if (result === undefined) return answer(response, 400, { error: { code: 'CONTROL_UNKNOWN', message: `${handlers.system} has no action "${parsed.data.action}"` } })
      return answer(response, 200, result)
    }
    default: return answer(response, 404, { error: { code: 'ROUTE_UNKNOWN', message: route } })
  }
}

async function statsOf(handlers: AdminHandlers, delay: Delay): Promise<Stats> {
  const cpu = process.cpuUsage()
  const p99 = delay.percentile(99) / 1e6
  delay.reset()
  const daemon = handlers.daemon?.() ?? { cpuMs: 0, rssBytes: 0 }
  return {
    system: handlers.system, host: hostname(), pid: process.pid, cpuMs: (cpu.user + cpu.system) / 1_000 + daemon.cpuMs,
    eventLoopDelayMsP99: Number.isFinite(p99) ? p99 : 0, rssBytes: process.memoryUsage.rss() + daemon.rssBytes, served: await handlers.served(),
    ...(handlers.limited && { limited: handlers.limited() }), ...(handlers.forgotten && { forgotten: handlers.forgotten() }),
  }
}

async function streamEvidence(response: ServerResponse, handlers: AdminHandlers, mode: EvidenceMode): Promise<void> {
  let rows = 0
  let chunk = ''
  const push = async () => {
    const full = !response.write(chunk)
    chunk = ''
    if (full) await once(response, 'drain')
  }
  const source = handlers.evidence(mode)
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for await (const row of source) {
    rows += 1
    chunk += `${JSON.stringify(row)}\n`
    if (chunk.length > 64 * 1024) await push()
  }
  chunk += `${JSON.stringify({ end: { rows } })}\n`
  response.end(chunk)
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
