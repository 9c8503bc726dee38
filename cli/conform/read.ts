/** Reads what conformance works with from files: fixtures, results, waivers, keys. All mistakes of a file at once, with their places. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { Fixture, missingSecrets } from '../../conform/fixture.ts'
import { Waivers, type Waiver } from '../../conform/matrix.ts'
import { ConformResult } from '../../conform/result.ts'
import { readPublicKey, type KnownKey } from '../../conform/seal.ts'
import { InputError } from '../../contracts/error.ts'
import { parseYaml, readText } from '../documents/yaml-document.ts'

export function readFixture(file: string, env: NodeJS.ProcessEnv): Fixture {
  const { value } = parseYaml(readText(file, 'fixture'), file, Fixture)
  const missing = missingSecrets(value, env)
  if (missing.length > 0) {
    throw new InputError(missing.map(({ variable, place }) => ({ code: 'CONFORM_SECRET_MISSING', what: `the environment variable ${variable} is not set`, where: `${file} ${place}`, mend: `set ${variable}, or take the key out of the fixture` })))
  }
  return value
}

export function readWaivers(file: string): Waiver[] { return parseYaml(readText(file, 'waivers'), file, Waivers).value.waivers }

/** `path`: the file, or the folder that a conformance run has written. */
export function readResult(path: string): ConformResult {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'result.json') : path
  const unreadable = (what: string) => new InputError([{ code: 'CONFORM_RESULT_UNREADABLE', what, where: file, mend: 'name a result.json that tongduyet conform of this version has written' }])
  const text = readText(file, 'result')
  let json: unknown
  try { json = JSON.parse(text) } catch (error) {
    if (error instanceof InputError) throw error
    throw unreadable((error as Error).message)
  }
  // A key that stands twice reads one way here and another way elsewhere: the hashes cannot tell.
  if (withoutBlanks(text) !== JSON.stringify(json)) throw unreadable('it is not written as a run writes it: a key twice, or letters escaped')
  const parsed = ConformResult.safeParse(json)
  if (!parsed.success) throw unreadable(parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return parsed.data
}

function withoutBlanks(json: string): string { return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1') }

/** A file of known keys: whose each is. Paths are from where the file stands. */
const KnownKeys = z.strictObject({ version: z.literal(1), keys: z.array(z.strictObject({ partners: z.array(z.string().min(1)).min(1), file: z.string().min(1) })) })

/** Each `PARTNER[,PARTNER…]=FILE`, a YAML file that says so of several keys, or a key alone, which then is bound to nobody. */
export function readKnownKeys(said: readonly string[], cwd: string): KnownKey[] {
  return said.flatMap((one) => {
    const [, partners, path = one] = /^([a-z][a-z0-9-]*(?:,[a-z][a-z0-9-]*)*)=(.+)$/.exec(one) ?? []
    const file = resolve(cwd, path)
    if (partners === undefined && /\.ya?ml$/.test(path)) return parseYaml(readText(file, 'known keys'), file, KnownKeys).value.keys.map((entry) => knownKey(resolve(dirname(file), entry.file), entry.partners))
    return [knownKey(file, partners?.split(',') ?? null)]
  })
}

function knownKey(file: string, partners: readonly string[] | null): KnownKey { return { file, key: readPublicKey(readText(file, 'public key'), file), partners } }

/** Where readiness hangs on it, a key must be somebody's: by one that is anybody's every partner could vouch for every other. */
export function requireBound(keys: readonly KnownKey[]): readonly KnownKey[] {
  const unbound = keys.filter(({ partners }) => partners === null)
  if (unbound.length === 0) return keys
  throw new InputError(unbound.map(({ file }) => ({ code: 'CONFORM_KEY_UNBOUND', what: `it is not said whose key ${file} is`, where: '--known', mend: `write --known PARTNER=${file}, or name a file of keys (docs/conform.md)` })))
}
