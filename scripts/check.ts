/**
 * `npm run check`: types, lint, and drift of what is generated from the zod schemas (with --write it is written anew). Import directions between
 * rooms and the documents' examples are tests. Prints each check with its outcome; exit 1 if any failed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './generated-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const write = process.argv.includes('--write')

function command(name: string, ...args: string[]): boolean {
  const { status } = spawnSync(name, args, { cwd: root, stdio: 'inherit' })
  return status === 0
}

function generatedIsCurrent(): boolean {
  const directory = join(root, 'contracts')
  const wanted = generatedFiles()
  let current = true
  const drift = (name: string, mend: () => void) => {
    if (write) mend()
    else { console.error(`SCHEMA_DRIFT: contracts/${name} is not what the zod schema gives · run: npm run check -- --write`); current = false }
  }
  for (const [name, text] of Object.entries(wanted)) {
    const file = join(directory, name)
    mkdirSync(dirname(file), { recursive: true })
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) drift(name, () => writeFileSync(file, text))
  }
  for (const name of readdirSync(join(directory, 'openapi'))) {
    if (!(`openapi/${name}` in wanted)) drift(`openapi/${name}`, () => rmSync(join(directory, 'openapi', name)))
  }
  return current
}

const checks: [string, () => boolean][] = [
  ['types', () => command('tsc', '--noEmit', '-p', '.')],
  ['lint', () => command('oxlint', '--deny-warnings', '.')],
  ['schemas', generatedIsCurrent],
]
let failed = 0
for (const [name, check] of checks) {
  const passed = check()
  console.log(`check ${name}: ${passed ? 'ok' : 'FAILED'}`)
  if (!passed) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
