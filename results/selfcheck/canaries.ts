/**
 * Chooses canaries: for each mutation one record whose operation is confirmed, by the order of SHA-256 over plan hash, mutation and operation.
 * Each canary has an operation and a dossier of its own, so that none hides another. Where a mutation has no candidate it has no canary.
 */
import type { Canary, OperationClass } from '../../contracts/verdict.ts'
import type { z } from 'zod'
import type { Case } from '../judge/case.ts'
import { literal } from '../judge/database.ts'
import { recordTypeIndex } from '../judge/record-types.ts'

type CanaryData = z.infer<typeof Canary>
export type ChosenCanary = CanaryData & { operation: number; file: number; row: number; toFile: number | null; status: string | null }

const MUTATIONS: readonly { mutation: CanaryData['mutation']; expected: z.infer<typeof OperationClass> }[] = [
  { mutation: 'stale', expected: 'stale' }, { mutation: 'misroute', expected: 'misrouted' }, { mutation: 'alter', expected: 'inconsistent' },
  { mutation: 'double', expected: 'duplicate' }, { mutation: 'drop', expected: 'lost' },
]
/** Of each mutation. */
const EACH = 2

export async function chooseCanaries(kase: Case): Promise<ChosenCanary[]> {
  const chosen: ChosenCanary[] = []
  const dossiers = new Set<string>()
  for (const { mutation, expected } of MUTATIONS) {
    let taken = 0
    for (const row of await candidates(kase, mutation)) {
      const own = row.dossier ?? `operation ${row.operation}`
      if (dossiers.has(own)) continue
      dossiers.add(own)
      taken += 1
      chosen.push({ id: `${mutation}-${taken}`, mutation, system: mutation === 'misroute' ? row.to_name! : row.system, op: row.op, expectedClass: expected, operation: row.operation, file: row.file, row: row.row, toFile: row.to_file, status: row.status })
      if (taken === EACH) break
    }
  }
  return chosen
}

type Candidate = { op: string; operation: number; dossier: string | null; system: string; file: number; row: number; to_file: number | null; to_name: string | null; status: string | null }

/** Some more than are taken, because dossiers may meet. */
const SPARE = 20

async function candidates({ db, plan }: Case, mutation: CanaryData['mutation']): Promise<Candidate[]> {
  const dossier = recordTypeIndex('dossier')
  // Only operations that nothing names, alone on their dossier for all but `stale`, in their right system and past its bound.
  const sound = `o.writes AND o.outcome = 'ok' AND o.id NOT IN (SELECT id FROM named) AND h.whole AND h.began >= o.completed + o.bound0`
  const order = `ORDER BY sha256(${literal(`${plan.planHash}/${mutation}/`)} || op_name(o.id, o.chk)) LIMIT ${SPARE}`
  const columns = `op_name(o.id, o.chk) AS op, o.id AS operation, o.dossier`
  const home = `FROM ops o JOIN systems h ON h.file = o.file0 JOIN records r ON r.id = o.id AND r.chk = o.chk AND r.file = o.file0 AND r.type = o.type0`
  const alone = `(o.dossier IS NULL OR o.dossier NOT IN (SELECT dossier FROM ops WHERE kind = 'sync.status' AND dossier IS NOT NULL))`
  switch (mutation) {
    case 'drop': case 'double':
      return db.rows<Candidate>(`SELECT ${columns}, h.name AS system, r.file, r.row, NULL AS to_file, NULL AS to_name, NULL AS status ${home} WHERE ${sound} AND ${alone} ${order}`)
    case 'alter':
      return db.rows<Candidate>(`SELECT ${columns}, h.name AS system, r.file, r.row, NULL AS to_file, NULL AS to_name, NULL AS status ${home} WHERE ${sound} AND ${alone} AND o.name IS NOT NULL AND r.name IS NOT NULL ${order}`)
    case 'misroute':
      return db.rows<Candidate>(`SELECT ${columns}, h.name AS system, r.file, r.row, t.file AS to_file, t.name AS to_name, NULL AS status ${home}
        JOIN systems t ON t.whole AND (t.groups & o.rivals) <> 0 AND t.groups = h.groups AND t.file <> o.file0 AND (o.type1 IS NULL OR t.file IS DISTINCT FROM o.file1) AND (o.type2 IS NULL OR t.file IS DISTINCT FROM o.file2)
        WHERE ${sound} AND ${alone} ${order}`)
    case 'stale':
      return db.rows<Candidate>(`SELECT ${columns}, h.name AS system, r.file, r.row, NULL AS to_file, NULL AS to_name, 'newly-registered' AS status
        FROM last_push l JOIN ops o ON o.id = l.id JOIN systems h ON h.file = o.file0 JOIN records r ON r.khash = l.khash AND r.type = ${dossier} AND r.file = o.file0
        WHERE ${sound} AND o.kind = 'sync.status' AND h.began >= o.completed + o.bound1 AND r.status = l.status AND l.status <> 'newly-registered' AND r.id IS NOT NULL
          AND l.khash NOT IN (SELECT khash FROM pushes WHERE status = 'newly-registered') ${order}`)
  }
}
