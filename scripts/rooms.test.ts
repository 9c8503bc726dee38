/** Rooms import only themselves and `contracts/`; `cli/` wires. `results/` never reads from `cutover/`, the judge never opens `sealed/`. */
import { build } from 'esbuild'
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROOMS = ['contracts', 'scenarios', 'mocks', 'stack', 'conform', 'cutover', 'results', 'cli'] as const
const MAY_IMPORT: Record<string, readonly string[]> = {
  contracts: ['contracts'], scenarios: ['scenarios', 'contracts'], mocks: ['mocks', 'contracts'], stack: ['stack', 'contracts'],
  conform: ['conform', 'contracts'], cutover: ['cutover', 'contracts'], results: ['results', 'contracts'], cli: [...ROOMS, 'scripts'],
}

const imports: { from: string; to: string }[] = []

beforeAll(async () => {
  const files = ROOMS.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root })).filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
  const { metafile } = await build({
    entryPoints: files.map((file) => join(root, file)), absWorkingDir: root, bundle: true, write: false, outdir: 'unused', metafile: true,
    platform: 'node', format: 'esm', packages: 'external', external: ['k6', 'k6/*'], logLevel: 'silent',
  })
  for (const [from, input] of Object.entries(metafile.inputs)) {
    for (const target of input.imports) if (!target.external) imports.push({ from, to: relative(root, join(root, target.path)) })
  }
})

const roomOf = (file: string) => file.split('/')[0]!

describe('import directions', () => {
  it('are known for every room', () => {
    for (const room of ROOMS) expect(imports.some(({ from }) => roomOf(from) === room), room).toBe(true)
  })
  it.each(Object.keys(MAY_IMPORT))('%s imports only what it may', (room) => {
    const wrong = imports.filter(({ from, to }) => roomOf(from) === room && !MAY_IMPORT[room]!.includes(roomOf(to)))
    expect(wrong).toEqual([])
  })
  it('no file imports itself in a circle of rooms or twice over: contracts stays a leaf', () => {
    expect(imports.filter(({ from, to }) => roomOf(from) === 'contracts' && roomOf(to) !== 'contracts')).toEqual([])
  })
})

describe('the judge', () => {
  it('does not name the sealed folder in any of its files', () => {
    for (const file of globSync('results/judge/**/*.ts', { cwd: root }).filter((name) => !name.endsWith('.test.ts'))) {
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      // The row `history/sealed` of the generator's own record is none of it.
      expect(code, file).not.toMatch(/(?<!history)[.'"`/]sealed\b(?!-)|\.witness|\.faults\b/)
    }
  })
})
