/**
 * Ends the load when a criterion of the profile that says `stop` is breached: looked at twice a second while it runs, so that it ends within three
 * seconds of the moment the window shows it. The journal gets the breach; the verdict reads the whole history again.
 */
import type { JournalEntry } from '../../contracts/journal.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Plan } from '../../contracts/plan.ts'
import type { Journal } from '../../cutover/journal-file.ts'
import { createLiveCriteria } from '../../cutover/live-criteria.ts'

const LOOK_EVERY_MS = 500

/** `look`: what the clock asks for twice a second. */
export type StopWatch = { take: (line: OperationLine) => void; look: () => void; close: () => void }

export function startStopWatch(options: {
  plan: Plan; startedAtMs: number; baselines: Readonly<Record<string, number>>; journal: Journal; stop: () => Promise<void>; nowMs: () => number; onBreach?: (entry: JournalEntry) => void
}): StopWatch {
  const criteria = createLiveCriteria(options.plan, options.startedAtMs, options.baselines)
  const look = () => {
    const breaches = criteria.check(options.nowMs())
    if (breaches.length === 0) return
    clearInterval(timer)
    for (const { criterion, observed } of breaches) {
      const entry = options.journal.write({ kind: 'watch', id: 'load', event: 'breach', condition: criterion, observed: Number(observed.toFixed(4)) })
      options.onBreach?.(entry)
    }
    void options.stop()
  }
  const timer = criteria.watched.length === 0 ? undefined : setInterval(look, LOOK_EVERY_MS)
  return { take: criteria.take, look, close: () => clearInterval(timer) }
}
