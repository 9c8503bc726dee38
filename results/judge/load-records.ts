/**
 * Loads a run folder into DuckDB, each file once, explicit columns, never `ignore_errors`. In: the records of `run-records.ts`. Out, as tables:
 *   systems(file, name, role, unit, groups, whole, began, base, label, source, baseline)  base = row id of the file's first line in its table;
 *     baseline = number of its baseline read
 *   plan_steps(sid, scenario, step, kind, count)
 *   history(id, chk, op_text, worker, …)   evidence(file, type, id, chk, op_text, status, khash, name, proc, unit, amount, moment)
 *   edge_rows(file, entry, id, op_text, status)   answers(file, address, seen_at)   baseline(file, khash, id, chk)
 * An operation's name becomes two integers: id = sid << 32 | iteration, and chk = its ten hex digits; op_text is kept only where it does not fit
 * the plan; moment = when the row was written, in ms from the plan's making, of types whose moment is asked for. Texts and keys are kept as 64-bit hashes: 1,000,000 operations then fit into the memory bound; whatever differs by hash is read again as text.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
import { type Database, literal } from './database.ts'
import { RECORD_TYPES, recordTypeIndex, rivalGroup, TIMED_TYPES } from './record-types.ts'
import type { FileState, RecordFile, RunRecords } from './run-records.ts'

const HISTORY_COLUMNS = `{op: 'VARCHAR', attempt: 'UINTEGER', kind: 'VARCHAR', region: 'VARCHAR', intendedAt: 'DOUBLE', invokedAt: 'DOUBLE', completedAt: 'DOUBLE',
  outcome: 'VARCHAR', system: 'VARCHAR', dossierCode: 'VARCHAR', observed: 'VARCHAR', http: 'STRUCT(status USMALLINT)', error: 'VARCHAR',
  fields: 'STRUCT(applicantName VARCHAR, procedureCode VARCHAR, unitCode VARCHAR, amountVnd BIGINT, partner VARCHAR, bank VARCHAR)'}`
const EVIDENCE_COLUMNS = `{key: 'VARCHAR', op: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(applicantName VARCHAR, procedureCode VARCHAR, unitCode VARCHAR, amountVnd BIGINT)', sourceAt: 'DOUBLE'}`

export function readJson(path: string, columns: string): string {
  return `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columns})`
}

/**
 * The rows of a file with the two integers of their op, null where it does not fit the plan. The step is looked up in a constant list: a join would
 * give rows without a match after the others, and with them wrong line numbers. Casts check the form at a third of a regular expression's cost.
 */
function parsed(path: string, columns: string, steps: readonly Step[]): string {
  const names = `[${steps.map((step) => literal(`${step.scenario}.${step.step}`)).join(', ')}]::VARCHAR[]`
  const counts = `([${steps.map((step) => step.count).join(', ')}]::BIGINT[])`
  return `(SELECT *, CASE WHEN digits IS NOT NULL AND iteration < ${counts}[sid] THEN (sid::BIGINT << 32) + iteration END AS id
    FROM (SELECT *, CASE WHEN len(parts) = 4 AND len(parts[4]) = 10 THEN TRY_CAST('0x' || parts[4] AS BIGINT) END AS digits, TRY_CAST(parts[2] AS UINTEGER) AS iteration,
        list_position(${names}, parts[1] || '.' || parts[3]) AS sid
      FROM (SELECT *, string_split(op, '.') AS parts FROM ${readJson(path, columns)})))`
}
const OP_COLUMNS = `id, CASE WHEN id IS NOT NULL THEN digits END AS chk, CASE WHEN id IS NULL THEN op END AS op_text`
type Step = { scenario: string; step: string; kind: string; count: number }
/** A type's index by comparing prefixes: cheaper than cutting the key. */
const TYPE_COLUMN = `CASE ${RECORD_TYPES.map((type, index) => `WHEN prefix(key, ${literal(`${type}/`)}) THEN ${index + 1}`).join(' ')} ELSE 0 END`
/** Four bytes reach 49 days; a row from before has no moment of the run. */
const momentColumn = (createdAt: number) => `CASE WHEN type IN (${TIMED_TYPES.map(recordTypeIndex).filter((index) => index > 0).join(', ')}) AND sourceAt >= ${createdAt} AND sourceAt < ${createdAt} + 4294967295 THEN (sourceAt - ${createdAt})::UINTEGER END`
const hashed = (column: string) => `CASE WHEN ${column} IS NOT NULL THEN hash(${column}) END`

function stepsOf({ plan }: RunRecords): Step[] {
  return plan.scenarios.flatMap((scenario) => scenario.steps.map((step): Step => ({ scenario: scenario.name, step: step.step, kind: step.kind, count: scenario.count })))
}

