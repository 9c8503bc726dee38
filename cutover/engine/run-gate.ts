/**
 * One gate: asks its questions until all are answered yes, one can no longer be, or its time is up. What cannot be measured is no, never a pass.
 * No person is asked: the approval is simulated and journalled as such.
 */
import type { ConditionResult } from '../../contracts/journal.ts'
import { parseDurationMs } from '../../contracts/duration.ts'
import type { RunbookGate } from '../../contracts/runbook.ts'
import { timeoutWallMs, waitingFloorMs } from '../clock.ts'
import { explainOpen } from '../conditions.ts'
import { Interrupted, OutOfReach, StepTimeout } from './stops.ts'
import { awaitStart, untilAllHold, type Walk } from './walk.ts'

export type GateEnd = { go: true } | { go: false; reason: string }

/** `nextAt`: wall epoch ms at which the next entry is due, where it has a time. */
export async function runGate(walk: Walk, gate: RunbookGate, nextAt?: number): Promise<GateEnd> {
  const { clock } = walk.night.ports
  await awaitStart(walk, gate.at)
  const entry = { kind: 'gate' as const, id: gate.gate, title: gate.title, approver: gate.approver, approval: 'simulated' as const }
  const stop = new AbortController()
  const idle = new AbortController()
  let results: ConditionResult[] = []
  walk.journal.write({ ...entry, event: 'asked' })
  clock.sleep(timeoutWallMs(clock, parseDurationMs(gate.timeout)!, waitingFloorMs(clock, nextAt)), idle.signal).then(() => stop.abort(new StepTimeout('the gate\'s time is up')), () => {})
  try {
    await untilAllHold(walk, gate.asks, AbortSignal.any([walk.signal, stop.signal]), (round) => { results = round })
    walk.journal.write({ ...entry, event: 'go', conditions: results })
    return { go: true }
  } catch (error) {
    if (walk.signal.aborted || error instanceof Interrupted || !(error instanceof StepTimeout || error instanceof OutOfReach)) throw error
    walk.journal.write({ ...entry, event: 'no-go', conditions: results })
    return { go: false, reason: explainOpen(results) }
  } finally { idle.abort() }
}
