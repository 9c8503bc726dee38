/** All actions that a step of a runbook may name. */
import { cataloguePublishStep } from './catalogue-publish.ts'
import { dnsSwitchStep } from './dns-switch.ts'
import { dnsTtlStep } from './dns-ttl.ts'
import { dnsWatchStep } from './dns-watch.ts'
import { legacyFreezeStep } from './legacy-freeze.ts'
import { loadHoldStep } from './load-hold.ts'
import { migrationBulkStep } from './migration-bulk.ts'
import { migrationDeltaStep } from './migration-delta.ts'
import { migrationVerifyStep } from './migration-verify.ts'
import { nightCloseStep } from './night-close.ts'
import { partnersConnectStep } from './partners-connect.ts'
import { partnersDisconnectStep } from './partners-disconnect.ts'
import { portalOpenStep } from './portal-open.ts'
import { steadyHoldStep } from './steady-hold.ts'
import type { StepAction } from './step-action.ts'
import { wafTuneStep } from './waf-tune.ts'
import { waitStep } from './wait.ts'

const ALL: readonly StepAction[] = [
  dnsTtlStep, waitStep, steadyHoldStep, legacyFreezeStep, migrationBulkStep, migrationDeltaStep, migrationVerifyStep, cataloguePublishStep,
  portalOpenStep, dnsSwitchStep, dnsWatchStep, partnersConnectStep, partnersDisconnectStep, nightCloseStep, loadHoldStep, wafTuneStep,
]

export const STEP_ACTIONS: ReadonlyMap<string, StepAction> = new Map(ALL.map((action) => [action.id, action]))
