/**
 * What can be asked of and done to every system of a target, whatever it offers: the administration interface (contracts/api/admin.ts) where it has one, else
 * its reader and its ways of control. HTTP with time limits, only to allowed hosts. A system that refuses, is not there or tears its evidence gives an
 * `AdminError` or `ReadError` that names it.
 */
import { Agent, request } from 'undici'
import { Stats, type Control } from '../contracts/api/admin.ts'
import { offers, systemOf, type Target, type TargetSystem } from '../contracts/target.ts'
import { OWN_STACK, type TargetAccess } from './access.ts'
import { AdminError } from './admin-error.ts'
import { assertAllowed } from './allow-list.ts'
import { actOf, valuesOf } from './controls/control.ts'
import { WAYS } from './controls/index.ts'
import { askResolver } from './dns-client.ts'
import type { AdminPort } from './ports.ts'
import { readLines } from './readers/index.ts'
import { hostOf } from './systems.ts'
import { connectOf, createWire, headersOf, type Wire } from './wire.ts'

export { AdminError } from './admin-error.ts'

export type AdminClient = {
  of(systemId: string): AdminPort
  /** Exports that are written after the load are waited for from here on (wall epoch ms). */
  loadEnded(atMs: number): void
  close(): Promise<void>
}
type Common = { target: Target; access: TargetAccess; wire: Wire; agent: Agent; evidenceAgent: Agent; timeoutMs: number; loadEndedAt: () => number | null }

export function createAdminClient(options: { target: Target; access?: TargetAccess; timeoutMs?: number }): AdminClient {
  const { target, access = OWN_STACK, timeoutMs = 5_000 } = options
  const connect = { ...connectOf(target, access), timeout: timeoutMs }
  const agent = new Agent({ connections: 2, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect })
  // A snapshot of a large table may take a while to begin; the body must keep coming all the same.
  const evidenceAgent = new Agent({ connections: 1, headersTimeout: timeoutMs * 6, bodyTimeout: timeoutMs * 3, connect })
  const wire = createWire({ target, access })
  let endedAt: number | null = null
  const common: Common = { target, access, wire, agent, evidenceAgent, timeoutMs, loadEndedAt: () => endedAt }
  const ports = new Map<string, AdminPort>()
  return {
    of(systemId) {
      let port = ports.get(systemId)
      if (!port) ports.set(systemId, port = portOf(systemOf(target, systemId), common))
      return port
    },
    loadEnded(atMs) { endedAt = atMs },
    async close() { await Promise.all([agent.destroy(), evidenceAgent.destroy(), wire.close()]) },
  }
}

function portOf(system: TargetSystem, common: Common): AdminPort {
  const { target, access, wire } = common
  if (system.admin !== undefined) assertAllowed(`admin of system "${system.id}"`, hostOf(system.admin), target.allow)
  const base = system.admin?.replace(/\/$/, '') ?? ''
  const own = base === '' ? undefined : adminPort(system, base, common)
  const without = (what: string) => new AdminError(system.id, null, `${what}: it has no administration interface in the target`)
  return {
    ready: async () => own ? own.ready() : reachable(system, common),
    pending: async () => { if (own) return own.pending(); throw without('cannot be asked what is pending') },
    stats: async () => { if (own) return own.stats(); throw without('cannot be asked how busy it is') },
    async control(control, signal) {
      const act = actOf(control)
      const chosen = act && system.control?.[act]
      if (chosen && chosen.by !== 'admin') {
        try {
          return await WAYS.find(({ by }) => by === chosen.by)!.act({ system, act, values: valuesOf(control, system), access, wire, signal }, chosen)
        } catch (error) {
          signal?.throwIfAborted()
          throw new AdminError(system.id, null, `${act} by ${chosen.by}: ${(error as Error).message}`, { cause: error })
        }
      }
      if (own) return own.control(control)
      if (control.action === 'zone.get' && target.dns) return published(target.dns.authority, control.name, system.id)
      throw without(`control "${act ?? control.action}" is not offered`)
    },
    async *evidence(mode, signal) {
      const read = system.read ?? { by: 'admin' as const }
      if (read.by === 'admin' && !own) throw new AdminError(system.id, null, 'has neither a reader nor an administration interface in the target')
      yield* readLines({ target, system, access, wire, admin: { base, evidenceAgent: common.evidenceAgent, headers: headersOf(system.auth, access) }, now: Date.now, loadEndedAt: common.loadEndedAt }, read, mode, signal)
    },
    offers: (act) => offers(system, act),
  }
}

/** It answers at all, whatever it says. */
async function reachable(system: TargetSystem, { wire, timeoutMs }: Common): Promise<boolean> {
  if (system.url === undefined) return false
  try {
    const { body } = await wire.ask(system, system.url, { timeoutMs })
    await body.dump()
    return true
  } catch { return false }
}

async function published({ host, port }: { host: string; port: number }, name: string, system: string): Promise<Record<string, unknown>> {
  const answer = await askResolver({ host, port, name, timeoutMs: 2_000 })
  if (!answer) throw new AdminError(system, null, `the name server ${host}:${port} gave no answer for ${name}`)
  return { name, address: answer.address, ttlS: answer.ttlS }
}

function adminPort(own: TargetSystem, base: string, { agent, access, timeoutMs }: Common): Pick<AdminPort, 'ready' | 'control' | 'pending' | 'stats'> {
  const system = own.id
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }> => {
    try {
      const response = await request(`${base}${path}`, {
        method, dispatcher: agent, signal: AbortSignal.timeout(timeoutMs), headers: { ...headersOf(own.auth, access), ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
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
  }
}

function errorText(json: Record<string, unknown>): string {
  const error = json['error'] as { code?: string; message?: string } | undefined
  return error ? `${error.code ?? ''} ${error.message ?? ''}`.trim() : ''
}
