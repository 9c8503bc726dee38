/** All metrics that a condition may name. */
import { cataloguePublished } from './catalogue-published.ts'
import { dnsConverged } from './dns-converged.ts'
import { dnsPublishedTtl, dnsSwitched } from './dns-published.ts'
import { dnsTtl } from './dns-ttl.ts'
import { HISTORY_METRICS } from './history-rates.ts'
import type { Metric } from './metric.ts'
import { migrationCompared, migrationCopied, migrationMismatches, migrationRemaining } from './migration.ts'
import { partnersConnected } from './partners-connected.ts'
import { legacyFrozen, portalOpen } from './portal-modes.ts'
import { steadyHeldFor } from './steady-held-for.ts'
import { syncPending } from './sync-pending.ts'
import { wafAttacksBlocked, wafSyncBlocked } from './waf.ts'

const ALL: readonly Metric[] = [
  dnsTtl, dnsPublishedTtl, dnsSwitched, dnsConverged, legacyFrozen, migrationCopied, migrationRemaining, migrationCompared, migrationMismatches,
  cataloguePublished, portalOpen, partnersConnected, syncPending, wafAttacksBlocked, wafSyncBlocked, ...HISTORY_METRICS, steadyHeldFor,
]

export const METRICS: ReadonlyMap<string, Metric> = new Map(ALL.map((metric) => [metric.id, metric]))
