/**
 * A target file from its path to something that can be reached: read and checked, its secrets found, the run's pseudonyms drawn. All problems at once, each
 * with its place; nothing has been sent anywhere yet.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InputError, type Problem } from '../../contracts/error.ts'
import { NO_SECRET_REF } from '../../contracts/secret-ref.ts'
import { Target } from '../../contracts/target.ts'
import { blotting, pseudonymsBy, type TargetAccess } from '../../cutover/access.ts'
import { isAllowed } from '../../cutover/allow-list.ts'
import { hostOf } from '../../cutover/systems.ts'
import { checkTarget } from '../documents/check-target.ts'
import { Problems } from '../documents/collect.ts'
import { shownPath } from '../documents/sources.ts'
import { parseYaml, readText, type Loaded } from '../documents/yaml-document.ts'
import type { World } from '../world.ts'
import { openSecrets, type Secrets } from './secrets.ts'

export type TargetDocument = Loaded<Target> & { file: string; shown: string }

export type LoadedTarget = TargetDocument & {
  secrets: Secrets
  /** Everything but asking a person, which the run itself does. */
  access: Omit<TargetAccess, 'confirm'>
  /** Handed to the load generator by its environment alone. */
  pseudonymKey: string
  /** PEM file beside the machine's authorities. */
  authorityFile?: string
}

/** Read and checked as a document; secrets are not looked for. */
export function readTarget(world: Pick<World, 'cwd'>, path: string, text?: string): TargetDocument {
  const file = resolve(world.cwd, path)
  const shown = shownPath(world as World, file)
  const problems = new Problems()
  const loaded = parseTarget(text ?? readText(file, 'target'), shown)
  problems.add(...checkTarget(loaded.value, loaded.place))
  problems.throwIfAny()
  return { ...loaded, value: withDnsAuthority(loaded.value), file, shown }
}

function parseTarget(text: string, shown: string): Loaded<Target> {
  try { return parseYaml(text, shown, Target) } catch (error) {
    if (!(error instanceof InputError)) throw error
    // An unknown role is a mistake of its own: the word decides what the whole system is.
    throw new InputError(error.problems.map((problem): Problem => {
      if (problem.code !== 'VALUE_INVALID') return problem
      if (problem.mend.includes(NO_SECRET_REF)) return { ...problem, code: 'TARGET_SECRET_INLINE', what: 'this is no reference to a secret' }
      return problem.where?.endsWith('.role') ? { ...problem, code: 'TARGET_ROLE_UNKNOWN' } : problem
    }))
  }
}

export function loadTarget(world: World, path: string): LoadedTarget {
  const document = readTarget(world, path)
  const { value: target, file, place } = document
  const { secrets, problems } = openSecrets(world, target, file, place)
  if (problems.length === 0) problems.push(...behindReferences(target, secrets, place))
  const authority = authorityOf(document, problems)
  if (problems.length > 0) throw new InputError(problems)
  const pseudonymKey = randomBytes(32).toString('hex')
  return {
    ...document, secrets, pseudonymKey, ...(target.certificateAuthority !== undefined && { authorityFile: resolve(dirname(file), target.certificateAuthority) }),
    value: {
      ...target, pseudonyms: true, timeScale: target.timeScale ?? 1,
      systems: target.systems.map((system) => ({
        ...system, ...(system.database !== undefined && { database: secrets.of(system.database) }),
        ...(system.read?.by === 'files' && { read: { ...system.read, directory: resolve(dirname(file), system.read.directory), ...(system.read.baseline !== undefined && { baseline: resolve(dirname(file), system.read.baseline) }) } }),
      })),
    },
    access: { secretOf: secrets.of, blot: blotting([...secrets.values, pseudonymKey]), pseudonymOf: pseudonymsBy(pseudonymKey), ...(authority !== undefined && { authority }) },
  }
}

/** Addresses that are known only when the secrets are. */
function behindReferences(target: Target, secrets: Secrets, place: TargetDocument['place']): Problem[] {
  return target.systems.flatMap((system, index): Problem[] => {
    const refs: [string[], string | undefined][] = [[['database'], system.database], [['read', 'database'], system.read?.by === 'sql' ? system.read.database : undefined]]
    return refs.flatMap(([path, ref]): Problem[] => {
      if (ref === undefined) return []
      const url = secrets.of(ref)
      const where = place(['systems', index, ...path])
      if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) return [{ code: 'VALUE_INVALID', what: `behind ${ref} is no PostgreSQL address`, where, mend: 'write one such as postgresql://reader:…@10.20.0.9:5432/portal into it' }]
      const host = hostOf(url)
      return isAllowed(host, target.allow) ? [] : [{ code: 'TARGET_NOT_ALLOWED', what: `the database of system "${system.id}" is at ${host}, which the target does not allow`, where, mend: `correct the address, or add it under "allow:"; allowed now: ${target.allow.join(', ')}` }]
    })
  })
}

function authorityOf({ value: { certificateAuthority }, file, place }: TargetDocument, problems: Problem[]): string | undefined {
  if (certificateAuthority === undefined) return undefined
  const path = resolve(dirname(file), certificateAuthority)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return text
  problems.push({ code: 'FILE_MISSING', what: text === undefined ? `"${certificateAuthority}" is not there` : `"${certificateAuthority}" holds no PEM certificate`, where: place(['certificateAuthority']), mend: 'name the PEM file of the authority that signed the certificates' })
  return undefined
}

/** Who switches DNS there stands in the plan as a system of its own. */
function withDnsAuthority(target: Target): Target {
  if (!target.dns || target.systems.some(({ role, mode }) => role === 'dns-authority' && mode !== 'absent')) return target
  return { ...target, systems: [...target.systems, { id: 'dns-authority', role: 'dns-authority', mode: 'real', unit: target.dns.unit, control: { 'zone.set': target.dns.switch } }] }
}
