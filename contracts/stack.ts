/**
 * What every way to run the system under test hands back: a target that serves, what belongs to it, and one `close` that leaves nothing. Embedded,
 * containers and a target file are peers of this seam (`cli/rehearse/open-stack.ts`).
 */
import type { Launch } from './launch.ts'
import type { WorkerPart } from './plan.ts'
import type { StackPlatform } from './platform.ts'
import type { Target } from './target.ts'

export type StackExit = { name: string; code: number | null; signal: NodeJS.Signals | null; stderrTail: string }
export type StackEvent =
  | { kind: 'slot'; slot: number }
  /** A part is up; `pid` is the machine's, 0 where it has none here. */
  | { kind: 'started'; name: string; pid: number; wallMs: number }
  | ({ kind: 'child-exit' } & StackExit)
  /** Before anything serves: an image that is built, a killed run of this name whose remains are cleared away, remains that could not be (`name` says why). */
  | { kind: 'preparing'; what: 'image' | 'leftover' | 'stuck'; name: string }

/** Places in the stack's own network from which the load comes. */
export type StackGenerators = {
  /** By the name of the k6 process and its history. */
  parts: Readonly<Record<string, WorkerPart>>
  launchOf: (worker: string) => Launch
  /** An address of the harness that they reach. */
  harnessHost: string
}

export type RunningStack = AsyncDisposable & {
  target: Target
  processes: { name: string; pid: number }[]
  /** The key with which each partner, bank and gateway signs, by system id and by partner id. */
  keys: Readonly<Record<string, string>>
  /** Absent: k6 runs beside the harness. */
  generators?: StackGenerators
  /** Aborted, with a HarnessError, where what the stack runs on is gone: nothing can be rehearsed or undone any more. */
  lost?: AbortSignal
  /** Absent: nothing can be done to its parts. */
  platform?: StackPlatform
  close: () => Promise<void>
}
