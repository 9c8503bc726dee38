/**
 * Findings (design section 4): first those that an incident's rule recognises, then, for every failing class, what no incident explains, one
 * finding for each class and system. Texts are sentences in English, from evidence; names are roles.
 */
import { CLASS_EFFECT, OPERATION_CLASSES, type Finding } from '../../contracts/verdict.ts'
import { type Case, unitOf } from './case.ts'
import { literal } from './database.ts'
import { type Example, examplesOf, MAX_EXAMPLES, type Examples } from './examples.ts'

/** What the documents ask of each finding beside its evidence (001 II.3(1)); a rule may say it more precisely. */
export const DEADLINE = 'before the next rehearsal'

const CAUSES: Partial<Record<(typeof OPERATION_CLASSES)[number], (system: string) => string>> = {
  'lost': (system) => `the user was told yes, and ${system} does not hold the record although its final read began after the convergence bound`,
  'misrouted': (system) => `the user was told yes, and the record lies in ${system}, where it does not belong, and not in the system in office`,
  'split': (system) => `the record is in the right system and a second one lies in ${system}, where none is due`,
  'duplicate': (system) => `${system} holds more than one record of the same operation: its reference does not make the call idempotent there`,
  'ghost': (system) => `the user was told no, and ${system} holds the record all the same`,
  'unexpected': (system) => `${system} holds records that no operation of the plan explains and that its baseline did not have`,
  'inconsistent': (system) => `the record in ${system} says something else than what the user sent`,
  'stale': (system) => `${system} still shows an older status than the last one that was acknowledged, past the convergence bound`,
  'regressed': (system) => `a user of ${system} read a newer status first and an older one afterwards`,
  'illegal-transition': (system) => `${system} kept an order of statuses that the process forbids`,
}

export type Draft = Omit<Finding, 'id' | 'unit' | 'since' | 'count' | 'examples' | 'deadline'> & Examples

export function findingOf(kase: Case, draft: Draft): Finding {
  const { count, since, examples, ...rest } = draft
  return { id: `${draft.incident ?? draft.class}:${draft.system}`, unit: unitOf(kase.plan, draft.system), deadline: DEADLINE, since, count, examples: examples.slice(0, MAX_EXAMPLES), ...rest }
}

/** How many operations were looked at: a fault that touches fewer than one in so many may stay unseen. */
export function powerOf(looked: number, found: number, what: string): string {
  return looked === 0 ? `no ${what} was looked at` : `${found} of ${looked} ${what}; every single one was looked at, a fault that touched none of them cannot show`
}

export async function classFindings(kase: Case): Promise<Finding[]> {
  const { db } = kase
  const failing = OPERATION_CLASSES.filter((name) => CLASS_EFFECT[name] === 'fail')
  const groups = await db.rows<{ class: (typeof OPERATION_CLASSES)[number]; file: number | null; name: string | null }>(`
    SELECT DISTINCT n.class, n.file, y.name FROM named n LEFT JOIN systems y ON y.file = n.file
    WHERE n.class IN (${failing.map(literal).join(', ')}) AND n.id NOT IN (SELECT id FROM explained) ORDER BY n.class, y.name`)
  const writes = await db.count('SELECT count(*) FROM ops WHERE writes')
  const findings: Finding[] = []
  for (const group of groups) {
    const system = group.name ?? 'unknown'
    const examples = await examplesOf(kase, `SELECT DISTINCT id FROM named WHERE class = ${literal(group.class)} AND file IS NOT DISTINCT FROM ${group.file} AND id NOT IN (SELECT id FROM explained)`)
    findings.push(findingOf(kase, {
      incident: null, class: group.class, system, cause: CAUSES[group.class]!(system), measure: `trace the operations named through the logs of ${system} and mend what let them pass`,
      rerunCondition: `the same operations end as confirmed in ${system}`, power: powerOf(writes, examples.count, 'writing operations'), ...examples,
    }))
  }
  return [...findings, ...await strangerFindings(kase), ...await mismatchFindings(kase)]
}

async function strangerFindings(kase: Case): Promise<Finding[]> {
  const rows = await kase.db.rows<{ name: string; label: string; line: number; op_text: string | null; why: string; status: string | null; place: number; total: number }>(`
    SELECT y.name, y.label, r.row - y.base + 1 AS line, coalesce(t.op_text, CASE WHEN t.id IS NOT NULL THEN op_name(t.id, t.chk) END) AS op_text, t.why, r.status,
      row_number() OVER (PARTITION BY y.name ORDER BY t.row) AS place, count(*) OVER (PARTITION BY y.name) AS total
    FROM strangers t JOIN systems y ON y.file = t.file JOIN records r ON r.row = t.row QUALIFY place <= ${MAX_EXAMPLES} ORDER BY y.name, place`)
  return [...new Set(rows.map((row) => row.name))].map((system) => {
    const own = rows.filter((row) => row.name === system)
    const examples = own.map((row): Example => ({
      dossierCode: null, procedureCode: null, time: '', step: 'unknown', errorText: `${row.why}${row.op_text === null ? '' : `: ${row.op_text}`}`,
      statuses: { [system]: row.status ?? 'present' }, evidence: [{ file: row.label, lines: [row.line] }],
    }))
    return findingOf(kase, {
      incident: null, class: 'unexpected', system, cause: CAUSES.unexpected!(system), measure: `find out who wrote these records into ${system} during the run`,
      rerunCondition: `${system} holds nothing beside its baseline and the operations of the plan`, power: powerOf(own[0]!.total, own[0]!.total, 'records without an operation'), count: own[0]!.total, since: '', examples,
    })
  })
}

/** Migrated dossiers that are there and differ. */
async function mismatchFindings(kase: Case): Promise<Finding[]> {
  const { db, migration } = kase
  if (migration.mismatched === 0) return []
  const system = (await db.row<{ name: string }>(`SELECT name FROM systems WHERE role = 'portal'`)).name
  const [legacy] = await db.rows<{ label: string; name: string }>(`SELECT label, name FROM systems WHERE role = 'legacy'`)
  const portalLabel = `evidence/${system}.ndjson`
  const rows = await db.rows<{ key: string; line: number | null; portal_line: number; what: string; expected: string; found: string }>(`SELECT * FROM migration_mismatch ORDER BY key, what LIMIT ${MAX_EXAMPLES}`)
  const examples = rows.map((row): Example => ({
    dossierCode: row.key.slice('dossier/'.length), procedureCode: null, time: '', step: 'migration', errorText: `${row.what}: expected ${JSON.stringify(row.expected)}, found ${JSON.stringify(row.found)}`,
    statuses: row.what === 'status' ? { [legacy!.name]: row.expected, [system]: row.found } : {}, evidence: [{ file: legacy!.label, lines: row.line === null ? [] : [row.line] }, { file: portalLabel, lines: [row.portal_line] }],
  }))
  const since = kase.times.bulkDone === null ? '' : kase.times.scenarioIso(kase.times.bulkDone)
  const finding = findingOf(kase, {
    incident: null, class: 'inconsistent', system, cause: 'the migrated copy of an old dossier differs from the old portal\'s row after normalisation', measure: 'mend the mapping and copy the rows named again',
    rerunCondition: 'every old dossier has exactly one copy with mapped status, equal name and equal amount', power: powerOf(migration.migrated, migration.mismatched, 'migrated dossiers'), count: migration.mismatched, since, examples,
  })
  return [{ ...finding, id: `migration-mismatch:${system}` }]
}
