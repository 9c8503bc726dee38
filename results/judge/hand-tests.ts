/**
 * What people tested by hand, looked for by dossier code in every system where it is due: in the portal on which it was tested (a dossier of the old portal also in
 * the new one, once a copy has ended), in the coordination system, at the partner that handles it. In: `history/hand-tests.ndjson`, which the plan (or what was
 * added afterwards) declares by its hash, and the final reads. Out: for each dossier its classes by system. They stand apart from the operations of the load, whose figures they must not touch.
 */
import { HAND_STEPS, HAND_TESTS } from '../../contracts/hand-tests.ts'
import { worst, type Finding, type OperationClass } from '../../contracts/verdict.ts'
import type { Case } from './case.ts'
import { type Database, literal } from './database.ts'
import { findingOf, powerOf } from './findings.ts'
import { judgeSeen, type SeenClass } from './hand-seen.ts'
import { readJson } from './load-records.ts'
import type { FileState, RunRecords } from './run-records.ts'

const COLUMNS = `{op: 'VARCHAR', attempt: 'UINTEGER', step: 'VARCHAR', completedAt: 'DOUBLE', outcome: 'VARCHAR', system: 'VARCHAR', dossierCode: 'VARCHAR', observed: 'VARCHAR', amountVnd: 'BIGINT', fields: 'STRUCT(partner VARCHAR, role VARCHAR, place VARCHAR)'}`
/** How long a dossier may take to every place, beyond the test; real systems, real time. */
const SHOWN = 20

export type HandClass = { dossier: string; system: string; class: OperationClass; line: number; step: string; at: number; what: 'dossier' | SeenClass['what'] }
export type HandTests = { dossiers: number; classes: HandClass[] }

export const HAND_FILE = `history/${HAND_TESTS}.ndjson`

/** The dossiers' own records are nobody's surprise, however they came to be there. */
export async function openHandTests(db: Database, records: RunRecords, states: ReadonlyMap<string, FileState>): Promise<void> {
  await db.run('CREATE TABLE hand (dossier VARCHAR, khash UBIGINT, outcome VARCHAR, completed BIGINT, system VARCHAR, partner VARCHAR, step VARCHAR, line BIGINT, observed VARCHAR, amount BIGINT); CREATE TABLE hand_keys (dossier VARCHAR, khash UBIGINT)')
  const file = records.files.find(({ kind }) => kind === 'hand')
  if (!file || !states.get(file.name)?.whole) return
  await db.run(`INSERT INTO hand SELECT dossierCode, hash('dossier/' || dossierCode), outcome, completedAt::BIGINT, system, fields.partner, step, line, observed, amountVnd
    FROM (SELECT *, row_number() OVER () AS line FROM ${readJson(file.path, COLUMNS)}) WHERE dossierCode IS NOT NULL;
    INSERT INTO hand_keys SELECT DISTINCT dossier, khash FROM hand`)
  // A dossier of the old portal has another code on the new one, which keeps the old code beside it.
  for (const { source } of await db.rows<{ source: string }>(`SELECT source FROM systems WHERE role = 'portal' AND whole`)) {
    await db.run(`INSERT INTO hand_keys SELECT DISTINCT h.dossier, hash(j.key) FROM ${readJson(source, `{key: 'VARCHAR', fields: 'STRUCT(legacyCode VARCHAR)'}`)} j JOIN hand h ON h.dossier = j.fields.legacyCode WHERE j.key LIKE 'dossier/%'`)
  }
  await db.run('DELETE FROM strangers WHERE khash IN (SELECT khash FROM hand_keys)')
}

export async function judgeHandTests(kase: Case): Promise<HandTests> {
  const { db, plan, times, states } = kase
  type Row = { dossier: string; outcome: 'ok' | 'fail' | 'info'; completed: number; system: string; partner: string; step: string; line: number }
  // The best that any tester saw of a dossier speaks for it.
  const rows = await db.rows<Row>(`SELECT * EXCLUDE (choice, khash) FROM (SELECT *, row_number() OVER (PARTITION BY dossier ORDER BY CASE outcome WHEN 'ok' THEN 0 WHEN 'info' THEN 1 ELSE 2 END, completed DESC, line) AS choice FROM hand) WHERE choice = 1 ORDER BY line`)
  if (rows.length === 0) return { dossiers: 0, classes: [] }
  const held = await db.rows<{ dossier: string; name: string; n: number }>(`SELECT k.dossier, y.name, count(*) AS n FROM hand_keys k JOIN evidence e ON e.khash = k.khash JOIN systems y ON y.file = e.file GROUP BY k.dossier, y.name`)
  const countOf = new Map(held.map(({ dossier, name, n }) => [`${dossier} ${name}`, n]))
  const systems = new Map(plan.target.systems.filter(({ mode }) => mode !== 'absent').map((system) => [system.id, system]))
  const absent = new Set(plan.partners.filter(({ mode }) => mode === 'absent').map(({ id }) => `partner-${id}`))
  const read = (id: string) => states.get(`evidence/${id}.ndjson`)
  const boundMs = plan.boundsWallMs.dossierSync
  const classes = rows.flatMap(({ dossier, outcome, completed, system: home, partner, step, line }): HandClass[] => {
    const named = (system: string, name: OperationClass): HandClass => ({ dossier, system, class: name, line, step, at: completed, what: 'dossier' })
    const n = (id: string) => countOf.get(`${dossier} ${id}`) ?? 0
    if (!systems.has(home) || !read(home)?.whole) return [named(home, 'unverified')]
    const elsewhere = [...systems.values()].filter(({ id, role }) => (role === 'portal' || role === 'legacy') && id !== home || role === 'partner' && id !== `partner-${partner}`).map(({ id }) => id).find((id) => n(id) > 0 && !(home === 'legacy' && id === 'portal'))
    // Only whoever was refused the dossier itself expects that there is none.
    if (outcome === 'fail') return n(home) > 0 && HAND_STEPS.find((one) => one.step === step)?.makes ? [named(home, 'ghost')] : []
    if (outcome === 'info') return [named(home, n(home) > 1 ? 'duplicate' : n(home) === 1 ? 'recovered' : 'unresolved')]
    if (n(home) > 1) return [named(home, 'duplicate')]
    if (n(home) === 0) return [elsewhere !== undefined ? named(elsewhere, 'misrouted') : named(home, late(read(home)!, completed + boundMs) ? 'lost' : 'unverified')]
    const due = [...home === 'legacy' && times.copiedUpTo !== null && completed < times.copiedUpTo ? ['portal'] : [], ...home === 'legacy' ? [] : ['coordination', `partner-${partner}`]]
      .filter((id) => systems.has(id) && !absent.has(id))
    return [...elsewhere !== undefined && home !== 'legacy' ? [named(elsewhere, 'split')] : [], ...due.flatMap((id) => {
      if (!read(id)?.whole) return [named(id, 'unverified')]
      if (n(id) > 1) return [named(id, 'duplicate')]
      return n(id) === 1 ? [] : [named(id, late(read(id)!, completed + boundMs) ? 'lost' : 'unverified')]
    })]
  })
  const whole = new Set(rows.filter(({ outcome, dossier, system }) => outcome === 'ok' && (countOf.get(`${dossier} ${system}`) ?? 0) === 1).map(({ dossier }) => dossier))
  return { dossiers: rows.length, classes: [...classes, ...await judgeSeen(kase, whole)] }
}

