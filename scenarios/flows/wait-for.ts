/**
 * Waiting until a dossier has come to where its next act can happen: others must have passed it on first. Looked at every 200 ms, at most 25 times;
 * then the act is given up. In: a look that gives what is there now. Out: what was waited for, or the conclusion of an act that was never asked for.
 */
import type { Conclusion } from '../answer.ts'
import type { Journey } from './flow.ts'

export const MAX_LOOKS = 25
export const LOOK_EVERY_MS = 200

export type Look<T> =
  | { there: T }
  /** Not yet, as `conclusion` says; `notYet` is what is told when it never comes. */
  | { notYet: string; conclusion: Conclusion }
  /** No use to look again. */
  | { refused: Conclusion }
export type Waited<T> = { there: T; refused?: never } | { refused: Conclusion; there?: never }

export function waitFor<T>(journey: Journey, look: () => Look<T>): Waited<T> {
  for (let looks = 1; ; looks += 1) {
    const seen = look()
    if ('there' in seen) return seen
    if ('refused' in seen) return { refused: neverAsked(seen.refused) }
    if (looks === MAX_LOOKS) return { refused: { ...seen.conclusion, outcome: 'fail', error: seen.notYet } }
    journey.standBy(LOOK_EVERY_MS)
  }
}

/** Whatever became of the look, the act itself was not asked for: proven not applied. */
function neverAsked(conclusion: Conclusion): Conclusion {
  return { ...conclusion, outcome: 'fail', error: conclusion.error ?? 'LOOK_FAILED' }
}
