/**
 * `npm run check`: types, lint, and drift of what is generated from the zod schemas (with --write it is written anew). Import directions between
 * rooms and the documents' examples are tests. Prints each check with its outcome; exit 1 if any failed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonSchemas } from './json-schemas.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const write = process.argv.includes('--write')

function command(name: string, ...args: string[]): boolean {
  const { status } = spawnSync(name, args, { cwd: root, stdio: 'inherit' })
  return status === 0
}

function schemasAreCurrent(): boolean {
  const directory = join(root, 'contracts', 'json-schema')
  mkdirSync(directory, { recursive: true })
  let current = true
  for (const [name, text] of Object.entries(jsonSchemas())) {
    const file = join(directory, name)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    if (write) writeFileSync(file, text)
    else { console.error(`SCHEMA_DRIFT: contracts/json-schema/${name} is not what the zod schema gives · run: npm run check -- --write`); current = false }
  }
  return current
}

const checks: [string, () => boolean][] = [
  ['types', () => command('tsc', '--noEmit', '-p', '.')],
  ['lint', () => command('oxlint', '--deny-warnings', '.')],
  ['schemas', schemasAreCurrent],
]
let failed = 0
for (const [name, check] of checks) {
  const passed = check()
  console.log(`check ${name}: ${passed ? 'ok' : 'FAILED'}`)
  if (!passed) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
