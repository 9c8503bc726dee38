/** Validity of the records themselves: the plan's hash, every record file whole, every system read to its end and at its time, operations derivable from the plan. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../contracts/canonical-json.ts'
import { hasReader } from '../../../contracts/target.ts'
import type { Case } from '../case.ts'
import { earlyReads, usedBaselines } from '../reads.ts'
import { RECORD_KEEPERS } from '../record-types.ts'
import { checkOf } from '../strangers.ts'
import { type CriterionRule, listed, validity } from './criterion.ts'

export const recordFiles: CriterionRule = {
  id: 'valid.records',
  async check(kase) {
    const { plan, records, states } = kase
    const { planHash, ...rest } = plan
    const hash = createHash('sha256').update(canonicalJson(rest)).digest('hex')
    const broken = [...states].filter(([, state]) => !state.whole).map(([name, state]) => `${name} ${state.reason}`)
    const unread = readable(kase).filter((id) => !states.get(`evidence/${id}.ndjson`)?.whole)
    const withoutReader = unreadable(kase)
    const notRead = [...unread.length > 0 ? [`not read: ${listed(unread)}`] : [], ...withoutReader.length > 0 ? [`without a reader, so that nothing of what they hold is verified: ${listed(withoutReader)}`] : []]
    const noBaseline = plan.target.systems.filter((system) => hasReader(system) && RECORD_KEEPERS.has(system.role))
      .map((system) => system.id).filter((id) => !states.get(`evidence/${id}.baseline.ndjson`)?.whole)
    const early = await earlyReads(kase)
    const used = await usedBaselines(kase)
    const impossible = await impossibleLines(kase)
    const twice = await kase.db.count('SELECT count(*) FROM (SELECT id FROM history WHERE id IN (SELECT id FROM repeated) GROUP BY id, attempt HAVING count(*) > 1)')
    return [
      validity('plan-hash', hash === planHash, `the plan has the hash ${planHash}`, hash === planHash ? 'it has' : `its content has the hash ${hash}`, [{ file: 'plan.json', lines: [1] }]),
      validity('record-files-whole', broken.length === 0, 'every record file ends with a trailer that fits', broken.length === 0 ? `${states.size} files, all whole` : listed(broken), broken.length === 0 ? [] : records.files.filter((file) => !states.get(file.name)!.whole).slice(0, 20).map((file) => ({ file: file.name, lines: [] }))),
      validity('systems-read', notRead.length === 0, 'every system of the target read to its end', notRead.length === 0 ? `${readable(kase).length} systems` : notRead.join('; ')),
      validity('baseline-read', noBaseline.length === 0, 'every system that keeps records read before the run', noBaseline.length === 0 ? 'all were' : `without a baseline: ${listed(noBaseline)}`),
      validity('baseline-unused', used.length === 0, 'no baseline holds operations of this plan', used.length === 0 ? 'none does' : listed(used.map((one) => `${one.records} records in the baseline of ${one.system}`))),
      validity('final-reads', early.length === 0, 'every final read began when the last operation had ended', early.length === 0 ? 'all did' : `too early: ${listed(early)}`, early.map((id) => ({ file: `evidence/${id}.ndjson`, lines: [1] }))),
      validity('operations-derivable', impossible.count + twice === 0, 'every logged operation follows from seed and plan, each attempt told once',
        impossible.count + twice === 0 ? 'all do' : [...(impossible.count > 0 ? [`${impossible.count} do not, the first is ${impossible.first}`] : []), ...(twice > 0 ? [`${twice} attempts are told twice`] : [])].join('; '), impossible.evidence),
    ]
  },
}

export function readable({ plan }: Pick<Case, 'plan'>): string[] {
  return plan.target.systems.filter(hasReader).map((system) => system.id)
}

/** Systems that take part and keep records of operations, and that nobody can read. */
export function unreadable({ plan }: Pick<Case, 'plan'>): string[] {
  return plan.target.systems.filter((system) => system.mode !== 'absent' && RECORD_KEEPERS.has(system.role) && !hasReader(system)).map((system) => system.id)
}

async function impossibleLines({ db, plan }: Case): Promise<{ count: number; first: string; evidence: { file: string; lines: number[] }[] }> {
  const wrong = `FROM history h LEFT JOIN plan_steps s ON s.sid = h.id >> 32
    WHERE (h.id IS NOT NULL OR h.op_text IS NOT NULL OR h.attempt IS NOT NULL OR h.kind IS NOT NULL) AND (h.id IS NULL OR h.chk <> ${checkOf(plan, 's', 'h.id')} OR h.kind IS DISTINCT FROM s.kind
      OR h.attempt IS NULL OR h.outcome IS NULL OR h.intended IS NULL OR h.invoked IS NULL OR h.completed IS NULL)`
  const count = await db.count(`SELECT count(*) ${wrong}`)
  if (count === 0) return { count, first: '', evidence: [] }
  const rows = await db.rows<{ op: string; label: string; line: number }>(`SELECT coalesce(w.op_text, op_name(w.id, w.chk), '?') AS op, y.label, w.row - y.base + 1 AS line
    FROM (SELECT h.*, h.rowid AS row ${wrong}) w JOIN systems y ON y.file = w.file ORDER BY w.row LIMIT 5`)
  return { count, first: rows[0]!.op, evidence: rows.map((row) => ({ file: row.label, lines: [row.line] })) }
}
