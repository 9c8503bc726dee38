/**
 * `waf.attacksBlocked`: the share of the standard set of attacks that the new edge's firewall blocked when `waf.tune` last tried, null before;
 * `waf.syncBlocked`: calls of partners that it has blocked so far, whatever for.
 */
import { edgeAt } from '../systems.ts'
import { NO_ARGUMENT, type Metric } from './metric.ts'

export const wafAttacksBlocked: Metric = {
  id: 'waf.attacksBlocked',
  unit: 'ratio',
  arguments: NO_ARGUMENT,
  fixed: true,
  async measure({ state: { waf: { attacks, blocked } } }) { return attacks === null || blocked === null || attacks === 0 ? null : blocked / attacks },
}

export const wafSyncBlocked: Metric = {
  id: 'waf.syncBlocked',
  unit: 'count',
  arguments: NO_ARGUMENT,
  async measure({ plan: { target }, ports }) {
    const { blocked } = await ports.admin(edgeAt(target, 'new').id).control({ action: 'waf.get' })
    const sync = (blocked as { sync?: unknown } | undefined)?.sync
    return typeof sync === 'number' ? sync : null
  },
}
