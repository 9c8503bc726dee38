/** What a run needs only while it lasts: cleared away by the next where its owner is gone, never where he lives or nobody knows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runFolder } from '../../contracts/run-folder.ts'
import { claimScratch, clearScratch, dropScratch, scratchOf } from './scratch.ts'

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'scratch-')) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it.skipIf(process.platform !== 'linux')('of a killed run it goes with the next, its records stay; of a living one, and of one that nobody signed, all stays', async () => {
  const killed = join(directory, 'killed')
  mkdirSync(killed)
  const module = JSON.stringify(new URL('./scratch.ts', import.meta.url).href)
  const child = spawn(process.execPath, ['--input-type=module', '-e', `(await import(${module})).claimScratch({ directory: ${JSON.stringify(killed)} }); console.log('claimed'); setInterval(() => {}, 1000)`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout!, 'data')
  writeFileSync(join(killed, 'plan.json'), '{}')
  const living = runFolder(join(directory, 'living'))
  claimScratch(living)
  mkdirSync(join(directory, 'unsigned', 'tmp'), { recursive: true })
  expect(clearScratch(directory)).toEqual([])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(clearScratch(directory)).toEqual(['killed'])
  expect([existsSync(join(killed, 'tmp')), existsSync(join(killed, 'plan.json')), existsSync(scratchOf(living)), existsSync(join(directory, 'unsigned', 'tmp'))]).toEqual([false, true, true, true])
  dropScratch(living)
  expect(existsSync(scratchOf(living))).toBe(false)
})
