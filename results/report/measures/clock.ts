/** The run's clock as the journal shows it: without a single stamp of the running clock nothing can be put on the scenario axis (null). */
import type { JournalEntry } from '../../../contracts/journal.ts'
import type { Plan } from '../../../contracts/plan.ts'
import type { ClockPlan } from '../../../contracts/scenario-clock.ts'

export function clockOf(plan: Plan, journal: readonly JournalEntry[]): ClockPlan | null {
  // Before the run begins the scenario clock stands still, so the latest stamp tells the offset best.
  const latest = journal.reduce<JournalEntry | undefined>((best, entry) => (!best || entry.scenarioAt > best.scenarioAt ? entry : best), undefined)
  if (!latest || latest.scenarioAt < plan.scenarioStartMs) return null
  const { timeScale, scenarioStartMs } = plan
  return { startedAtMs: latest.at - (latest.scenarioAt - scenarioStartMs) / timeScale, timeScale, scenarioStartMs }
}
