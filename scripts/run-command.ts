/** Runs one command of the product from outside, as a person would; what it prints, what it says besides (shown as it comes) and how long it took. */
import { spawn } from 'node:child_process'
import type { World } from '../cli/world.ts'

export type Ran = { exitCode: number | null; printed: string; said: string; wallMs: number }

export async function runCommand(world: World, command: readonly string[], started: (pid: number) => void = () => {}): Promise<Ran> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['cli/bin.ts', ...command], { cwd: world.root, stdio: ['ignore', 'pipe', 'pipe'] })
  started(child.pid!)
  let printed = ''
  child.stdout.on('data', (bytes) => { printed += String(bytes) })
  let said = ''
  child.stderr.on('data', (bytes) => {
    process.stderr.write(bytes)
    said += String(bytes)
  })
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, printed, said, wallMs: Math.round(performance.now() - startedAt) }
}
