/**
 * The runbook as bars on the scenario clock. In: the plan's steps in order and the journal. Out: one bar an entry with what became of it;
 * an entry that never began has no times. Undone steps keep their outcome and carry `undone`.
 */
import type { ConditionResult, JournalEntry } from '../../contracts/journal.ts'
import type { Plan } from '../../contracts/plan.ts'
import { entryId, isGate } from '../../contracts/runbook.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { Text } from '../../contracts/text.ts'

export type BarOutcome = 'done' | 'go' | 'not-done' | 'no-go' | 'error' | 'running' | 'not-reached'
export type RunbookBar = {
  id: string; kind: 'step' | 'gate'; title: Text
  /** Role, and the party's name by the runbook. */
  owner: string; ownerName: string
  action: string | null
  /** Scenario epoch ms. */
  plannedAt: number | null; beganAt: number | null; endedAt: number | null
  outcome: BarOutcome
  undone: boolean
  conditions: ConditionResult[]
  note: string | null
  approval: 'simulated' | 'person' | null
  breaches: number
}

const OPENING: readonly string[] = ['begin', 'asked']

export function runbookBars(plan: Plan, journal: readonly JournalEntry[]): RunbookBar[] {
  const { runbook } = plan
  return runbook.steps.map((entry): RunbookBar => {
    const id = entryId(entry)
    const gate = isGate(entry)
    const own = journal.filter((line) => (line.kind === 'step' || line.kind === 'gate') && line.kind === (gate ? 'gate' : 'step') && line.id === id)
    const opening = own.find((line) => 'event' in line && OPENING.includes(line.event))
    const closing = own.findLast((line) => 'event' in line && !OPENING.includes(line.event))
    const owner = gate ? entry.approver : entry.owner
    return {
      id, kind: gate ? 'gate' : 'step', title: entry.title, owner, ownerName: runbook.parties[owner] ?? owner,
      action: gate ? null : Object.keys(entry.do)[0] ?? null,
      plannedAt: entry.at ? plan.scenarioStartMs + clockOffsetMs(runbook.window.start, entry.at) : null,
      beganAt: opening?.scenarioAt ?? closing?.scenarioAt ?? null, endedAt: closing?.scenarioAt ?? null,
      outcome: closing ? closing.kind === 'step' || closing.kind === 'gate' ? closing.event as BarOutcome : 'error' : opening ? 'running' : 'not-reached',
      undone: journal.some((line) => line.kind === 'undo' && line.id === id && line.event === 'done'),
      conditions: (closing && 'conditions' in closing ? closing.conditions : undefined) ?? [],
      note: closing && 'note' in closing ? closing.note ?? null : null,
      approval: closing?.kind === 'gate' ? closing.approval : opening?.kind === 'gate' ? opening.approval : null,
      breaches: journal.filter((line) => line.kind === 'watch' && line.id === id && line.event === 'breach').length,
    }
  })
}
