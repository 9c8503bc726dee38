/**
 * Runs a program as a child process of the harness, and not longer than the harness: when that is gone, however it ended, a shell that holds the other end of a
 * pipe sees it close and kills the program. A load that nobody steers any more must not go on.
 */
import { spawn } from 'node:child_process'
import type { Launch } from '../contracts/launch.ts'

export const launchHere: Launch = async ({ command, arguments: args, environment }) => {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...environment } as NodeJS.ProcessEnv })
  const ended = Promise.withResolvers<{ exitCode: number | null; signal: NodeJS.Signals | null }>()
  // 'close', not 'exit': only then is all of stderr here.
  child.once('close', (exitCode, signal) => ended.resolve({ exitCode, signal }))
  const spawned = Promise.withResolvers<void>()
  child.once('spawn', spawned.resolve)
  child.once('error', spawned.reject)
  await spawned.promise
  const guard = guardOf(child.pid!)
  if (child.exitCode === null && child.signalCode === null) child.once('exit', () => guard.kill('SIGKILL'))
  else guard.kill('SIGKILL')
  return {
    pid: child.pid!, stderr: child.stderr!, ended: ended.promise,
    kill: (signal) => { if (child.exitCode === null && child.signalCode === null) child.kill(signal) },
  }
}

/** Of a session of its own: the terminal's Ctrl-C is not for it. Nothing is ever written to it. */
function guardOf(pid: number) {
  const guard = spawn('sh', ['-c', 'read -r _; kill -KILL "$0"', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  // Without it the program ends as it would anyway.
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.unref()
  return guard
}
