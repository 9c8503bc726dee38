/** What the parts of the engine share while they walk a runbook, and the waiting that steps and gates have in common. */
import type { ConditionResult } from '../../contracts/journal.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import { allHold, cannotHold, evaluate } from '../conditions.ts'
import { wallOfOffset } from '../clock.ts'
import type { Journal } from '../journal-file.ts'
import type { Night } from '../night.ts'
import type { Monitor } from './monitor.ts'
import { OutOfReach } from './stops.ts'
import type { UndoStack } from './undo-stack.ts'

/** Beside the journal's entries: how far a step has come. */
export type ProgressEvent = { kind: 'progress'; id: string; done: number; total: number | null }

export type Walk = {
  night: Night
  journal: Journal
  monitor: Monitor
  undoStack: UndoStack
  /** Aborts with `Interrupted`. */
  signal: AbortSignal
  onProgress: (event: ProgressEvent) => void
  /** Awaited before a step's action runs. */
  beforeStep: (action: string) => Promise<void>
}

export const POLL_MS = 100

/** Wall epoch ms of an entry's time. */
export function dueAt(walk: Walk, at: string): number
export function dueAt(walk: Walk, at: string | undefined): number | undefined
export function dueAt({ night }: Walk, at: string | undefined): number | undefined {
  return at === undefined ? undefined : wallOfOffset(night.ports.clock, clockOffsetMs(night.plan.runbook.window.start, at))
}

/** Waits for the entry's earliest start; returns by how much scenario time it begins later. */
export async function awaitStart(walk: Walk, at: string | undefined): Promise<number> {
  walk.signal.throwIfAborted()
  if (at === undefined) return 0
  const { clock } = walk.night.ports
  const due = dueAt(walk, at)
  // Timers may fire a moment early.
  while (clock.nowMs() < due) await clock.sleep(due - clock.nowMs(), walk.signal)
  return Math.round((clock.nowMs() - due) * clock.plan.timeScale)
}

/** Asks again and again until all hold, one is out of reach, or the signal aborts; `onResults` hears every round. */
export async function untilAllHold(walk: Walk, conditions: readonly string[], signal: AbortSignal, onResults: (results: ConditionResult[]) => void): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const results = await evaluate(conditions, walk.night)
    onResults(results)
    if (allHold(results)) return
    if (cannotHold(results)) throw new OutOfReach('out of reach by waiting')
    await walk.night.ports.clock.sleep(POLL_MS, signal)
  }
}
