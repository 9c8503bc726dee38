/**
 * Everything that a report prints, derived once from the run folder; the formats only lay it out. In: the folder. Out: `ReportModel`.
 * What cannot be known from the folder is null, and the gap is listed.
 */
import { basename, relative } from 'node:path'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { ClockPlan } from '../../contracts/scenario-clock.ts'
import type { VerdictWord } from '../../contracts/verdict.ts'
import { arrivals, type Arrivals } from './measures/arrivals.ts'
import { clockOf } from './measures/clock.ts'
import { dnsConvergence, type DnsConvergence } from './measures/dns-convergence.ts'
import { latencyByStep, type LatencyRow } from './measures/latency.ts'
import { loadTimeline, type LoadTimeline } from './measures/load-timeline.ts'
import { processLoads, type ProcessLoadRow } from './measures/process-loads.ts'
import { RecordTables } from './measures/record-table.ts'
import { partnerRows, type PartnerRow } from './partner-rows.ts'
import { readRun, type RunRecords } from './read-run.ts'
import { runbookBars, type RunbookBar } from './runbook-bars.ts'
import { simulatedParts, type SimulatedParts } from './simulated-parts.ts'

/** `interrupted`: stopped by hand before the end · `unjudged`: there is no verdict yet. */
export type RunState = VerdictWord | 'interrupted' | 'unjudged'

export type ReportModel = RunRecords & {
  state: RunState
  /** The engine gave up by itself (a gate said no, a step failed): its words. */
  aborted: string | null
  clock: ClockPlan | null
  partners: PartnerRow[]
  simulated: SimulatedParts
  bars: RunbookBar[]
  load: LoadTimeline | null
  latency: LatencyRow[]
  dns: DnsConvergence | null
  /** Null where the run was no load by itself: a night's waves and gates say what was planned. */
  arrivals: Arrivals | null
  processes: ProcessLoadRow[]
  /** There was an old portal to switch over from. */
  cutover: boolean
}

export async function buildModel(directory: string): Promise<ReportModel> {
  const records = await readRun(directory)
  const { plan, journal } = records
  const clock = plan && clockOf(plan, journal)
  const base = {
    ...records, state: stateOf(records), aborted: abortedNote(journal), clock,
    partners: partnerRows(records), simulated: simulatedParts(records), bars: plan ? runbookBars(plan, journal) : [],
  }
  await using tables = await RecordTables.open()
  const torn = await tables.loadOperations(records.historyFiles)
  const gaps = torn > 0 ? [...records.gaps, { file: 'history/', kind: 'torn' as const, detail: String(torn) }] : records.gaps
  await tables.loadAnswers(records.evidenceFiles
    .map((file) => ({ file, system: basename(file, '.ndjson') }))
    .filter(({ system }) => system.startsWith('resolver-') && !system.endsWith('.baseline')))
  await tables.loadSamples(records.evidenceFiles.filter((file) => basename(file) === 'processes.ndjson'))
  const latency = await latencyByStep(tables)
  const switched = journal.find((entry) => entry.kind === 'step' && entry.action === 'dns.switch' && entry.event === 'done')?.at ?? null
  const cutover = !plan || plan.target.systems.some((system) => system.role === 'legacy' && system.mode !== 'absent')
  return {
    ...base, gaps, latency, cutover, processes: await processLoads(tables),
    arrivals: plan && clock && latency.length > 0 && !cutover ? await arrivals(tables, plan, clock) : null,
    load: plan && clock && latency.length > 0 ? await loadTimeline(tables, clock, plan.durationMs) : null,
    dns: plan && clock ? await dnsConvergence(tables, plan, clock, switched) : null,
  }
}

function stateOf({ journal, outcome, verdict }: RunRecords): RunState {
  if (journal.some((entry) => entry.kind === 'run' && entry.event === 'interrupted')) return 'interrupted'
  return outcome?.outcome ?? verdict?.verdict ?? 'unjudged'
}

function abortedNote(journal: readonly JournalEntry[]): string | null {
  const aborted = journal.find((entry) => entry.kind === 'run' && entry.event === 'aborted')
  return aborted && aborted.kind === 'run' ? aborted.note ?? '' : null
}

/** Evidence paths relative to the run folder, as a reader finds them. */
export function nameInRun(model: RunRecords, path: string): string { return relative(model.directory, path) }
