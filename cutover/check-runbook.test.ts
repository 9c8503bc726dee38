/** Every mistake that the check knows, each with its path, and all of one runbook at once. */
import { describe, expect, it } from 'vitest'
import type { RunbookInput } from '../contracts/runbook.ts'
import { checkRunbook } from './check-runbook.ts'
import { runbookOf } from './engine/stage.ts'

const FREEZE = { id: 'freeze', do: { 'legacy.freeze': {} } }
const OPEN = { id: 'open', do: { 'portal.open': {} } }
type Entries = Parameters<typeof runbookOf>[0]
type Row = { what: string; entries: Entries; more?: Partial<RunbookInput>; code: string; path: (string | number)[]; mend?: RegExp }

const ROWS: Row[] = [
  { what: 'an unknown action', entries: [{ id: 'a', do: { 'legacy.freze': {} } }], code: 'RUNBOOK_ACTION_UNKNOWN', path: ['steps', 0, 'do', 'legacy.freze'], mend: /did you mean "legacy\.freeze"/ },
  { what: 'an unknown parameter', entries: [{ id: 'a', do: { 'dns.ttl': { name: 'portal', ttl: '60s', tll: '1s' } } }], code: 'RUNBOOK_PARAMETER_UNKNOWN', path: ['steps', 0, 'do', 'dns.ttl', 'tll'], mend: /did you mean "ttl"/ },
  { what: 'a parameter that does not fit', entries: [{ id: 'a', do: { 'dns.ttl': { name: 'portal', ttl: 'soon' } } }], code: 'RUNBOOK_PARAMETER_INVALID', path: ['steps', 0, 'do', 'dns.ttl', 'ttl'], mend: /name, ttl/ },
  { what: 'a partner that is none', entries: [{ id: 'a', do: { 'partners.connect': { wave: 1, except: ['justise'] } } }], code: 'RUNBOOK_PARTNER_UNKNOWN', path: ['steps', 0, 'do', 'partners.connect', 'except', 0], mend: /did you mean "justice"/ },
  { what: 'an unknown metric', entries: [{ ...FREEZE, doneWhen: ['legacy.frozn == 1'] }], code: 'RUNBOOK_METRIC_UNKNOWN', path: ['steps', 0, 'doneWhen', 0], mend: /did you mean "legacy\.frozen"/ },
  { what: 'an unknown argument', entries: [{ ...FREEZE, watch: ['dns.ttl(souht) <= 60s'] }], code: 'RUNBOOK_ARGUMENT_UNKNOWN', path: ['steps', 0, 'watch', 0], mend: /did you mean "south"/ },
  { what: 'an argument where none is taken', entries: [{ ...FREEZE, watch: ['legacy.frozen(all) == 1'] }], code: 'RUNBOOK_ARGUMENT_UNKNOWN', path: ['steps', 0, 'watch', 0], mend: /without brackets/ },
  { what: 'a missing argument', entries: [{ ...FREEZE, watch: ['dns.converged == 100%'] }], code: 'RUNBOOK_ARGUMENT_MISSING', path: ['steps', 0, 'watch', 0], mend: /dns\.converged\(all\)/ },
  { what: 'a wrong unit', entries: [{ ...FREEZE, watch: ['portal.errorRate < 2'] }], code: 'RUNBOOK_UNIT_WRONG', path: ['steps', 0, 'watch', 0], mend: /2%/ },
  { what: 'a condition that is none', entries: [FREEZE], more: { steadyState: ['portal.errorRate 2%'] }, code: 'RUNBOOK_CONDITION_SYNTAX', path: ['steadyState', 0], mend: /use one of/ },
  { what: 'an unknown owner', entries: [{ ...FREEZE, owner: 'comittee' } as Entries[number]], code: 'RUNBOOK_PARTY_UNKNOWN', path: ['steps', 0, 'owner'], mend: /did you mean "committee"/ },
  { what: 'an unknown approver', entries: [FREEZE, { gate: 'g', asks: ['legacy.frozen == 1'], approver: 'nobody' } as Entries[number]], code: 'RUNBOOK_PARTY_UNKNOWN', path: ['steps', 1, 'approver'] },
  { what: 'an unknown party to escalate to', entries: [{ ...FREEZE, fallback: { undo: true, escalate: 'nobody' } }], code: 'RUNBOOK_PARTY_UNKNOWN', path: ['steps', 0, 'fallback', 'escalate'] },
  { what: 'an id twice', entries: [FREEZE, FREEZE], code: 'RUNBOOK_ID_TWICE', path: ['steps', 1, 'id'] },
  { what: 'a time before the one above', entries: [{ ...FREEZE, at: '22:00' }, { ...OPEN, at: '21:59' }], code: 'RUNBOOK_TIME_ORDER', path: ['steps', 1, 'at'] },
  { what: 'a time outside the window', entries: [{ ...FREEZE, at: '04:01' }], code: 'RUNBOOK_TIME_OUTSIDE', path: ['steps', 0, 'at'] },
  { what: 'a fallback that says nothing', entries: [{ ...FREEZE, fallback: { escalate: 'committee' } }], code: 'RUNBOOK_FALLBACK_UNCLEAR', path: ['steps', 0, 'fallback'], mend: /undo: true.*proceed: true/ },
  { what: 'a fallback that says both', entries: [{ ...FREEZE, fallback: { undo: true, proceed: true } }], code: 'RUNBOOK_FALLBACK_UNCLEAR', path: ['steps', 0, 'fallback'] },
  { what: 'a gate with nothing to go back to', entries: [{ id: 'w', do: { wait: { for: '1m' } } }, { gate: 'g', asks: ['legacy.frozen == 1'] }, OPEN], code: 'RUNBOOK_GATE_NO_WAY_BACK', path: ['steps', 1, 'gate'], mend: /onNo: record/ },
  { what: 'an unfinished partner that is none', entries: [FREEZE], more: { unfinished: [{ partner: 'camau', outstanding: 1, source: '001' }] }, code: 'RUNBOOK_PARTNER_UNKNOWN', path: ['unfinished', 0, 'partner'], mend: /did you mean "ca-mau"/ },
]

