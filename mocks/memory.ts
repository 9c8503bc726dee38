/**
 * What a simulated partner remembers of its business, bounded: of more than `most` things of a kind those that are finished are forgotten first, the oldest
 * before the others, and only then what is still open. Never without a word: from then on evidence refuses to be read, since rows that are missing would be
 * taken for operations that never were, and `forgotten` says how many are gone. A tenth goes at a time, so that remembering costs what it did.
 */
import { HarnessError } from '../contracts/error.ts'

/** More than any rehearsal makes of one kind at one partner. */
export const REMEMBERED = 500_000

export type Kept<T> = {
  add: (item: T) => void
  /** It is gone with something else, or replaced: then nothing is lost. */
  drop: (item: T, isReplaced?: boolean) => void
}
export type KeepOptions<T> = {
  /** Nothing more is going to happen to it; undefined where that is true of all. */
  isFinished?: (item: T) => boolean
  /** Takes them out of wherever they are found. */
  forget: (items: ReadonlySet<T>) => void
  /** Where one kind has several for each of another. */
  times?: number
}
export type Memory = {
  keep: <T>(options: KeepOptions<T>) => Kept<T>
  forgotten: () => number
  /** Throws where something was forgotten. */
  requireWhole: () => void
}

export function createMemory(system: string, most = REMEMBERED): Memory {
  let forgotten = 0
  return {
    keep<T>({ isFinished = () => true, forget, times = 1 }: KeepOptions<T>): Kept<T> {
      const items = new Set<T>()
      const limit = most * times
      function makeRoom(): void {
        const wanted = items.size - Math.max(1, Math.floor(limit * 0.9))
        const chosen = new Set<T>()
        for (const fits of [isFinished, () => true]) {
          for (const item of items) {
            if (chosen.size === wanted) break
            if (fits(item)) chosen.add(item)
          }
        }
        for (const item of chosen) items.delete(item)
        forgotten += chosen.size
        forget(chosen)
      }
      return {
        add(item) {
          items.add(item)
          if (items.size > limit) makeRoom()
        },
        drop: (item, isReplaced = false) => { if (items.delete(item) && !isReplaced) forgotten += 1 },
      }
    },
    forgotten: () => forgotten,
    requireWhole() {
      if (forgotten === 0) return
      throw new HarnessError({ code: 'EVIDENCE_FORGOTTEN', what: `${system} has forgotten ${forgotten} records of those that came first (it remembers ${most} of a kind)`, mend: 'start the simulator anew before a run that is judged' })
    },
  }
}
