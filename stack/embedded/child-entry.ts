/**
 * The life of a child process of the embedded stack: takes one message over IPC, starts what it says, answers `ready` or an error with a
 * code. SIGTERM closes cleanly; when the channel closes, the parent is gone and the child goes too, however the parent ended.
 */
import { HarnessError, InputError } from '../../contracts/error.ts'
import type { ProcessReply } from '../../contracts/process.ts'

export type Running = { close: () => Promise<void>; reply?: Record<string, unknown> }

/** A close that hangs is given up after this; the parent kills soon after. Without a parent nobody waits, and tidying may take longer. */
const CLOSE_WITHIN_MS = 3_500
const TIDY_WITHIN_MS = 20_000

/**
 * `start` is told by its signal to give up where it is ended before it is there: whoever waits for a start that takes long has no time left to end it.
 * `orphaned`: what must be done when the parent is gone (nothing by default: the system closes sockets).
 */
export function runChild(start: (message: unknown, signal: AbortSignal) => Promise<Running>, orphaned: (running: Running) => Promise<void> = async () => {}): void {
  let running: Promise<Running> | undefined
  let ending = false
  const called = new AbortController()

  async function end(withinMs: number, close: (running: Running) => Promise<void>): Promise<void> {
    if (ending) return
    ending = true
    called.abort(new Error('ended before it had started'))
    setTimeout(() => process.exit(1), withinMs).unref()
    try { if (running) await close(await running) } catch (error) { process.stderr.write(`${(error as Error).stack}\n`) }
    process.exit(0)
  }

  process.once('message', (message) => {
    running = start(message, called.signal)
    running.then(
      ({ reply }) => process.send?.({ ready: true, ...reply } satisfies ProcessReply),
      (error: unknown) => {
        // A coded error explains itself; anything else is a bug, and its stack belongs into the log.
        process.stderr.write(`${error instanceof HarnessError || error instanceof InputError ? error.message : (error as Error).stack ?? String(error)}\n`)
        process.send?.(replyOf(error), () => process.exit(1))
      },
    )
  })
  process.once('disconnect', () => { void end(TIDY_WITHIN_MS, orphaned) })
  process.once('SIGTERM', () => { void end(CLOSE_WITHIN_MS, ({ close }) => close()) })
  // The terminal's Ctrl-C is the parent's to handle: it undoes first and stops children afterwards.
  process.on('SIGINT', () => {})
}

function replyOf(error: unknown): ProcessReply {
  const { message = String(error), code } = error as { message?: string; code?: string }
  if (error instanceof HarnessError) return { error: { code: error.problem.code, message: error.problem.what } }
  if (error instanceof InputError) return { error: { code: error.problems[0]?.code ?? 'CHILD_NOT_STARTED', message } }
  return { error: { code: code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'CHILD_NOT_STARTED', message } }
}
