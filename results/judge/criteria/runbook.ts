/** The runbook by the journal: every step done, every gate go, with conditions that held, the night completed. Not whole or silent: inconclusive; said no: fail. */
import { entryId, isGate } from '../../../contracts/runbook.ts'
import { isHistoryWhole, neverOffered, saysNothing } from '../offered.ts'
import { type CriterionRule, result } from './criterion.ts'

export const runbook: CriterionRule = {
  id: 'runbook',
  async check(kase) {
    const { plan, records: { journal }, states } = kase
    const missing = await neverOffered(kase)
    // A gate that waits for dossiers which the load generator never offered decided on the generator, and so did what followed from its no.
    const starved = new Set(journal.flatMap((entry) => (entry.kind === 'gate' && entry.event === 'no-go') || (entry.kind === 'step' && entry.event === 'not-done')
      ? saysNothing(entry.conditions ?? [], missing, isHistoryWhole(kase)) ? [entry.id] : [] : []))
    const whole = states.get('journal.ndjson')?.whole ?? false
    const lineOf = (seq: number) => [{ file: 'journal.ndjson', lines: [journal.findIndex((entry) => entry.seq === seq) + 1] }]
    const ends = journal.filter((entry) => entry.kind === 'run' && (entry.event === 'end' || entry.event === 'aborted' || entry.event === 'interrupted'))
    const end = ends.find((entry) => entry.kind === 'run' && entry.event !== 'end') ?? ends.at(-1)
    const event = end?.kind === 'run' ? end.event : null
    const note = end?.kind === 'run' && end.note ? `: ${end.note}` : ''
    const calledOffByGenerator = event === 'aborted' && journal.some((entry) => entry.kind === 'gate' && entry.event === 'no-go') && journal.every((entry) => entry.kind !== 'gate' || entry.event !== 'no-go' || starved.has(entry.id))
    const results = [result('runbook.completed', event === 'end' ? 'pass' : event === 'aborted' && !calledOffByGenerator ? 'fail' : 'inconclusive', 'the night went to its end',
      event === 'end' ? 'it did' : event === null ? 'the journal does not say' : `${event}${note}`, end ? lineOf(end.seq) : [])]
    for (const entry of plan.runbook.steps) {
      const id = entryId(entry)
      const last = journal.findLast((candidate) => (candidate.kind === 'step' || candidate.kind === 'gate') && candidate.id === id && candidate.event !== 'begin' && candidate.event !== 'asked')
      const outcome = last?.kind === 'step' || last?.kind === 'gate' ? last.event : null
      const expected = isGate(entry) ? 'go' : 'done'
      const unheld = last && 'conditions' in last ? (last.conditions ?? []).filter((condition) => condition.held !== true).map((condition) => `${condition.condition} was ${condition.observed ?? 'not measured'}`) : []
      const observed = outcome === null ? (whole ? 'not reached' : 'the journal is not whole') : [outcome, ...unheld].join('; ')
      const unknown = starved.has(id) || (outcome === null && (!whole || event === 'interrupted' || calledOffByGenerator))
      const held = last && 'conditions' in last ? (last.conditions ?? []).map((condition) => condition.held) : []
      const status = outcome === expected ? held.includes(false) ? 'fail' : held.includes(null) ? 'inconclusive' : 'pass' : unknown ? 'inconclusive' : 'fail'
      results.push(result(`runbook.${isGate(entry) ? 'gate' : 'step'}.${id}`, status, `${id}: ${expected}`, observed, last ? lineOf(last.seq) : []))
    }
    return results
  },
}
