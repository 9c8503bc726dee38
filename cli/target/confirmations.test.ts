/** A person who does a step and confirms: by a file in the run folder, or at the terminal; no answer in time is an error, and questions come one after the other. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testWorld } from '../testing/world.ts'
import { createConfirmations } from './confirmations.ts'

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'confirm-')) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const QUESTION = { system: 'legacy', act: 'mode.frozen', text: { vi: 'Khóa tiếp nhận', en: 'Freeze' }, timeoutMs: 10_000 }
const there = async (file: string) => { while (!existsSync(join(directory, file))) await new Promise((look) => { setTimeout(look, 20) }) }

it.each([['yes', true], ['Có\n', true], ['không', false]])('answered "%s" by a file', async (text, expected) => {
  const world = testWorld({ ask: async () => null })
  const answer = createConfirmations(world, directory)(QUESTION)
  await there('1.ask')
  expect(readFileSync(join(directory, '1.ask'), 'utf8')).toBe('Khóa tiếp nhận\nFreeze\nlegacy mode.frozen\n')
  writeFileSync(join(directory, '1.done'), text)
  expect(await answer).toBe(expected)
  expect(world.err()).toContain('Khóa tiếp nhận / Freeze')
  expect(existsSync(join(directory, '1.ask'))).toBe(false)
})

it('answered at the terminal, after a line that is none', async () => {
  const lines = ['maybe', 'y']
  expect(await createConfirmations(testWorld({ ask: async () => lines.shift() ?? null }), directory)(QUESTION)).toBe(true)
})

it('not answered in time, or called off', async () => {
  const confirm = createConfirmations(testWorld({ ask: async () => null }), directory)
  await expect(confirm({ ...QUESTION, timeoutMs: 300 })).rejects.toThrow(/nobody confirmed within 0 s/)
  const stop = new AbortController()
  const answer = confirm(QUESTION, stop.signal)
  stop.abort(new Error('called off'))
  await expect(answer).rejects.toThrow('called off')
})

it('two questions are asked one after the other', async () => {
  const confirm = createConfirmations(testWorld({ ask: async () => null }), directory)
  const both = [confirm(QUESTION), confirm({ ...QUESTION, system: 'portal' })]
  await there('1.ask')
  expect(existsSync(join(directory, '2.ask'))).toBe(false)
  writeFileSync(join(directory, '1.done'), 'yes')
  await there('2.ask')
  writeFileSync(join(directory, '2.done'), 'no')
  expect(await Promise.all(both)).toEqual([true, false])
})
