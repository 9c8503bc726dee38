/** Runs a program to its end, without a shell. Out: what it printed. Throws with what it said where its exit code is not 0 or it takes too long. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const LIMIT_MS = 15_000

export async function runOnce(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, [...args], { timeout: LIMIT_MS, maxBuffer: 16 << 20 })).stdout
  } catch (error) {
    const { stderr, stdout, message } = error as Error & { stderr?: string; stdout?: string }
    throw new Error(`${command} ${args.join(' ')}: ${(stderr || stdout || message).trim()}`, { cause: error })
  }
}