/** Empty tables, and a number for every system of the plan, read or not: all of them are due places. */
export async function prepareTables(db: Database, records: RunRecords): Promise<void> {
  await createTables(db, stepsOf(records))
  for (const [index, { id, role, unit }] of records.plan.target.systems.entries()) {
    const own = records.files.findIndex((file) => file.kind === 'evidence' && file.system === id)
    await addSystem(db, records, { name: '', source: '', system: id, role, unit, file: own < 0 ? records.files.length + index : own, whole: false, began: null, base: 0 })
  }
}

/** Loads those files that `wanted` names, in their order, and gives the state of each. */
export async function loadRecords(db: Database, records: RunRecords, scratch: string, wanted: (file: RecordFile) => boolean): Promise<Map<string, FileState>> {
  const states = new Map<string, FileState>()
  const bases = { history: 0, evidence: 0, edge_rows: 0, answers: 0, baseline: 0 }
  for (const [index, file] of records.files.entries()) {
    if (!wanted(file)) continue
    let state = await records.stateOf(file)
    const table = tableOf(file)
    if (table && (state.whole || file.kind === 'history')) {
      try {
        const base = bases[table]
        const source = state.whole ? file.path : await wholeLines(file, scratch)
        await db.run(insertOf(table, index, source, records))
        bases[table] = await db.count(`SELECT count(*) FROM ${table}`)
        // Line numbers are row ids: they are right only if every line gave one record (the trailer is one more than its rows).
        if (state.whole && bases[table] - base !== state.rows + 1) throw new Error(`${bases[table] - base} records in ${state.rows + 1} lines`)
        // A row that a reader left without its key could be anything, also the second record of an operation.
        const keyless = table === 'evidence' ? await db.count(`SELECT count(*) - 2 FROM evidence WHERE file = ${index} AND khash IS NULL`) : 0
        if (keyless !== 0) throw new Error(`${keyless} rows without a key`)
        if (table !== 'baseline') await addSystem(db, records, { ...file, source, file: index, whole: state.whole, began: state.beganAt, base })
      } catch (error) {
        state = { ...state, whole: false, reason: `cannot be read as records: ${firstLineOf(error)}` }
        await db.run(`DELETE FROM ${table} WHERE file = ${index}`)
      }
    }
    if (file.kind === 'journal' && state.whole && state.rows !== records.journal.length) {
      state = { ...state, whole: false, reason: `: ${state.rows - records.journal.length} lines are no journal entries` }
    }
    states.set(file.name, state)
  }
  return states
}

type SystemRow = Pick<RecordFile, 'name' | 'system' | 'role' | 'unit'> & { source: string; file: number; whole: boolean; began: number | null; base: number }

async function addSystem(db: Database, { files }: RunRecords, row: SystemRow): Promise<void> {
  const baseline = files.findIndex((file) => file.kind === 'baseline' && file.system === row.system)
  await db.run(`DELETE FROM systems WHERE file = ${row.file};
    INSERT INTO systems VALUES (${row.file}, ${literal(row.system)}, ${literal(row.role)}, ${literal(row.unit)}, ${rivalGroup(row.role)}, ${row.whole}, ${Math.floor(row.began ?? 0)}, ${row.base}, ${literal(row.name)}, ${literal(row.source)}, ${baseline < 0 ? 'NULL' : baseline})`)
}

type TableName = 'history' | 'evidence' | 'edge_rows' | 'answers' | 'baseline'

function tableOf(file: RecordFile): TableName | null {
  if (file.kind === 'history' || file.kind === 'baseline') return file.kind
  if (file.kind !== 'evidence') return null
  if (file.role === 'edge') return 'edge_rows'
  return file.role === 'resolver' ? 'answers' : 'evidence'
}