/** An absence counts only in a read that began after the bound. */
function late(state: FileState, due: number): boolean { return (state.beganAt ?? 0) >= due }

const EFFECT = { 'ghost': 'fail', 'lost': 'fail', 'misrouted': 'fail', 'split': 'fail', 'duplicate': 'fail', 'stale': 'fail', 'illegal-transition': 'fail', 'inconsistent': 'fail', 'unverified': 'inconclusive' } as Partial<Record<OperationClass, 'fail' | 'inconclusive'>>

export function statusOf({ dossiers, classes }: HandTests): 'pass' | 'fail' | 'inconclusive' {
  return dossiers === 0 ? 'inconclusive' : worst(['pass', ...classes.map((one) => EFFECT[one.class] ?? 'pass' as const)])
}

export async function handTestFindings(kase: Case): Promise<Finding[]> {
  if (!kase.records.handTests) return []
  const { dossiers, classes } = await judgeHandTests(kase)
  const failing = Map.groupBy(classes.filter((one) => EFFECT[one.class] === 'fail'), (one) => `${one.class} ${one.system} ${one.what}`)
  const held = await kase.db.rows<{ dossier: string; name: string; status: string | null }>(`SELECT k.dossier, y.name, min(e.status) AS status FROM hand_keys k JOIN evidence e ON e.khash = k.khash JOIN systems y ON y.file = e.file WHERE k.dossier IN (${[...new Set(classes.map(({ dossier }) => literal(dossier)))].join(', ') || 'NULL'}) GROUP BY k.dossier, y.name ORDER BY y.name`)
  return [...failing.values()].map((all) => {
    const { class: name, system, what } = all[0]!
    const own = findingOf(kase, {
      incident: null, class: name, system, count: all.length, since: kase.times.scenarioIso(Math.min(...all.map(({ at }) => at))),
      examples: all.slice(0, SHOWN).map(({ dossier, step, at, line }) => ({
        dossierCode: dossier, procedureCode: null, time: new Date(at).toISOString(), step, errorText: null, statuses: Object.fromEntries(held.filter((row) => row.dossier === dossier).map((row) => [row.name, row.status ?? 'there'])),
        evidence: [{ file: HAND_FILE, lines: [line] }],
      })),
      cause: what === 'payment' ? CAUSE_OF_PAYMENT[name]!(system) : CAUSE[name]!(system), measure: `trace the dossiers named through the logs of ${system}`, rerunCondition: `the dossiers named are found where they are due, by their codes`, power: powerOf(dossiers, all.length, 'dossiers tested by hand'),
    })
    return { ...own, id: `hand-tests:${name}:${system}${what === 'dossier' ? '' : `:${what}`}` }
  })
}

const CAUSE: Partial<Record<OperationClass, (system: string) => string>> = {
  lost: (system) => `people saw it done by hand, and ${system} does not hold the dossier although its final read began after the convergence bound`,
  misrouted: (system) => `people saw it done by hand, and the dossier lies in ${system}, where it does not belong, and not where it was tested`,
  split: (system) => `the dossier is where it was tested, and a second time in ${system}, where none is due`,
  duplicate: (system) => `${system} holds more than one record of the dossier`,
  ghost: (system) => `people were refused by hand, and ${system} holds the dossier all the same`,
  stale: (system) => `people saw a status by hand, and ${system} still shows an older one, past the convergence bound`,
  'illegal-transition': (system) => `people saw a status by hand, and ${system} shows one to which the process does not lead from there`,
}

const CAUSE_OF_PAYMENT: Partial<Record<OperationClass, (system: string) => string>> = {
  lost: (system) => `people paid by hand and were told so, and ${system} holds no payment of the dossier although its final read began after the bound`,
  inconsistent: (system) => `people paid by hand, and ${system} holds another sum`,
}
