/**
 * The seam of steps: `do: { <id>: <params> }` in a runbook. `run` does it and reports facts for the journal; `undo` takes it back and must
 * also work where `run` never began or broke off in the middle. `memory` is the step's own: what `run` found before it changed anything.
 */
import type { z } from 'zod'
import type { Text } from '../../contracts/text.ts'
import type { Night } from '../night.ts'

export type Facts = Record<string, string | number | boolean | null>

export type StepContext = Night & {
  /** Grows while the step runs; kept in the journal also where the step is not done. */
  facts: Facts
  memory: Record<string, unknown>
  /** Aborts at the step's timeout, at a lasting breach of its watch, at an interruption. */
  signal: AbortSignal
  onProgress: (done: number, total: number | null) => void
}

export type StepAction<Params = unknown> = {
  id: string
  schema: z.ZodType<Params>
  describe: (params: Params) => Text
  run: (context: StepContext, params: Params) => Promise<void>
  /** It only waits: the wall floor of its timeout may not eat the time of the next entry. */
  waitsOnly?: boolean
  /** Null: there is nothing to take back. */
  undo: ((context: StepContext, params: Params) => Promise<void>) | null
}

/** Keeps the parameters' type inside a peer and hides it in the registry. */
export function stepAction<Params>(action: StepAction<Params>): StepAction {
  return action as unknown as StepAction
}
