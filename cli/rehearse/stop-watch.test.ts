/** The load ends where a criterion that says `stop` is breached, with the breach in the journal, and goes on where none is. */
import { afterEach, expect, it } from 'vitest'
import type { JournalEntry, JournalEvent } from '../../contracts/journal.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Plan } from '../../contracts/plan.ts'
import { samplePlan } from '../../results/judge/sample-plan.ts'
import { startStopWatch, type StopWatch } from './stop-watch.ts'

const STARTED = 1_000_000
let watch: StopWatch
afterEach(() => watch.close())

const planWith = (criterion: string): Plan => { const plan = samplePlan({ counts: { 'sync-w1': 1_000 } }); return { ...plan, profile: { ...plan.profile, criteria: [criterion] } } }
const push = (index: number, at: number, ms: number, outcome: 'ok' | 'info') => ({ op: `sync-w1.${index}.push.0123456789`, kind: 'sync.dossier', intendedAt: at, invokedAt: at, completedAt: at + ms, outcome }) as OperationLine

function started(criterion: string, nowMs: number) {
  const written: JournalEvent[] = []
  const stopped = Promise.withResolvers<void>()
  watch = startStopWatch({
    plan: planWith(criterion), startedAtMs: STARTED, baselines: {}, nowMs: () => nowMs, stop: async () => { stopped.resolve() },
    journal: { write: (event) => { written.push(event); return event as JournalEntry } },
  })
  return { written, stopped: stopped.promise }
}

/** The scenario is played from 70.7 s to 94.3 s after the start; one operation every 40 ms, every second of them unanswered. */
function played(criterion: string) {
  const run = started(criterion, STARTED + 93_000)
  for (let index = 0; index < 400; index += 1) watch.take(push(index, STARTED + 75_000 + index * 40, 50, index % 2 ? 'info' : 'ok'))
  watch.look()
  return run
}

it('a breach ends the load and stands in the journal', async () => {
  const { written, stopped } = played('errorRate(dossier-sync) < 10% for 5s stop')
  await stopped
  expect(written).toEqual([{ kind: 'watch', id: 'load', event: 'breach', condition: 'errorRate(dossier-sync) < 10% for 5s stop', observed: 0.5 }])
})

it.each(['errorRate(dossier-sync) < 60% for 5s stop', 'errorRate(dossier-sync) < 10% for 5s'])('%s lets it go on', async (criterion) => {
  const { written, stopped } = played(criterion)
  expect(await Promise.race([stopped.then(() => 'stopped'), Promise.resolve('goes on')])).toBe('goes on')
  expect(written).toEqual([])
})
