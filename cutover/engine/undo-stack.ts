/**
 * What has to be taken back. A step is put here before it runs, so that one which breaks off in the middle is undone too; undoing goes in
 * reverse, each within its time, and one that fails is journalled while the rest is still undone.
 */
import type { Journal } from '../journal-file.ts'
import type { NightClock } from '../clock.ts'
import { StepTimeout, underSignal } from './stops.ts'

/** Wall ms for each undo. */
export const UNDO_MS = 20_000

export type Undo = { id: string; undo: (signal: AbortSignal) => Promise<void> }

export class UndoStack {
  #entries: Undo[] = []
  #running: Promise<string[]> | undefined

  push(entry: Undo): void { this.#entries.push(entry) }

  /** The ids that were undone, in that order. A second call joins the first. */
  unwind(journal: Journal, clock: NightClock): Promise<string[]> {
    this.#running ??= this.#unwind(journal, clock)
    return this.#running
  }

  async #unwind(journal: Journal, clock: NightClock): Promise<string[]> {
    const undone: string[] = []
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      journal.write({ kind: 'undo', id: entry.id, event: 'begin' })
      const stop = new AbortController()
      const idle = new AbortController()
      clock.sleep(UNDO_MS, idle.signal).then(() => stop.abort(new StepTimeout(`the undo took longer than ${UNDO_MS / 1_000} s`)), () => {})
      try {
        await underSignal(entry.undo(stop.signal), stop.signal)
        journal.write({ kind: 'undo', id: entry.id, event: 'done' })
        undone.push(entry.id)
      } catch (error) {
        journal.write({ kind: 'undo', id: entry.id, event: 'error', note: (error as Error).message })
      } finally { idle.abort() }
    }
    return undone
  }
}
