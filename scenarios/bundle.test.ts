import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bundleScenarios } from './bundle.ts'

const directory = await mkdtemp(join(tmpdir(), 'bundle-'))
afterAll(() => rm(directory, { recursive: true }))

const { file, inputs } = await bundleScenarios(join(directory, 'scenarios.js'))
const text = await readFile(file, 'utf8')

test('holds the flows and faker, and leaves k6 outside', () => {
  expect(inputs).toContain('scenarios/flows/submit.ts')
  expect(inputs.some((input) => input.includes('@faker-js/faker'))).toBe(true)
  const imported = [...text.matchAll(/^import .* from "([^"]+)";$/gm)].map((match) => match[1])
  expect(imported.length).toBeGreaterThan(3)
  expect(imported.every((module) => module === 'k6' || module?.startsWith('k6/'))).toBe(true)
})

test('holds nothing that every virtual user would pay for in vain: no zod, no Node', () => {
  expect(inputs.filter((input) => /node_modules\/(?!@faker-js)/.test(input))).toEqual([])
  expect(text).not.toMatch(/from "node:/)
})

test('faker is evaluated only where the pool is made', () => {
  expect(text).toMatch(/__esm\(\{\s*"[^"]*note-pool\.ts"/)
})

test('error positions lead to the .ts files', () => {
  const map = JSON.parse(Buffer.from(text.slice(text.lastIndexOf('base64,') + 7).trim(), 'base64').toString()) as { sources: string[] }
  expect(map.sources.some((source) => source.endsWith('scenarios/flows/login.ts'))).toBe(true)
})
