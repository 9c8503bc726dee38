/** Runs a program as a child process of the harness. */
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
  return {
    pid: child.pid!, stderr: child.stderr!, ended: ended.promise,
    kill: (signal) => { if (child.exitCode === null && child.signalCode === null) child.kill(signal) },
  }
}
