/** Every coded error of the harness stands in docs/errors.md, and nothing stands there that is not in the code. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** A `Problem` says `what` (contracts/error.ts); answers of the systems' own interfaces have codes too, but a message. */
const PROBLEM = /\bcode: ([^,]{3,80}),\s*(?:where(?:: [^,]{1,80})?,\s*)?what\b/g
const LITERAL = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g
/** `throw new Error(`K6_MISSING: …`)` of the scripts without dependencies; `HARNESS_BUG: …` of the command line. */
const PRINTED = /[`']([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /g

function codesIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const problems = [...text.matchAll(PROBLEM)].flatMap((match) => [...match[1]!.matchAll(LITERAL)].map((literal) => literal[1]!))
  const printed = file.endsWith('.mjs') || file.startsWith('cli/') ? [...text.matchAll(PRINTED)].map((match) => match[1]!) : []
  return [...problems, ...printed]
}

it('each code is documented, and each documented code exists', () => {
  const files = [...globSync('{contracts,scenarios,mocks,stack,conform,cutover,results,cli,scripts}/**/*.{ts,mjs}', { cwd: root })].filter((file) => !file.includes('.test.') && !file.includes('/testing/'))
  const used = new Set(files.flatMap(codesIn))
  const documented = new Set([...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1]!))
  expect([...used].filter((code) => !documented.has(code)).toSorted(), 'not documented').toEqual([])
  const everything = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
  expect([...documented].filter((code) => !everything.includes(code)).toSorted(), 'documented, but not in the code').toEqual([])
})
