/** One criterion for each class of the table in design section 5; `confirmed` says how many of the writes it is. */
import { CLASS_EFFECT, OPERATION_CLASSES } from '../../../contracts/verdict.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import type { Ref } from '../examples.ts'
import { type CriterionRule, listed, result } from './criterion.ts'

const SHOWN = 5

export const classes: CriterionRule = {
  id: 'class',
  async check(kase) {
    const counts = await classCounts(kase)
    const writes = await kase.db.count('SELECT count(*) FROM ops WHERE writes')
    const results = []
    for (const name of OPERATION_CLASSES) {
      const count = counts.get(name) ?? 0
      const effect = CLASS_EFFECT[name]
      const undecided = name === 'unexpected' ? kase.strangers.undecided : []
      if (name === 'confirmed') {
        results.push(result('class.confirmed', writes === 0 ? 'inconclusive' : 'pass', 'every acknowledged write stands in every system where it is due, or is named', `${count} of ${writes} writing operations`))
        continue
      }
      const expected = effect === 'note' ? 'counted, no effect on the verdict' : '0 operations'
      const status = count > 0 && effect === 'fail' ? 'fail' : (count > 0 && effect === 'inconclusive') || undecided.length > 0 ? 'inconclusive' : 'pass'
      results.push(result(`class.${name}`, status, expected, `${count}${undecided.length > 0 ? `; not decided without a baseline of ${listed(undecided)}` : ''}`, count === 0 ? [] : await linesOf(kase, name)))
    }
    return results
  },
}

/** Logical operations of each class; an operation named twice counts in both, `confirmed` is what no failing or open class names. */
export async function classCounts({ db }: Case): Promise<Map<string, number>> {
  const counts = new Map((await db.rows<{ class: string; n: number }>('SELECT class, count(DISTINCT id) AS n FROM named GROUP BY class')).map((row) => [row.class, row.n]))
  counts.set('confirmed', await db.count(`SELECT count(*) FROM ops WHERE writes AND outcome = 'ok' AND id NOT IN (SELECT id FROM named WHERE class <> 'late')`))
  counts.set('unexpected', await db.count('SELECT count(*) FROM strangers'))
  return counts
}

async function linesOf({ db }: Case, name: string): Promise<Ref[]> {
  const sql = name === 'unexpected'
    ? `SELECT y.label, r.row - y.base + 1 AS line FROM strangers t JOIN records r ON r.row = t.row JOIN systems y ON y.file = r.file ORDER BY y.label, line LIMIT ${SHOWN}`
    : `SELECT label, line FROM (SELECT DISTINCT y.label, o.hrow - y.base + 1 AS line, o.invoked, o.id FROM named n JOIN ops o ON o.id = n.id JOIN systems y ON y.file = o.worker WHERE n.class = ${literal(name)}) ORDER BY invoked, id LIMIT ${SHOWN}`
  const refs: Ref[] = []
  for (const row of await db.rows<{ label: string; line: number }>(sql)) {
    const ref = refs.find((candidate) => candidate.file === row.label)
    if (ref) ref.lines = [...ref.lines, row.line].sort((a, b) => a - b)
    else refs.push({ file: row.label, lines: [row.line] })
  }
  return refs
}
