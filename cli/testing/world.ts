/** A world for tests: real directories and processes, captured output, an interrupt that the test pulls. */
import { realWorld, type World } from '../world.ts'

export type TestWorld = World & { out: () => string; err: () => string; interrupt: (signal?: string) => void }

export function testWorld(changes: Partial<World> = {}): TestWorld {
  let out = ''
  let err = ''
  const listeners = new Set<(signal: string) => void>()
  return {
    ...realWorld(),
    stdout: { write: (text) => { out += text } },
    stderr: { write: (text) => { err += text } },
    onInterrupt: (listener) => { listeners.add(listener); return () => listeners.delete(listener) },
    ...changes,
    out: () => out,
    err: () => err,
    interrupt: (signal = 'SIGINT') => { for (const listener of listeners) listener(signal) },
  }
}
