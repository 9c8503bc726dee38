/**
 * Walks a runbook from its first entry to its last (design section 7). Ends `completed`; `aborted` where a step without a way on was not
 * done or a gate said no, after everything was undone in reverse; `interrupted` where the signal came, undone likewise.
 * Everything is bounded in time; what went wrong stands in the journal, and only a fault of the engine itself is thrown.
 */
import type { JournalEntry } from '../../contracts/journal.ts'
import { entryId, isGate } from '../../contracts/runbook.ts'
import type { NightClock } from '../clock.ts'
import type { Journal } from '../journal-file.ts'
import type { NightPlan } from '../night.ts'
import type { CutoverPorts } from '../ports.ts'
import { newNightState } from '../state.ts'
import { evaluate } from '../conditions.ts'
import { Monitor } from './monitor.ts'
import { runGate } from './run-gate.ts'
import { runStep } from './run-step.ts'
import { Interrupted, settledWithin } from './stops.ts'
import { UndoStack } from './undo-stack.ts'
import { dueAt, type ProgressEvent, type Walk } from './walk.ts'

/** Wall ms for stopping the load: longer than the longest request of a client. */
const LOAD_STOP_MS = 30_000

export type NightEvent = JournalEntry | ProgressEvent
export type NightEnd = { end: 'completed' | 'aborted' | 'interrupted'; reason?: string; undone: string[] }

export type NightOptions = {
  plan: NightPlan
  ports: CutoverPorts
  journal: Journal
  signal: AbortSignal
  onEvent?: (event: NightEvent) => void
  /** Awaited before each step's action; the journal says nothing of it. */
  beforeStep?: (action: string) => Promise<void>
  /** Awaited after the load has stopped and before anything is undone, except at an interruption: the evidence is read while the scene still stands. */
  beforeUndo?: (reason: string) => Promise<void>
}

export async function runNight(options: NightOptions): Promise<NightEnd> {
  const { plan, ports, signal } = options
  const journal: Journal = { write: (event) => { const entry = options.journal.write(event); options.onEvent?.(entry); return entry } }
  const night = { plan, ports, state: newNightState() }
  const interruption = new AbortController()
  const onAbort = () => interruption.abort(new Interrupted('interrupted'))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  const walk: Walk = {
    night, journal, monitor: new Monitor(night, journal), undoStack: new UndoStack(), signal: interruption.signal,
    onProgress: (event) => options.onEvent?.(event), beforeStep: options.beforeStep ?? (async () => {}),
  }
  journal.write({ kind: 'run', event: 'begin' })
  walk.monitor.start()
  try {
    const reason = await walkEntries(walk)
    await sampleSteadyState(walk, 'after')
    if (reason === null) {
      await walk.monitor.close()
      journal.write({ kind: 'run', event: 'end' })
      return { end: 'completed', undone: [] }
    }
    await walk.monitor.close()
    await stopLoad(ports.load, ports.clock)
    await options.beforeUndo?.(reason)
    const undone = await walk.undoStack.unwind(journal, ports.clock)
    journal.write({ kind: 'run', event: 'aborted', note: reason })
    return { end: 'aborted', reason, undone }
  } catch (error) {
    await walk.monitor.close()
    await stopLoad(ports.load, ports.clock)
    const undone = await walk.undoStack.unwind(journal, ports.clock)
    if (!walk.signal.aborted) throw error
    journal.write({ kind: 'run', event: 'interrupted' })
    return { end: 'interrupted', undone }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Null where the runbook came to its end, else why it must be undone. */
async function walkEntries(walk: Walk): Promise<string | null> {
  await sampleSteadyState(walk, 'before')
  const { steps } = walk.night.plan.runbook
  for (const [index, entry] of steps.entries()) {
    const nextAt = dueAt(walk, steps[index + 1]?.at)
    if (isGate(entry)) {
      const gate = await runGate(walk, entry, nextAt)
      if (!gate.go && entry.onNo === 'no-go') return `gate ${entryId(entry)} said no: ${gate.reason}`
    } else {
      const step = await runStep(walk, entry, nextAt)
      if (!step.done && !entry.fallback.proceed) return `step ${entryId(entry)}: ${step.reason}`
    }
  }
  return null
}

async function sampleSteadyState(walk: Walk, label: 'before' | 'after'): Promise<void> {
  for (const { condition, observed } of await evaluate(walk.night.plan.runbook.steadyState, walk.night)) {
    if (observed !== null) walk.journal.write({ kind: 'sample', name: condition, value: observed, label: `steady-state:${label}` })
  }
}

async function stopLoad(load: CutoverPorts['load'], clock: NightClock): Promise<void> {
  await settledWithin(load.stop(), clock, LOAD_STOP_MS)
}
