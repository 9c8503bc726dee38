/**
 * The two clocks of a process of simulators. The scenario clock stands at its start until it is told when the run began. Where the clock may be moved
 * (simulators that a vendor works against), both go on by so much at once, and what was to happen on the way happens at its moment, in order: tokens and
 * QR codes expire, receipts and retries fall due, late answers go out.
 */
import { scenarioNowMs, type ClockPlan } from '../../contracts/scenario-clock.ts'
import { createDueQueue, type DueQueue } from './due-queue.ts'

export type Clock = {
  wallNow: () => number
  scenarioNow: () => number
  setClock: (plan: ClockPlan) => void
  /** Runs it when so many ms have passed on the wall clock, moved or not; gives back what takes that back. */
  after: (ms: number, run: () => void) => () => void
  /** Undefined where the clock may not be moved. */
  advance: ((ms: number) => void) | undefined
}

export type ClockOptions = { scenarioStartMs: number; wallNow?: (() => number) | undefined; movable?: boolean | undefined }

/** `at`: wall clock. */
type Due = { at: number; run: () => void; cancel: () => void }

export function createClock({ scenarioStartMs, wallNow: realNow = Date.now, movable = false }: ClockOptions): Clock {
  let plan: ClockPlan | undefined
  let moved = 0
  const wallNow = movable ? () => realNow() + moved : realNow
  const clock = {
    wallNow,
    scenarioNow: () => moved + (plan ? Math.max(plan.scenarioStartMs, scenarioNowMs(plan, realNow())) : scenarioStartMs),
    setClock: (next: ClockPlan) => { plan = next },
  }
  if (!movable) return { ...clock, after: afterReally, advance: undefined }

  const due = new Set<Due>()
  /** While the clock is moved: what may fall due on the way, cancelled or not. */
  let onTheWay: DueQueue<Due> | undefined
  function arm(item: Due): void { item.cancel = afterReally(item.at - wallNow(), () => { if (due.delete(item)) item.run() }) }
  function after(ms: number, run: () => void): () => void {
    const item = { at: wallNow() + ms, run, cancel: () => {} }
    due.add(item)
    onTheWay?.add(item)
    arm(item)
    return () => { due.delete(item); item.cancel() }
  }
  function advance(ms: number): void {
    const target = wallNow() + ms
    const queue = createDueQueue<Due>()
    for (const item of due) queue.add(item)
    onTheWay = queue
    try {
      for (let next = queue.take(); next && next.at <= target; next = queue.take()) {
        if (!due.delete(next)) continue
        next.cancel()
        moved += Math.max(0, next.at - wallNow())
        next.run()
      }
    } finally { onTheWay = undefined }
    moved += Math.max(0, target - wallNow())
    // The rest falls due so much earlier on the real clock.
    for (const item of due) {
      item.cancel()
      arm(item)
    }
  }
  return { ...clock, after, advance }
}

/** The longest that a timer of Node takes, in whole days; what is later is armed anew. */
const LONGEST_MS = 24 * 86_400_000

function afterReally(ms: number, run: () => void): () => void {
  const wait = Math.max(0, Math.round(ms))
  let cancel = () => clearTimeout(timer)
  const timer = setTimeout(() => { if (wait <= LONGEST_MS) run(); else cancel = afterReally(wait - LONGEST_MS, run) }, Math.min(LONGEST_MS, wait)).unref()
  return () => cancel()
}
