/**
 * One step of the runbook: waits for its time, journals its begin, registers the undo, acts, waits for the completion criteria under
 * timeout and watch. Out: done, or failed with the reason in words; the caller decides by the fallback.
 */
import type { ConditionResult } from '../../contracts/journal.ts'
import { parseDurationMs } from '../../contracts/duration.ts'
import type { RunbookStep } from '../../contracts/runbook.ts'
import { explainOpen } from '../conditions.ts'
import { MIN_TIMEOUT_WALL_MS, timeoutWallMs, waitingFloorMs } from '../clock.ts'
import { STEP_ACTIONS } from '../steps/index.ts'
import type { StepContext } from '../steps/step-action.ts'
import { Interrupted, OutOfReach, settledWithin, StepTimeout, underSignal, WatchBreached } from './stops.ts'
import { awaitStart, untilAllHold, type Walk } from './walk.ts'

/** Later than this on the scenario clock is put on record, so that the validity of the run can be judged. */
export const LATE_MS = 10 * 60_000
/** An action that was told to stop gets so long (wall) before it is left behind. */
const STOPPING_MS = 5_000

export type StepEnd = { done: true } | { done: false; reason: string }

/** `nextAt`: wall epoch ms at which the next entry is due, where it has a time. */
export async function runStep(walk: Walk, step: RunbookStep, nextAt?: number): Promise<StepEnd> {
  const { clock } = walk.night.ports
  const [[actionId, rawParams]] = Object.entries(step.do) as [[string, unknown]]
  const action = STEP_ACTIONS.get(actionId)!
  const params = action.schema.parse(rawParams)
  const lateMs = await awaitStart(walk, step.at)
  const stop = new AbortController()
  const signal = AbortSignal.any([walk.signal, stop.signal])
  const context: StepContext = {
    ...walk.night, facts: lateMs > LATE_MS ? { lateMs } : {}, memory: {}, signal,
    onProgress: (done, total) => walk.onProgress({ kind: 'progress', id: step.id, done, total }),
  }
  const entry = { kind: 'step' as const, id: step.id, title: step.title, owner: step.owner, action: actionId }
  walk.journal.write({ ...entry, event: 'begin', ...(lateMs > LATE_MS ? { facts: { lateMs } } : {}) })
  if (action.undo) {
    const undo = action.undo
    walk.undoStack.push({ id: step.id, undo: (undoSignal) => undo({ ...context, signal: undoSignal }, params) })
  }

  const floorMs = action.waitsOnly ? waitingFloorMs(clock, nextAt) : MIN_TIMEOUT_WALL_MS
  const timeoutMs = timeoutWallMs(clock, parseDurationMs(step.timeout)!, floorMs)
  const idle = new AbortController()
  let results: ConditionResult[] = []
  let acting: Promise<void> = Promise.resolve()
  try {
    await underSignal(walk.beforeStep(actionId), signal)
    clock.sleep(timeoutMs, idle.signal).then(() => stop.abort(new StepTimeout(`not done within ${step.timeout}`)), () => {})
    walk.monitor.follow(step.id, step.watch, (reason) => stop.abort(reason))
    acting = action.run(context, params)
    await underSignal(acting, signal)
    await untilAllHold(walk, step.doneWhen, signal, (round) => { results = round })
    walk.journal.write({ ...entry, event: 'done', conditions: results, facts: context.facts })
    return { done: true }
  } catch (error) {
    stop.abort(error)
    await settledWithin(acting, clock, STOPPING_MS)
    if (walk.signal.aborted || error instanceof Interrupted) throw error
    const broke = !(error instanceof StepTimeout || error instanceof WatchBreached || error instanceof OutOfReach)
    const open = results.length > 0 ? `; open: ${explainOpen(results)}` : ''
    const reason = `${(error as Error).message}${open}`
    walk.journal.write({ ...entry, event: broke ? 'error' : 'not-done', ...(results.length > 0 ? { conditions: results } : {}), facts: context.facts, note: `${reason}${fallbackNote(step)}` })
    return { done: false, reason }
  } finally {
    idle.abort()
    walk.monitor.unfollow()
  }
}

function fallbackNote({ fallback }: RunbookStep): string {
  return `; ${fallback.proceed ? 'goes on, the gate decides' : 'the run is undone'}${fallback.escalate ? `; escalated to ${fallback.escalate}` : ''}`
}
