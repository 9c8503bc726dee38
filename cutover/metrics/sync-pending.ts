/**
 * `sync.pending(all|partner|wave-N)`: dossiers expected on the portal less those that it acknowledged to the partner.
 * A push of which the client knows nothing counts as acknowledged only where the partner's own record says so by now (its outbox tried again).
 */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { Night } from '../night.ts'
import { partnerSystemId } from '../systems.ts'
import { PARTNER_ARGUMENT, partnersOf, type Metric } from './metric.ts'

/** Reading a partner's whole record is dear: not again within this time, wall ms. */
const REREAD_MS = 1_000
type Reread = { at: number; acknowledged: number }
const rereads = new WeakMap<Night, Map<string, Reread>>()

export const syncPending: Metric = {
  id: 'sync.pending',
  unit: 'count',
  arguments: PARTNER_ARGUMENT,
  async measure(night, argument) {
    const partners = partnersOf(night, argument)
    if (partners.length === 0) return null
    let pending = 0
    for (const partner of partners) {
      const pushes = night.ports.live.pushesOf(partner.id)
      const later = pushes.unknown.size === 0 ? 0 : await acknowledgedLater(night, partner.id, pushes.unknown)
      pending += Math.max(0, partner.expected - pushes.acknowledged - later)
    }
    return pending
  },
}

async function acknowledgedLater(night: Night, partner: string, unknown: ReadonlySet<string>): Promise<number> {
  let known = rereads.get(night)
  if (!known) rereads.set(night, known = new Map())
  const last = known.get(partner)
  const now = night.ports.clock.nowMs()
  if (last && now - last.at < REREAD_MS) return Math.min(last.acknowledged, unknown.size)
  let acknowledged = 0
  for await (const lines of night.ports.admin(partnerSystemId(partner)).evidence('running')) {
    for (const line of lines) {
      if (!line.includes('"acknowledged"')) continue
      const row = JSON.parse(line) as EvidenceRow
      if (row.key.startsWith('dossier/') && row.op !== undefined && row.fields['sync'] === 'acknowledged' && unknown.has(row.op)) acknowledged += 1
    }
  }
  known.set(partner, { at: now, acknowledged })
  return acknowledged
}
