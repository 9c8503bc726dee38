/**
 * Client of the administration interface (contracts/api/admin.ts) of every system of a target: HTTP with time limits, only to allowed hosts.
 * A system that refuses, is not there or tears its evidence gives an `AdminError` that names it.
 */
import { Agent, request } from 'undici'
import { Stats, type Control } from '../contracts/api/admin.ts'
import type { EvidenceMode } from '../contracts/evidence.ts'
import { systemOf, type Target } from '../contracts/target.ts'
import { assertAllowed } from './allow-list.ts'
import type { AdminPort } from './ports.ts'
import { hostOf } from './systems.ts'

export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly system: string
  readonly status: number | null
  constructor(system: string, status: number | null, what: string, options?: ErrorOptions) {
    super(`${system}: ${what}`, options)
    this.system = system
    this.status = status
  }
}

export type AdminClient = { of(systemId: string): AdminPort; close(): Promise<void> }

export function createAdminClient(options: { target: Target; timeoutMs?: number }): AdminClient {
  const timeoutMs = options.timeoutMs ?? 5_000
  const agent = new Agent({ connections: 2, connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  // A snapshot of a large table may take a while to begin; the body must keep coming all the same.
  const evidenceAgent = new Agent({ connections: 1, connectTimeout: timeoutMs, headersTimeout: timeoutMs * 6, bodyTimeout: timeoutMs * 3 })
  const ports = new Map<string, AdminPort>()
  return {
    of(systemId) {
      let port = ports.get(systemId)
      if (!port) ports.set(systemId, port = adminPort(systemId, adminUrl(options.target, systemId), { agent, evidenceAgent, timeoutMs }))
      return port
    },
    async close() { await Promise.all([agent.destroy(), evidenceAgent.destroy()]) },
  }
}

function adminUrl(target: Target, systemId: string): string {
  const { admin } = systemOf(target, systemId)
  if (!admin) throw new AdminError(systemId, null, 'has no administration interface in the target')
  assertAllowed(`admin of system "${systemId}"`, hostOf(admin), target.allow)
  return admin.replace(/\/$/, '')
}

type Wire = { agent: Agent; evidenceAgent: Agent; timeoutMs: number }

function adminPort(system: string, base: string, wire: Wire): AdminPort {
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }> => {
    try {
      const response = await request(`${base}${path}`, {
        method, dispatcher: wire.agent, signal: AbortSignal.timeout(wire.timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      return { status: response.statusCode, json: await response.body.json() as Record<string, unknown> }
    } catch (error) {
      throw new AdminError(system, null, `${method} ${path} got no answer: ${(error as Error).message}`, { cause: error })
    }
  }
  const get = async (path: string) => {
    const { status, json } = await call('GET', path)
    if (status !== 200) throw new AdminError(system, status, `GET ${path} answered ${status} ${errorText(json)}`)
    return json
  }
  return {
    ready: async () => {
      try { return (await call('GET', '/ready')).status === 200 } catch { return false }
    },
    control: async (control: Control) => {
      const { status, json } = await call('POST', '/control', control)
      if (status !== 200) throw new AdminError(system, status, `control "${control.action}" answered ${status} ${errorText(json)}`)
      return json
    },
    pending: async () => {
      const { pending } = await get('/pending')
      if (!Number.isSafeInteger(pending)) throw new AdminError(system, 200, `GET /pending answered ${JSON.stringify(pending)}, not a count`)
      return pending as number
    },
    stats: async () => Stats.parse(await get('/stats')),
    evidence: (mode, signal) => evidenceLines(system, base, mode, wire, signal),
  }
}

function errorText(json: Record<string, unknown>): string {
  const error = json['error'] as { code?: string; message?: string } | undefined
  return error ? `${error.code ?? ''} ${error.message ?? ''}`.trim() : ''
}

async function* evidenceLines(system: string, base: string, mode: EvidenceMode, wire: Wire, signal?: AbortSignal): AsyncGenerator<string[]> {
  let response
  try {
    response = await request(`${base}/evidence?mode=${mode}`, { dispatcher: wire.evidenceAgent, signal })
  } catch (error) {
    throw new AdminError(system, null, `evidence got no answer: ${(error as Error).message}`, { cause: error })
  }
  if (response.statusCode !== 200) {
    throw new AdminError(system, response.statusCode, `evidence answered ${response.statusCode} ${(await response.body.text()).slice(0, 200)}`)
  }
  let rest = ''
  let rows = 0
  let end: number | undefined
  response.body.setEncoding('utf8')
  try {
    for await (const piece of response.body as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop()!
      if (end !== undefined && (lines.length > 0 || rest !== '')) throw new AdminError(system, 200, 'evidence goes on after its end line')
      const last = lines.at(-1)
      if (last?.startsWith('{"end":')) {
        end = (JSON.parse(last) as { end: { rows: number } }).end.rows
        lines.pop()
      }
      rows += lines.length
      if (lines.length > 0) yield lines
    }
  } catch (error) {
    if (error instanceof AdminError) throw error
    throw new AdminError(system, 200, `evidence was torn after ${rows} rows: ${(error as Error).message}`, { cause: error })
  }
  if (rest !== '') throw new AdminError(system, 200, `evidence ends in the middle of a line after ${rows} rows`)
  if (end === undefined) throw new AdminError(system, 200, `evidence ended after ${rows} rows without its end line`)
  if (end !== rows) throw new AdminError(system, 200, `evidence says ${end} rows, ${rows} came`)
}
