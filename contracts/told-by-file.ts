/**
 * The life of a process that a file tells what to do, as in a container: reads the JSON file named on its command line, starts what it says, closes cleanly on SIGTERM.
 * What it cannot start goes to stderr, coded where it has a code, and ends it with 1.
 */
import { readFile } from 'node:fs/promises'
import { HarnessError, InputError } from './error.ts'

/** A close that hangs is given up after this. */
const CLOSE_WITHIN_MS = 5_000

export function runFromFile(start: (message: unknown) => Promise<{ close: () => Promise<void> }>): void {
  const running = (async () => {
    const [, , file] = process.argv
    if (file === undefined) throw new Error('the file that says what to do was not named')
    return start(JSON.parse(await readFile(file, 'utf8')))
  })()
  running.catch((error: unknown) => {
    process.stderr.write(`${error instanceof HarnessError || error instanceof InputError ? error.message : (error as Error).stack ?? String(error)}\n`, () => process.exit(1))
  })
  process.once('SIGTERM', () => {
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref()
    void running.then(({ close }) => close()).catch(() => {}).finally(() => process.exit(0))
  })
}