async function createTables(db: Database, steps: readonly Step[]): Promise<void> {
  const kinds = OPERATION_KINDS.map(literal).join(', ')
  await db.run(`
    CREATE TYPE kind AS ENUM (${kinds}); CREATE TYPE outcome AS ENUM ('fail', 'info', 'ok'); CREATE TYPE entry AS ENUM ('request', 'block');
    CREATE TABLE systems (file USMALLINT, name VARCHAR, role VARCHAR, unit VARCHAR, groups UTINYINT, whole BOOLEAN, began BIGINT, base BIGINT, label VARCHAR, source VARCHAR, baseline USMALLINT);
    CREATE TABLE plan_steps (sid USMALLINT, scenario VARCHAR, step VARCHAR, kind kind, count BIGINT);
    CREATE TABLE history (file USMALLINT, id BIGINT, chk BIGINT, op_text VARCHAR, attempt UINTEGER, kind kind, outcome outcome, intended BIGINT, invoked BIGINT, completed BIGINT,
      region VARCHAR, system VARCHAR, from_legacy BOOLEAN, dossier VARCHAR, dossier_hash UBIGINT, partner VARCHAR, bank VARCHAR, name UBIGINT, proc UBIGINT, unit UBIGINT, amount BIGINT, observed VARCHAR, http USMALLINT, error VARCHAR);
    CREATE TABLE evidence (file USMALLINT, type UTINYINT, id BIGINT, chk BIGINT, op_text VARCHAR, status VARCHAR, khash UBIGINT, name UBIGINT, proc UBIGINT, unit UBIGINT, amount BIGINT, moment UINTEGER);
    CREATE TABLE edge_rows (file USMALLINT, entry entry, id BIGINT, chk BIGINT, op_text VARCHAR, status VARCHAR);
    CREATE TABLE answers (file USMALLINT, address VARCHAR, seen_at BIGINT);
    CREATE TABLE baseline (file USMALLINT, khash UBIGINT, id BIGINT, chk BIGINT);`)
  // The name of an operation again, from its two integers.
  await db.run(`CREATE MACRO op_name(i, c) AS (SELECT p.scenario || '.' || (i & 4294967295) || '.' || p.step || '.' || printf('%010x', c) FROM plan_steps p WHERE p.sid = (i >> 32))`)
  if (steps.length > 0) {
    await db.run(`INSERT INTO plan_steps VALUES ${steps.map(({ scenario, step, kind, count }, index) => `(${index + 1}, ${literal(scenario)}, ${literal(step)}, ${literal(kind)}, ${count})`).join(', ')}`)
  }
}

function insertOf(table: TableName, file: number, path: string, records: RunRecords): string {
  const { plan } = records
  const steps = stepsOf(records)
  switch (table) {
    case 'history': return `INSERT INTO history SELECT ${file}, ${OP_COLUMNS}, attempt, kind, outcome, intendedAt::BIGINT, invokedAt::BIGINT, completedAt::BIGINT,
      region, system, system = 'legacy', dossierCode, hash('dossier/' || dossierCode), fields.partner, fields.bank, ${hashed('fields.applicantName')}, ${hashed('fields.procedureCode')}, ${hashed('fields.unitCode')}, fields.amountVnd, observed, http.status, error
      FROM ${parsed(path, HISTORY_COLUMNS, steps)}`
    case 'evidence': return `INSERT INTO evidence SELECT ${file}, ${TYPE_COLUMN} AS type, ${OP_COLUMNS}, status, ${hashed('key')},
      ${hashed('fields.applicantName')}, ${hashed('fields.procedureCode')}, ${hashed('fields.unitCode')}, fields.amountVnd, ${momentColumn(plan.createdAt)} FROM ${parsed(path, EVIDENCE_COLUMNS, steps)}`
    case 'edge_rows': return `INSERT INTO edge_rows SELECT ${file}, CASE WHEN prefix(key, 'request/') THEN 'request' WHEN prefix(key, 'block/') THEN 'block' END AS entry, ${OP_COLUMNS}, status FROM ${parsed(path, `{key: 'VARCHAR', op: 'VARCHAR', status: 'VARCHAR'}`, steps)}`
    case 'baseline': return `INSERT INTO baseline SELECT ${file}, ${hashed('key')}, id, digits FROM ${parsed(path, `{key: 'VARCHAR', op: 'VARCHAR'}`, steps)}`
    case 'answers': return `INSERT INTO answers SELECT ${file}, CASE WHEN key LIKE 'answer/%' THEN status END, seenAt::BIGINT FROM ${readJson(path, `{key: 'VARCHAR', status: 'VARCHAR', seenAt: 'DOUBLE'}`)}`
  }
}

/**
 * A history without its end (its writer was killed): what is whole of it is judged all the same. A line that is no JSON becomes an empty record,
 * so that line numbers stay.
 */
async function wholeLines(file: RecordFile, scratch: string): Promise<string> {
  const path = join(scratch, `${file.system}.ndjson`)
  const there = await access(file.path).then(() => true, () => false)
  await pipeline(async function* () {
    if (!there) return
    for await (const line of createInterface({ input: createReadStream(file.path), crlfDelay: Infinity })) {
      let json: unknown
      try { json = JSON.parse(line) } catch { json = {} }
      yield `${JSON.stringify(json)}\n`
    }
  }, createWriteStream(path))
  return path
}

function firstLineOf(error: unknown): string { return String((error as Error)?.message ?? error).split('\n')[0]! }
