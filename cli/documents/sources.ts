/**
 * Finds and reads the documents of a rehearsal by name or path: runbooks in `cutover/runbooks/`, profiles in `scenarios/profiles/`, splits in
 * `contracts/reference/`. A name that is not there is answered with those that are.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { output, ZodType } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { Profile } from '../../contracts/profile.ts'
import { Runbook } from '../../contracts/runbook.ts'
import { Split } from '../../contracts/split.ts'
import type { World } from '../world.ts'
import { parseYaml, readText, type Loaded } from './yaml-document.ts'

const KINDS = {
  runbook: { directory: 'cutover/runbooks', prefix: '', code: 'RUNBOOK_UNKNOWN' },
  profile: { directory: 'scenarios/profiles', prefix: '', code: 'PROFILE_UNKNOWN' },
  split: { directory: 'contracts/reference', prefix: 'split-', code: 'SPLIT_UNKNOWN' },
} as const
export type DocumentKind = keyof typeof KINDS

export function namesOf(world: World, kind: DocumentKind): string[] {
  const { directory, prefix } = KINDS[kind]
  return readdirSync(join(world.root, directory)).filter((file) => file.startsWith(prefix) && file.endsWith('.yaml'))
    .map((file) => file.slice(prefix.length, -'.yaml'.length)).toSorted()
}

const isPath = (nameOrPath: string) => /[\\/]|\.ya?ml$/.test(nameOrPath)

/** The same document for whoever stands elsewhere. */
export function fromAnywhere(world: Pick<World, 'cwd'>, nameOrPath: string): string { return isPath(nameOrPath) ? resolve(world.cwd, nameOrPath) : nameOrPath }

/** The file behind a name or path; `where` is the place that mentions it. */
export function findDocument(world: World, kind: DocumentKind, nameOrPath: string, where: string): string {
  if (isPath(nameOrPath)) {
    const path = fromAnywhere(world, nameOrPath)
    if (existsSync(path)) return path
    throw new InputError([{ code: 'FILE_MISSING', what: `${kind} file "${nameOrPath}" is not there`, where, mend: 'check the path' }])
  }
  const { directory, prefix, code } = KINDS[kind]
  const path = join(world.root, directory, `${prefix}${nameOrPath}.yaml`)
  if (existsSync(path)) return path
  throw new InputError([{ code, what: `${kind} "${nameOrPath}" is not known`, where, mend: `${suggest(nameOrPath, namesOf(world, kind))}, or give a path to a .yaml file` }])
}

export type LoadedDocument<T> = Loaded<T> & { file: string; shown: string }

/** The path as errors show it: relative to where the operator stands, where that is shorter. */
export function shownPath(world: World, file: string): string {
  const path = relative(world.cwd, file)
  return path.startsWith('..') ? file : path
}

export function loadRunbook(world: World, file: string): LoadedDocument<Runbook> { return load(world, file, Runbook, 'runbook') }
export function loadProfile(world: World, file: string): LoadedDocument<Profile> { return load(world, file, Profile, 'profile') }
export function loadSplit(world: World, file: string): LoadedDocument<Split> { return load(world, file, Split, 'split') }

function load<S extends ZodType>(world: World, file: string, schema: S, kind: string): LoadedDocument<output<S>> {
  const shown = shownPath(world, file)
  return { ...parseYaml(readText(file, kind), shown, schema), file, shown }
}
