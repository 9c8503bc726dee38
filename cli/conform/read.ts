/** Reads what conformance works with from files: fixtures, results, waivers, keys. All mistakes of a file at once, with their places. */
import type { KeyObject } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Fixture, missingSecrets } from '../../conform/fixture.ts'
import { Waivers, type Waiver } from '../../conform/matrix.ts'
import { ConformResult } from '../../conform/result.ts'
import { readPublicKey } from '../../conform/seal.ts'
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
  let json: unknown
  try { json = JSON.parse(readText(file, 'result')) } catch (error) {
    if (error instanceof InputError) throw error
    throw unreadable((error as Error).message)
  }
  const parsed = ConformResult.safeParse(json)
  if (!parsed.success) throw unreadable(parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return parsed.data
}

export function readKnownKeys(files: readonly string[]): Map<string, KeyObject> { return new Map(files.map((file) => [file, readPublicKey(readText(file, 'public key'), file)])) }
