/**
 * The secrets of a target file: found by reference in the environment or in files outside the checkout, kept in memory alone. All that are missing, lie in the
 * checkout or are open to others are told at once; no message holds a value.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, relative, resolve, sep } from 'node:path'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'
import { parseSecretRef } from '../../contracts/secret-ref.ts'
import { secretsOfAuth } from '../../contracts/target/auth.ts'
import type { Target, TargetSystem } from '../../contracts/target.ts'
import type { PathSegment, Place } from '../documents/yaml-document.ts'
import type { World } from '../world.ts'

export type Secrets = { of: (ref: string) => string; values: readonly string[] }
type Named = { path: PathSegment[]; ref: string }

/** Every reference of a target, with its place. */
export function secretRefs(target: Target): Named[] {
  const { simulators } = target
  return [
    ...target.systems.flatMap((system, index) => refsOfSystem(system).map(({ path, ref }) => ({ path: ['systems', index, ...path], ref }))),
    ...Object.entries(simulators?.keys ?? {}).map(([id, ref]): Named => ({ path: ['simulators', 'keys', id], ref })),
    ...simulators?.vneidClient ? [{ path: ['simulators', 'vneidClient', 'clientSecret'], ref: simulators.vneidClient.clientSecret }] : [],
  ]
}

function refsOfSystem(system: TargetSystem): Named[] {
  return [
    ...system.database === undefined ? [] : [{ path: ['database'], ref: system.database }],
    ...system.auth ? secretsOfAuth(system.auth).map(([key, ref]): Named => ({ path: ['auth', key], ref })) : [],
    ...system.read?.by === 'sql' ? [{ path: ['read', 'database'], ref: system.read.database }] : [],
  ]
}

/** `file`: the target file; paths are relative to its folder. */
export function openSecrets(world: Pick<World, 'env' | 'root'>, target: Target, file: string, place: Place): { secrets: Secrets; problems: Problem[] } {
  const problems: Problem[] = []
  const found = new Map<string, string>()
  for (const { path, ref } of secretRefs(target)) {
    if (found.has(ref)) continue
    try { found.set(ref, readSecret(world, ref, file)) } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.problems.map((problem) => ({ ...problem, where: place(path) })))
    }
  }
  return {
    problems,
    secrets: {
      of(ref) {
        const value = found.get(ref)
        if (value === undefined) throw new Error(`the secret "${ref}" was not read`)
        return value
      },
      // A database's address is not secret, its password is.
      values: [...found.values()].flatMap((value) => URL.canParse(value) ? [decodeURIComponent(new URL(value).password)].filter((password) => password !== '') : [value]),
    },
  }
}

function readSecret(world: Pick<World, 'env' | 'root'>, ref: string, file: string): string {
  const parsed = parseSecretRef(ref)
  if (!parsed) throw refused('TARGET_SECRET_INLINE', 'a secret stands in the file itself', 'put it into an environment variable or a file outside the checkout, and write env:NAME or file:PATH here')
  if (parsed.by === 'env') {
    const value = world.env[parsed.variable]
    if (value) return value
    throw refused('TARGET_SECRET_MISSING', `the environment variable ${parsed.variable} is not set`, `set it: export ${parsed.variable}=…`)
  }
  const path = resolve(dirname(file), parsed.path.replace(/^~(?=\/)/, world.env['HOME'] ?? homedir()))
  let text: string
  try { text = readFileSync(path, 'utf8') } catch (error) {
    throw refused('TARGET_SECRET_MISSING', `"${parsed.path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`, 'make the file, readable by you alone, with the secret in it')
  }
  if (isInside(world.root, path)) throw refused('TARGET_SECRET_IN_CHECKOUT', `"${parsed.path}" lies in this checkout, from where it would get into git`, 'move it outside, such as to ~/.config/tongduyet/')
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw refused('TARGET_SECRET_OPEN', `"${parsed.path}" can be read by others (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${path}`)
  if (parsed.entry === undefined) return nonEmpty(text.trim(), parsed.path)
  const entries = new Map(text.split('\n').flatMap((line) => { const cut = line.indexOf('='); return cut > 0 && !line.startsWith('#') ? [[line.slice(0, cut).trim(), line.slice(cut + 1).trim()] as const] : [] }))
  const value = entries.get(parsed.entry)
  if (value === undefined) throw refused('TARGET_SECRET_MISSING', `"${parsed.path}" has no line ${parsed.entry}=…`, suggest(parsed.entry, [...entries.keys()]))
  return nonEmpty(value, `${parsed.path}#${parsed.entry}`)
}

function nonEmpty(value: string, name: string): string {
  if (value !== '') return value
  throw refused('TARGET_SECRET_MISSING', `"${name}" is empty`, 'write the secret into it')
}

export function isInside(directory: string, path: string): boolean {
  const way = relative(realpathSync(directory), realpathSync(path))
  return way !== '' && way.split(sep)[0] !== '..' && !way.startsWith(sep)
}

function refused(code: 'TARGET_SECRET_INLINE' | 'TARGET_SECRET_MISSING' | 'TARGET_SECRET_IN_CHECKOUT' | 'TARGET_SECRET_OPEN', what: string, mend: string): InputError {
  return new InputError([{ code, what, mend }])
}
