import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatProblem, InputError } from '../contracts/error.ts'
import { bundleScenarios, checkScenarios } from './bundle.ts'
import { unrunnableIn } from './script-check.ts'

const found = (source: string) => unrunnableIn(source, 'mine.ts').map(formatProblem)

describe('what k6 cannot run', () => {
  test.each<[string, string, RegExp]>([
    ['a decorator', 'const a = 1\n@sealed class Night {}', /^SCRIPT_UNRUNNABLE: k6 cannot run the decorator @sealed · mine\.ts:2:1 · call the function/],
    ['a decorator of a method', 'class Night {\n  @logged() play() {}\n}', /@logged · mine\.ts:2:3/],
    ['for await', 'async function f(all: AsyncIterable<number>) {\n  for await (const one of all) console.log(one)\n}', /"for await" · mine\.ts:2:3 · use for over an array/],
    ['using', 'function f() {\n  using file = open()\n}', /"using" · mine\.ts:2:3 · use const/],
    ['await using', 'async function f() { await using file = open() }', /"using" · mine\.ts:1:28/],
    ['using in a loop', 'for (using one of all) {}', /"using" · mine\.ts:1:6/],
    ['accessor', 'class Night {\n  accessor name = 1\n}', /"accessor" · mine\.ts:2:3/],
    ['static accessor of a private field', 'class Night { static accessor #name = 1 }', /"accessor" · mine\.ts:1:22/],
    ['import attributes', 'import data from "./data.json" with { type: "json" }', /import attributes · mine\.ts:1:32 · read the file in the init stage/],
    ['attributes of a re-export', 'export * from "./data.json" assert { type: "json" }', /import attributes/],
    ['a dynamic import', 'const one = await import("./one.ts")', /a dynamic import · mine\.ts:1:19/],
    ['URL', 'const host = new URL(link).host', /"URL": its engine does not have it · mine\.ts:1:18 · use scenarios\/url-parts\.ts/],
    ['fetch', 'fetch(link)', /"fetch".* · mine\.ts:1:1 · let the journey carry the request/],
    ['process', 'const home = process.env.HOME', /"process".* · mine\.ts:1:14 · take it from the plan/],
    ['performance inside a template', 'const text = `at ${performance.now()} of`', /"performance".* · mine\.ts:1:20/],
  ])('%s', (_, source, expected) => {
    const problems = found(source)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(expected)
  })

  test('all of a file, in the order in which they stand', () => {
    expect(found('@a class A {}\nfor await (const x of y) {}\nfetch(z)').map((problem) => /mine\.ts:\d+:\d+/.exec(problem)![0])).toEqual(['mine.ts:1:1', 'mine.ts:2:1', 'mine.ts:3:1'])
  })
})

describe('what it can', () => {
  test.each([
    ['names in strings', 'const s = "@a for await using x = accessor y"; const t = \'fetch(1)\''],
    ['names in comments', '// @a for await\n/* using x = 1\n accessor y */'],
    ['names in templates, also nested ones', 'const s = `@a ${`for await ${1} fetch(`} using x = ${{ a: 1 }.a} new URL(1)`'],
    ['names in regular expressions', 'const r = /@a|for await|[/]fetch(1)/.test(text) ? a / b / c : 1'],
    ['words with other meanings', 'const using = 1; const accessor = using + 1; for (const x of accessor) {}; obj.using = accessor'],
    ['a division after a bracket', 'const x = (a + b) / c; const y = list[0] / d; const z = "@"'],
    ['functions of one\'s own', 'import { process } from "./process.ts"\nconst fetch = (x: number) => x\nfetch(process.id)'],
    ['a parameter of the name', 'function f(process: { id: string }) { return process.id }'],
    ['a method of the name', 'journey.fetch(1); systems.process.run()'],
    ['async functions and generators', 'async function f() { await g() }\nfunction* h() { yield 1 }'],
  ])('%s', (_, source) => { expect(found(source)).toEqual([]) })
})

describe('bundling a file of one\'s own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'own-flow-'))
  afterAll(() => rm(directory, { recursive: true }))
  const problemsOf = async (files: Record<string, string>) => {
    const own = await mkdtemp(join(directory, 'case-'))
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(own, 'flows'), { recursive: true })
      await writeFile(join(own, name), text)
    }
    return checkScenarios(join(own, 'main.ts')).then(() => [], (error: unknown) => {
      if (!(error instanceof InputError)) throw error
      return error.problems.map(formatProblem)
    })
  }

  test('the flow\'s file is named, not the bundle', async () => {
    const problems = await problemsOf({
      'main.ts': 'import { mine } from "./flows/mine.ts"\nexport default function () { mine() }\n',
      'flows/mine.ts': 'export async function mine(): Promise<void> {\n  for await (const one of [1]) console.log(one)\n}\n',
    })
    expect(problems).toEqual([expect.stringMatching(/^SCRIPT_UNRUNNABLE: k6 cannot run "for await" · .*flows\/mine\.ts:2:3 · use for over an array/)])
  })

  test('a module of Node', async () => {
    expect(await problemsOf({ 'main.ts': 'import { readFileSync } from "node:fs"\nexport default function () { readFileSync("x") }\n' }))
      .toEqual([expect.stringMatching(/^SCRIPT_NOT_BUNDLED: Could not resolve "node:fs" · .*main\.ts:1:30 · k6 has no node:fs/)])
  })

  test('a syntax error, and await at the top', async () => {
    expect(await problemsOf({ 'main.ts': 'export default function ( {\n' })).toEqual([expect.stringMatching(/^SCRIPT_NOT_BUNDLED: .*main\.ts:\d+:\d+/)])
    expect(await problemsOf({ 'main.ts': 'await 1\nexport default function () {}\n' })).toEqual([expect.stringMatching(/^SCRIPT_NOT_BUNDLED: Top-level await.*main\.ts:1:1/)])
  })

  test('the product\'s own scenarios have nothing of the kind, small or not', async () => {
    await checkScenarios()
    const { inputs } = await bundleScenarios(join(directory, 'small.js'), { small: true })
    expect(inputs.length).toBeGreaterThan(30)
  })
})
