/**
 * What is known of a reference stack that runs by itself: one directory for each name, outside the checkout and open to nobody else, with `stack.json` (who
 * runs it), its secrets, and by default its target file. A process is known by its id and the moment it began, so that no other is ever taken for it.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../../contracts/error.ts'
import { isInside } from '../target/secrets.ts'
import type { World } from '../world.ts'

export const StackState = z.strictObject({ v: z.literal(1), name: z.string(), target: z.string(), pid: z.int(), began: z.string(), since: z.number(), runbook: z.string(), profile: z.string(), seed: z.int(), targetFile: z.string() })
export type StackState = z.infer<typeof StackState>

export type StackDirectory = { directory: string; state: string; secrets: string; target: string; work: string }

export function stacksDirectory(world: Pick<World, 'env'>): string {
  return join(world.env['XDG_STATE_HOME'] ?? join(world.env['HOME'] ?? homedir(), '.local', 'state'), 'tongduyet', 'stacks')
}

export function stackDirectory(world: Pick<World, 'env'>, name: string): StackDirectory {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new InputError([{ code: 'VALUE_INVALID', what: `"${name}" is no name for a stack`, where: '--name', mend: 'write lower-case letters, digits and hyphens' }])
  const directory = join(stacksDirectory(world), name)
  return { directory, state: join(directory, 'stack.json'), secrets: join(directory, 'secrets.env'), target: join(directory, 'target.yaml'), work: join(directory, 'work') }
}

/** Empty, mode 0700. What a killed one left is cleared; one that runs is not touched. */
export function makeStackDirectory(world: Pick<World, 'env' | 'root'>, name: string): StackDirectory {
  const paths = stackDirectory(world, name)
  const running = readState(paths.state)
  if (running && isRunning(running)) throw new InputError([{ code: 'STACK_RUNNING', what: `a stack "${name}" runs already (process ${running.pid})`, where: '--name', mend: `end it with tongduyet stack down${name === 'default' ? '' : ` --name ${name}`}, or give another --name` }])
  rmSync(paths.directory, { recursive: true, force: true })
  mkdirSync(paths.work, { recursive: true, mode: 0o700 })
  chmodSync(paths.directory, 0o700)
  if (isInside(world.root, paths.directory)) throw new InputError([{ code: 'TARGET_SECRET_IN_CHECKOUT', what: `"${paths.directory}" lies in this checkout, where secrets must not be`, where: 'XDG_STATE_HOME', mend: 'let XDG_STATE_HOME name a directory elsewhere' }])
  return paths
}

export function writeState(paths: StackDirectory, state: StackState): void { writeFileSync(paths.state, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 }) }

export function readState(file: string): StackState | null {
  try { return StackState.parse(JSON.parse(readFileSync(file, 'utf8'))) } catch { return null }
}

export function allStates(world: Pick<World, 'env'>): StackState[] {
  const directory = stacksDirectory(world)
  if (!existsSync(directory)) return []
  return readdirSync(directory).toSorted().flatMap((name) => readState(join(directory, name, 'stack.json')) ?? [])
}

/** When a process began, in the machine's own words; null where there is none. Without /proc its id alone speaks. */
export function beganOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces and brackets; a zombie has ended.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : fields[19]!
  } catch {
    if (existsSync('/proc/self/stat')) return null
    try { process.kill(pid, 0); return '' } catch { return null }
  }
}

export function isRunning({ pid, began }: Pick<StackState, 'pid' | 'began'>): boolean { return beganOf(pid) === began }
