/**
 * How a program is run that the harness steers and somebody else places: as a child process here, or in a container of the stack. In: program,
 * arguments, the environment as a whole, directories that it must see under the same paths. Out: a process that can be signalled and awaited.
 */
import type { Readable } from 'node:stream'

export type Program = {
  command: string
  arguments: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  /** Absolute; read and written there. */
  directories: readonly string[]
}
export type LaunchedProcess = {
  /** As the machine's own tables have it. */
  pid: number
  stderr: Readable
  /** Settles when it has ended and all of its stderr is there. */
  ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>
  /** Nothing where it has ended. */
  kill: (signal: 'SIGINT' | 'SIGKILL') => void
}
/** Rejects where it could not be started. */
export type Launch = (program: Program) => Promise<LaunchedProcess>
