import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StackExit } from '../../contracts/stack.ts'
import { startChild, type Child } from './child.ts'

let directory: string
let exits: StackExit[]
let exited: Promise<void>
let noteExit: () => void
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'child-test-'))
  exits = []
  ;({ promise: exited, resolve: noteExit } = Promise.withResolvers<void>())
})
afterEach(async () => { await rm(directory, { recursive: true }) })

async function start(source: string, options: { readyWithinMs?: number; signal?: AbortSignal } = {}): Promise<Child> {
  const entry = join(directory, 'entry.mjs')
  await writeFile(entry, source)
  return startChild({
    name: 'example', entry, message: { greeting: 'xin chào' }, logFile: join(directory, 'example.log'), maxOldSpaceMb: 64, readyWithinMs: 20_000, ...options,
    onUnexpectedExit: (exit) => { exits.push(exit); noteExit() },
  })
}

const READY = `process.on('message', (m) => process.send({ ready: true, heard: m.greeting })); process.on('disconnect', () => process.exit(0));`

test('it hears one message, answers, and ends when asked, which is no unexpected exit', async () => {
  const child = await start(READY)
  expect(child.reply).toEqual({ heard: 'xin chào' })
  expect(child.exit()).toBeUndefined()
  await child.stop()
  expect(child.exit()).toEqual({ code: null, signal: 'SIGTERM' })
  expect(exits).toEqual([])
})

test('it is in a session of its own, where the terminal\'s Ctrl-C does not reach', async () => {
  const child = await start(READY)
  // The leader of a process group has its id, so signals to the group find it.
  expect(() => process.kill(-child.pid, 0)).not.toThrow()
  await child.stop()
})

test('one that does not end when asked is killed', async () => {
  const child = await start(`${READY} process.on('SIGTERM', () => {})`)
  await child.stop()
  expect(child.exit()).toEqual({ code: null, signal: 'SIGKILL' })
})

test('one that dies by itself is told, with the end of what it wrote', async () => {
  const child = await start(`${READY} process.on('message', () => setImmediate(() => { console.error('out of luck'); process.exit(7) }))`)
  await exited
  expect(exits).toEqual([{ name: 'example', code: 7, signal: null, stderrTail: 'out of luck' }])
  await child.stop()
})

describe('does not start', () => {
  test('an answer with a code keeps the code', async () => {
    await expect(start(`process.on('message', () => process.send({ error: { code: 'PORT_IN_USE', message: 'somebody is there' } }))`))
      .rejects.toMatchObject({ problem: { code: 'PORT_IN_USE', what: 'example: somebody is there' } })
  })

  test('one that throws at once: its log is in the error', async () => {
    await expect(start(`throw new Error('a bug of its own')`)).rejects.toMatchObject({ problem: { code: 'CHILD_NOT_STARTED', what: expect.stringContaining('a bug of its own'), where: join(directory, 'example.log') } })
  })

  test('one that says nothing in time is ended', async () => {
    await expect(start(`console.error(process.pid); process.on('message', () => {})`, { readyWithinMs: 400 })).rejects.toMatchObject({ problem: { code: 'CHILD_NOT_STARTED', what: expect.stringContaining('not ready within 400 ms') } })
  })

  test('interrupted: the reason is thrown and the child is gone', async () => {
    const abort = new AbortController()
    const starting = start(`process.on('message', () => {})`, { signal: abort.signal })
    abort.abort(new Error('interrupted'))
    await expect(starting).rejects.toThrow('interrupted')
  })
})
