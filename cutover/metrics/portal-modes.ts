/**
 * `legacy.frozen` and `portal.open`, 0 or 1, seen from outside by what each portal does, not by what it was told:
 * a frozen old portal refuses a submission with 503 PORTAL_FROZEN, a closed new one refuses the public with 503 PORTAL_CLOSED.
 */
import { request } from 'undici'
import { assertAllowed } from '../allow-list.ts'
import type { Night } from '../night.ts'
import { byRole, hostOf } from '../systems.ts'
import { NO_ARGUMENT, type Metric } from './metric.ts'

const PROBE_MS = 2_000

async function errorCodeOf(night: Night, role: 'legacy' | 'portal', method: 'GET' | 'POST', path: string): Promise<{ status: number; code: string | null } | null> {
  const { url } = byRole(night.plan.target, role)
  if (!url) return null
  assertAllowed(`url of the ${role}`, hostOf(url), night.plan.target.allow)
  try {
    const response = await request(new URL(path, url), {
      method, signal: AbortSignal.timeout(PROBE_MS),
      // An empty submission stores nothing wherever it arrives: without a session it is refused at the latest with 401.
      ...(method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}),
    })
    const text = await response.body.text()
    let code: string | null = null
    try { code = (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? null } catch { /* a body that is no JSON has no code */ }
    return { status: response.statusCode, code }
  } catch { return null }
}

export const legacyFrozen: Metric = {
  id: 'legacy.frozen',
  unit: 'count',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const answer = await errorCodeOf(night, 'legacy', 'POST', '/api/dossiers')
    return answer && (answer.status === 503 && answer.code === 'PORTAL_FROZEN' ? 1 : 0)
  },
}

export const portalOpen: Metric = {
  id: 'portal.open',
  unit: 'count',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const answer = await errorCodeOf(night, 'portal', 'GET', '/api/services?q=')
    return answer && (answer.status === 503 ? 0 : answer.status < 500 ? 1 : null)
  },
}
