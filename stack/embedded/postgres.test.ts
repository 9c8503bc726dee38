import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addressesOf } from './addresses.ts'
import type { StackExit } from '../../contracts/stack.ts'
import { startChild, type Child } from './child.ts'
import { isAlive, programsOf } from './leftovers.ts'
import { removeScratchOf } from './postgres.ts'
import { takeSlot, type Slot } from './slot.ts'

const ENTRY = fileURLToPath(new URL('./postgres-process.ts', import.meta.url))
const PORT = 5432

let slot: Slot
let directory: string
let host: string
beforeEach(async () => {
  slot = await takeSlot({ from: 100, to: 119 })
  host = addressesOf(slot.number).postgres
  directory = await mkdtemp(join(tmpdir(), 'postgres-test-'))
  await chmod(directory, 0o755)
})
afterEach(async () => {
  await rm(directory, { recursive: true })
  await slot.release()
})

function start(message: Record<string, unknown> = {}, onUnexpectedExit: (exit: StackExit) => void = () => {}, signal?: AbortSignal): Promise<Child> {
  return startChild({
    name: 'postgres', entry: ENTRY, logFile: join(directory, 'postgres.log'), maxOldSpaceMb: 64, readyWithinMs: 30_000, onUnexpectedExit, signal, tidy: removeScratchOf,
    message: { host, port: PORT, user: 'tongduyet', password: 'a secret', dataDirectory: join(directory, 'data'), ...message },
  })
}

async function query(sql: string, password = 'a secret'): Promise<unknown[]> {
  const client = new pg.Client({ host, port: PORT, user: 'tongduyet', password, database: 'postgres' })
  await client.connect()
  try { return (await client.query({ text: sql, rowMode: 'array' })).rows } finally { await client.end() }
}

test('it serves with durable commits, knows Vietnamese letters, wants its password, and leaves nothing', async () => {
  const child = await start()
  const postmaster = child.reply['postmaster'] as number
  expect(await query(`select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), upper('đường hòa')`)).toEqual([['on', 'on', 'on', 'ĐƯỜNG HÒA']])
  await expect(query('select 1', 'another')).rejects.toThrow(/password authentication failed/u)
  expect(await readdir(join(directory, 'data'))).toEqual(['cluster'])
  await child.stop()
  expect(child.exit()).toEqual({ code: 0, signal: null })
  expect(isAlive(postmaster)).toBe(false)
  expect(await readdir(directory)).toEqual(['postgres.log'])
})

test('it does not outlive a keeper that is told to end by somebody else', async () => {
  const child = await start()
  const postmaster = child.reply['postmaster'] as number
  process.kill(child.pid, 'SIGTERM')
  while (isAlive(child.pid) || isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await readdir(directory)).toEqual(['postgres.log'])
})

test('a server that dies ends its keeper, which is told, and its data goes', async () => {
  const { promise: told, resolve } = Promise.withResolvers<StackExit>()
  const child = await start({}, resolve)
  process.kill(child.reply['postmaster'] as number, 'SIGKILL')
  expect(await told).toMatchObject({ name: 'postgres', code: 1 })
  expect(await readdir(directory)).toEqual(['postgres.log'])
})

test.runIf(process.getuid?.() === 0)('as root, below a directory that only root can enter', async () => {
  await chmod(directory, 0o700)
  const child = await start()
  expect(await query('select 1')).toEqual([[1]])
  await child.stop()
  const log = await readFile(join(directory, 'postgres.log'), 'utf8')
  const used = /creating directory (\S+)\/cluster/u.exec(log)![1]!
  expect(used.startsWith(tmpdir())).toBe(true)
  await expect(readdir(used)).rejects.toThrow(/ENOENT/u)
})

test.each([
  { case: 'programs that are not there', prepare: async () => ({ installation: join(directory, 'nothing') }), said: /ENOENT/u },
  { case: 'a data directory that cannot be made', prepare: async () => {
    await writeFile(join(directory, 'file'), '')
    return { dataDirectory: join(directory, 'file', 'data') }
  }, said: /ENOTDIR|EEXIST/u },
  { case: 'a data directory that is there already', prepare: async () => {
    await mkdir(join(directory, 'data'))
    return {}
  }, said: /EEXIST/u },
])('$case: POSTGRES_NOT_STARTED with the reason', async ({ prepare, said }) => {
  await expect(start(await prepare())).rejects.toMatchObject({ problem: { code: 'POSTGRES_NOT_STARTED', what: expect.stringMatching(said) } })
})

test('its port in use: POSTGRES_NOT_STARTED with what the server said, and its data goes', async () => {
  const foreign = createServer()
  foreign.listen(PORT, host)
  await once(foreign, 'listening')
  await expect(start()).rejects.toMatchObject({ problem: { code: 'POSTGRES_NOT_STARTED', what: expect.stringContaining('Address already in use') } })
  foreign.close()
  expect(await readdir(directory)).toEqual(['postgres.log'])
})

/** On a machine that has no time for it: the program stands still as soon as it is there. */
async function standsStill(program: string): Promise<{ keeper: number }> {
  for (;;) {
    const found = programsOf(directory).find((one) => one.program === program)
    if (found) {
      process.kill(found.pid, 'SIGSTOP')
      return { keeper: found.parent }
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
const parentOf = (pid: number) => { try { return Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) } catch { return undefined } }
const scratchIn = async (at: string) => (await readdir(at)).filter((name) => name.startsWith('tongduyet-postgres-'))

test.each(['initdb', 'postgres'])('a start that is called off while %s hangs leaves no process and no directory', async (program) => {
  const abort = new AbortController()
  const starting = start({}, undefined, abort.signal)
  starting.catch(() => {})
  await standsStill(program)
  abort.abort(new Error('interrupted'))
  await expect(starting).rejects.toThrow('interrupted')
  expect(programsOf(directory)).toEqual([])
  expect(await readdir(directory)).toEqual(['postgres.log'])
})

test.each(['initdb', 'postgres'])('a keeper that is killed while %s hangs takes it along', async (program) => {
  // Where the server's user cannot walk to, its data lies in the system's temporary directory, which the keeper alone knows.
  await chmod(directory, 0o700)
  const before = await scratchIn(tmpdir())
  const starting = start()
  starting.catch(() => {})
  // Others on this machine have programs of the same name there: only what this test's own child keeps is looked at.
  const ours = () => programsOf(join(tmpdir(), 'tongduyet-postgres-')).concat(programsOf(directory)).find((one) => one.program === program && parentOf(one.parent) === process.pid)
  const seen = async () => { for (;;) { const found = ours(); if (found) return found; await new Promise((resolve) => setTimeout(resolve, 2)) } }
  const { pid, parent: keeper } = await seen()
  process.kill(pid, 'SIGSTOP')
  const scratch = /tongduyet-postgres-[^/\0]+/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[0]
  process.kill(keeper, 'SIGKILL')
  await expect(starting).rejects.toMatchObject({ problem: { code: 'CHILD_NOT_STARTED' } })
  expect(isAlive(pid)).toBe(false)
  expect(scratch === undefined || before.includes(scratch) ? [] : (await scratchIn(tmpdir())).filter((name) => name === scratch)).toEqual([])
})