it.each(ROWS)('names $what', ({ entries, more, code, path, mend }) => {
  const problems = checkRunbook(runbookOf(entries, more))
  expect(problems).toMatchObject([{ code, path }])
  if (mend) expect(problems[0]!.mend).toMatch(mend)
})

describe('a runbook without mistakes', () => {
  it.each<{ what: string; entries: Entries }>([
    { what: 'past midnight', entries: [{ ...FREEZE, at: '23:59' }, { ...OPEN, at: '00:01' }] },
    { what: 'a gate that is only recorded first', entries: [{ gate: 'g', asks: ['legacy.frozen == 1'], onNo: 'record' }] },
    { what: 'every kind of argument', entries: [{ ...FREEZE, watch: ['sync.pending == 0', 'sync.pending(wave-2) == 0', 'sync.pending(ca-mau) == 0', 'partners.connected(wave-1) == 100%', 'portal.errorRate(since-switch) < 2%', 'dns.ttl(north) <= 60s'] }] },
  ])('$what', ({ entries }) => expect(checkRunbook(runbookOf(entries))).toEqual([]))
})

it('reports all problems together', () => {
  const codes = checkRunbook(runbookOf([{ id: 'a', do: { nothing: {} }, doneWhen: ['x.y == 1', 'legacy.frozen == 1%'] }, { ...OPEN, id: 'a' }])).map((problem) => problem.code)
  expect(codes.toSorted()).toEqual(['RUNBOOK_ACTION_UNKNOWN', 'RUNBOOK_ID_TWICE', 'RUNBOOK_METRIC_UNKNOWN', 'RUNBOOK_UNIT_WRONG'])
})
