/**
 * What testers saw of a dossier, against what systems show of it in the end: the last status that somebody saw (or that the process leads to from there) in every system
 * that holds the dossier; the payment, and its sum, in the payment system, and in the portal where its reader gives payments. In: tables hand, hand_keys, the final reads.
 * Out: classes by system. Less than was seen is `stale`, `late` inside the bound; another end `illegal-transition`; a payment that is not there `lost`, another sum
 * `inconsistent`; what a reader does not give `unverified`.
 */
import { HAND_STEPS } from '../../contracts/hand-tests.ts'
import { LEGACY_STATUS_NUMBERS } from '../../contracts/legacy-status.ts'
import { DOSSIER_STATUSES, STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import type { OperationClass } from '../../contracts/verdict.ts'
import type { Case } from './case.ts'
import { literal } from './database.ts'
import { readJson } from './load-records.ts'
import { recordTypeIndex } from './record-types.ts'

export type SeenTest = { dossier: string; outcome: 'ok' | 'fail' | 'info'; completed: number; step: string; line: number; observed: string | null; amount: number | null }
export type SeenClass = { dossier: string; system: string; class: OperationClass; line: number; step: string; at: number; what: 'status' | 'payment' }

const ALL_TESTS = 'SELECT dossier, outcome, completed, step, line, observed, amount FROM hand ORDER BY completed, line'
/** What says that a fee is paid: at the bank, at the counter, or a payment that has come to this state. */
const PAID = `(key LIKE 'paid/%' OR key LIKE 'counter/%' OR (key LIKE 'payment/%' AND status = 'paid'))`
const PAYMENT_TYPES = ['payment', 'paid', 'counter'].map(recordTypeIndex).join(', ')

/** `held`: dossiers that were found where they are due; of others nothing more can be said. */
export async function judgeSeen(kase: Case, held: ReadonlySet<string>): Promise<SeenClass[]> {
  const tests = (await kase.db.rows<SeenTest>(ALL_TESTS)).filter(({ dossier }) => held.has(dossier))
  const byDossier = Map.groupBy(tests, ({ dossier }) => dossier)
  return [...await judgeStatuses(kase, byDossier), ...await judgePayments(kase, tests)]
}

async function judgeStatuses({ db, plan, states }: Case, byDossier: ReadonlyMap<string, SeenTest[]>): Promise<SeenClass[]> {
  type Shown = { dossier: string; name: string; role: string; began: number; status: string | null; keeps: boolean }
  const shown = await db.rows<Shown>(`SELECT k.dossier, y.name, y.role, y.began, max(e.status) AS status, coalesce(bool_or(t.status), false) AS keeps
    FROM hand_keys k JOIN evidence e ON e.khash = k.khash AND e.type = ${recordTypeIndex('dossier')} JOIN systems y ON y.file = e.file AND y.whole LEFT JOIN kept t ON t.file = e.file AND t.type = e.type
    GROUP BY k.dossier, y.name, y.role, y.began ORDER BY k.dossier, y.name`)
  return shown.flatMap(({ dossier, name, role, began, status, keeps }): SeenClass[] => {
    const of = byDossier.get(dossier) ?? []
    const last = of.findLast(({ outcome, observed }) => outcome === 'ok' && isStatus(observed))
    if (!last || !states.get(`evidence/${name}.ndjson`)?.whole) return []
    const named = (what: OperationClass): SeenClass[] => [{ dossier, system: name, class: what, line: last.line, step: last.step, at: last.completed, what: 'status' }]
    if (!keeps) return named('unverified')
    const seen = last.observed as DossierStatus
    const now = role === 'legacy' ? ofOldPortal(status) : status
    if (isStatus(now) && (leadsTo(seen, now) || of.some(({ outcome, step }) => outcome === 'info' && HAND_STEPS.find((one) => one.step === step)?.sets === now))) return []
    const older = !isStatus(now) || leadsTo(now, seen)
    return named(!older ? 'illegal-transition' : began >= last.completed + plan.boundsWallMs.statusSync ? 'stale' : 'late')
  })
}

async function judgePayments({ db, plan }: Case, tests: readonly SeenTest[]): Promise<SeenClass[]> {
  const paying = tests.filter(({ step, outcome }) => outcome === 'ok' && HAND_STEPS.find((one) => one.step === step)?.pays)
  if (paying.length === 0) return []
  const systems = await db.rows<{ name: string; role: string; source: string; began: number; gives: boolean; whole: boolean }>(`SELECT y.name, y.role, y.source, y.began, y.whole, EXISTS (FROM evidence e WHERE e.file = y.file AND e.type IN (${PAYMENT_TYPES})) AS gives
    FROM systems y WHERE y.role IN ('payments', 'portal') ORDER BY y.name`)
  // Without a payment system nobody owes the record; one that is there and not read makes it unverified.
  const unread = plan.target.systems.filter(({ role, mode, id }) => role === 'payments' && mode !== 'absent' && !systems.some(({ name, whole }) => name === id && whole)).map(({ id }) => id)
  const found: SeenClass[] = paying.flatMap((test) => unread.map((id) => classOf(test, id, 'unverified')))
  for (const { name, role, source, began, gives } of systems.filter(({ whole }) => whole)) {
    if (role === 'portal' && !gives) continue
    const rows = await db.rows<{ dossier: string; amount: number | null }>(`SELECT j.fields.dossierCode AS dossier, j.fields.amountVnd AS amount FROM ${readJson(source, `{key: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(dossierCode VARCHAR, amountVnd BIGINT)'}`)} j
      WHERE ${PAID} AND j.fields.dossierCode IN (${[...new Set(paying.map(({ dossier }) => literal(dossier)))].join(', ')})`)
    for (const test of paying) {
      const paid = rows.filter(({ dossier }) => dossier === test.dossier)
      const bound = test.completed + plan.boundsWallMs.payment
      if (paid.length === 0) found.push(classOf(test, name, gives && began >= bound ? 'lost' : 'unverified'))
      else if (test.amount !== null && paid.every(({ amount }) => amount !== null && Number(amount) !== test.amount)) found.push(classOf(test, name, 'inconsistent'))
      else if (test.amount !== null && paid.every(({ amount }) => amount === null)) found.push(classOf(test, name, 'unverified'))
    }
  }
  return found
}

function classOf({ dossier, line, step, completed }: SeenTest, system: string, name: OperationClass): SeenClass { return { dossier, system, class: name, line, step, at: completed, what: 'payment' } }

function isStatus(text: string | null): text is DossierStatus { return (DOSSIER_STATUSES as readonly (string | null)[]).includes(text) }

const OLD_NUMBERS = new Map(Object.entries(LEGACY_STATUS_NUMBERS).map(([status, number]) => [String(number), status]))
function ofOldPortal(status: string | null): string | null { return status === null ? null : OLD_NUMBERS.get(status) ?? status }

/** The same, or what the process can make of it. */
function leadsTo(from: DossierStatus, to: DossierStatus, passed: readonly DossierStatus[] = []): boolean {
  return from === to || STATUS_TRANSITIONS[from].some((next) => !passed.includes(next) && leadsTo(next, to, [...passed, from]))
}
