/** What rules and criteria look at: the run's records in DuckDB with every operation classified. One for each judging. */
import type { Plan } from '../../contracts/plan.ts'
import type { SystemRole, TargetSystem } from '../../contracts/target.ts'
import { BASELINES } from './baseline.ts'
import { classify } from './classify.ts'
import type { Database } from './database.ts'
import { openHandTests } from './hand-tests.ts'
import { loadRecords, prepareTables } from './load-records.ts'
import { compareMigration, type MigrationFigures } from './migration-check.ts'
import { nightTimes, type NightTimes } from './night-times.ts'
import { foldOperations } from './operations.ts'
import { openOverlay } from './overlay.ts'
import { distrustLateBaselines } from './reads.ts'
import type { FileState, RecordFile, RunRecords } from './run-records.ts'
import { nameStatusOrder } from './status-order.ts'
import { findStrangers, type Strangers } from './strangers.ts'

export type Case = {
  db: Database
  records: RunRecords
  plan: Plan
  states: ReadonlyMap<string, FileState>
  times: NightTimes
  strangers: Strangers
  migration: MigrationFigures
  /** Where baselines of load criteria lie. */
  baselines: string
}

export async function openCase(db: Database, records: RunRecords, scratch: string, baselines: string = BASELINES): Promise<Case> {
  const { plan } = records
  await prepareTables(db, records)
  // Operations are folded before any evidence is loaded, while there is memory for the history twice.
  const isTold = ({ kind }: RecordFile) => kind === 'history' || kind === 'journal'
  const told = await loadRecords(db, records, scratch, isTold)
  const times = nightTimes(plan, records.journal, told.get('journal.ndjson')?.whole ?? false)
  await foldOperations(db, plan, times)
  const shown = await loadRecords(db, records, scratch, (file) => !isTold(file))
  const states = new Map(records.files.map(({ name }) => [name, (told.get(name) ?? shown.get(name))!]))
  await openOverlay(db)
  await distrustLateBaselines(db, records, states)
  await nameOperations(db)
  const strangers = await findStrangers(db, records, states, times)
  await openHandTests(db, records, states)
  const baseline = records.files.find((file) => file.kind === 'baseline' && file.role === 'legacy' && states.get(file.name)!.whole)
  const migration = await compareMigration(db, times, baseline?.path ?? null)
  await db.run('CREATE TABLE explained (id BIGINT)')
  return { db, records, plan, states, times, strangers, migration, baselines }
}

/** Fills table named from the records as they are, or as an overlay makes them. */
export async function nameOperations(db: Database): Promise<void> {
  await classify(db)
  await nameStatusOrder(db)
}

export function systemsOf(plan: Plan, role: SystemRole): TargetSystem[] { return plan.target.systems.filter((system) => system.role === role) }

export function unitOf(plan: Plan, systemId: string): string { return plan.target.systems.find((system) => system.id === systemId)?.unit ?? 'unknown' }

/** The judge's own view of a file: read whole to its end. */
export function isRead(kase: Case, systemId: string): boolean { return kase.states.get(`evidence/${systemId}.ndjson`)?.whole ?? false }
