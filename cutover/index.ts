/**
 * The cutover room: walks a runbook against a target through ports, plants faults, collects evidence. The command line wires it:
 * clock, journal, clients and history go in as `CutoverPorts`; `runNight` does the night.
 */
export { checkTargetAllowed } from './allow-list.ts'
export { createAdminClient, AdminError, type AdminClient } from './admin-client.ts'
export { checkRunbook, type RunbookProblem } from './check-runbook.ts'
export { scenarioMs, systemClock, type NightClock } from './clock.ts'
export { createDnsClient } from './dns-client.ts'
export { runNight, type NightEnd, type NightEvent, type NightOptions } from './engine/run-night.ts'
export { collectEvidence, type Collected } from './evidence/collect.ts'
export { startDnsWatch, type DnsWatch } from './evidence/dns-watch.ts'
export { drain, waitForBounds, type Drained } from './evidence/drain.ts'
export { startProcessSampler, type NamedProcess, type ProcessSampler } from './evidence/processes.ts'
export { FAULTS, parseFault, type PlannedFault } from './faults/index.ts'
export { createPlanter, type Planter } from './faults/planter.ts'
export { openJournal, type Journal, type JournalFile } from './journal-file.ts'
export { LiveHistory } from './live-history.ts'
export { createMigrationPort } from './migration-port.ts'
export type { CutoverPorts, LoadPort } from './ports.ts'
