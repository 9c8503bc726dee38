/**
 * Looks all along at the runbook's steady state and at the watch of the step that is in course: journals a breach and its end, keeps for
 * how long the steady state has held, and ends the step where a breach of its watch lasts. What could not be measured is no breach, and ends
 * one: a rate without samples says nothing any more (`recovered` with `observed: null`).
 */
import type { ConditionResult } from '../../contracts/journal.ts'
import { evaluate } from '../conditions.ts'
import { scenarioMs, timeoutWallMs } from '../clock.ts'
import type { Journal } from '../journal-file.ts'
import type { Night } from '../night.ts'
import { WatchBreached } from './stops.ts'

const POLL_MS = 250
/** A breach that lasts so long on the scenario clock (with the wall floor of timeouts) is no hiccup any more. ASSUMPTION. */
export const LASTING_MS = 10 * 60_000
export const STEADY_STATE_ID = 'steady-state'

type Watch = { id: string; conditions: readonly string[]; breachedSince: Map<string, number>; onLasting: (reason: WatchBreached) => void }

export class Monitor {
  readonly #night: Night
  readonly #journal: Journal
  readonly #stop = new AbortController()
  #steady: Watch
  #step: Watch | undefined
  #loop: Promise<void> | undefined
  /** Scenario ms since when the steady state has held; null while nothing of it was measured or something does not hold. */
  #steadySince: number | null = null

  constructor(night: Night, journal: Journal) {
    this.#night = night
    this.#journal = journal
    this.#steady = { id: STEADY_STATE_ID, conditions: night.plan.runbook.steadyState, breachedSince: new Map(), onLasting: () => {} }
    night.state.steadyHeldForMs = () => this.#steadySince === null ? null : scenarioMs(night.ports.clock) - this.#steadySince
  }

  start(): void { this.#loop = this.#run() }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  /** From now on also these conditions, until `unfollow`. */
  follow(id: string, conditions: readonly string[], onLasting: (reason: WatchBreached) => void): void {
    this.#step = { id, conditions, breachedSince: new Map(), onLasting }
  }

  unfollow(): void { this.#step = undefined }

  async look(): Promise<void> {
    const results = await this.#check(this.#steady)
    if (results.some((result) => result.held === false)) this.#steadySince = null
    else if (results.some((result) => result.held === true)) this.#steadySince ??= scenarioMs(this.#night.ports.clock)
    const step = this.#step
    if (step) await this.#check(step)
  }

  async #run(): Promise<void> {
    const { clock } = this.#night.ports
    while (!this.#stop.signal.aborted) {
      await this.look()
      await clock.sleep(POLL_MS, this.#stop.signal).catch(() => {})
    }
  }

  async #check(watch: Watch): Promise<ConditionResult[]> {
    const { clock } = this.#night.ports
    const results = await evaluate(watch.conditions, this.#night)
    // A step that ended while its conditions were measured has no watch any more.
    if (watch !== this.#steady && watch !== this.#step) return results
    for (const { condition, observed, held } of results) {
      const since = watch.breachedSince.get(condition)
      if (held === false && since === undefined) {
        watch.breachedSince.set(condition, clock.nowMs())
        this.#journal.write({ kind: 'watch', id: watch.id, event: 'breach', condition, observed })
      } else if (held !== false && since !== undefined) {
        watch.breachedSince.delete(condition)
        this.#journal.write({ kind: 'watch', id: watch.id, event: 'recovered', condition, observed })
      } else if (held === false && since !== undefined && clock.nowMs() - since >= timeoutWallMs(clock, LASTING_MS)) {
        watch.onLasting(new WatchBreached(`${condition} has not held for ${LASTING_MS / 60_000} min (${observed})`))
      }
    }
    return results
  }
}
