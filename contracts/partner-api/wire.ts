/**
 * A role as it speaks over the wire: canonical by default, by a contract profile where one is given. Code, tests, journals and checks keep to canonical
 * names; simulators and conformance runs write and read through this. All mistakes of a profile are reported at once (`wire-problems.ts`).
 */
import { InputError } from '../error.ts'
import { DEFAULT_SIGNATURE, type ContractProfile, type SignatureScheme, type WireRole } from './contract-profile.ts'
import { operationWire, type Answered, type Asked, type OperationWire, type Read } from './operation-wire.ts'
import { createRefusalWire } from './refusal-wire.ts'
import type { RoleContract } from './role.ts'
import { ROLES } from './roles/index.ts'
import { VNEID, vneidRole } from './roles/vneid.ts'
import { createRouter } from './router.ts'
import { sign, signatureProblem } from './signature.ts'
import { problemsOf, type Place } from './wire-problems.ts'

export type Header = (name: string) => string | undefined

export type RoleWire = {
  role: RoleContract
  /** Name of the contract profile; undefined for canonical names. */
  profile: string | undefined
  /** What the profile says of the role. */
  data: WireRole | undefined
  /** Of an operation or call of the role; an error of the programmer where there is none. */
  operation: (name: string) => OperationWire
  request: (name: string, canonical: unknown) => Asked
  readRequest: (name: string, asked: { fields?: readonly string[]; query?: string; body?: string }) => Read
  answer: (name: string, canonicalStatus: number, body: unknown) => Answered
  readAnswer: (name: string, wireStatus: number, body: unknown) => Answered
  /** A refusal that no operation gives, in the role's form. */
  refusal: (code: string, message: string) => unknown
  readRefusal: (body: unknown) => { error: { code: string; message: string } } | undefined
  /** Names of an operation's request fields, wire and canonical. */
  names: (name: string) => readonly (readonly [wire: string, canonical: string])[]
  header: (canonical: string) => string
  /** Headers by canonical names to headers by wire names. */
  headers: (canonical: Readonly<Record<string, string>>) => Record<string, string>
  /** Which operation (or call, `of`) a request on the wire is, with the fields of its path. */
  find: (method: string, path: string, of?: 'operations' | 'calls') => { name: string; fields: readonly string[] } | undefined
  signature: SignatureScheme
  sign: (key: string, body: string, nowMs: number) => Record<string, string>
  /** Undefined where it is right. `header` is asked by wire names in lower case. */
  signatureProblem: (key: string | undefined, body: string, header: Header, nowMs: number) => string | undefined
  verify: (key: string | undefined, body: string, header: Header, nowMs: number) => boolean
}

/** Every role of the contract, spoken by the profile where it names the role. Throws InputError with all mistakes of the profile. */
export function compileWires(profile?: ContractProfile, roles: readonly RoleContract[] = ROLES, place?: Place): ReadonlyMap<string, RoleWire> {
  if (profile) {
    const problems = problemsOf(profile, roles, place)
    if (problems.length > 0) throw new InputError(problems)
  }
  return new Map(roles.map((role) => [role.id, compileRole(spokenRole(role, profile), profile?.roles[role.id], profile?.name)]))
}

/** VNeID's operations are those of its issuer's profile. */
function spokenRole(role: RoleContract, profile: ContractProfile | undefined): RoleContract {
  return role === VNEID && profile?.issuer ? vneidRole(profile.issuer) : role
}

function compileRole(role: RoleContract, wireRole: WireRole | undefined, profile: string | undefined): RoleWire {
  const refusals = createRefusalWire(wireRole)
  const operations = role.operations.map((one) => operationWire(one, wireRole, wireRole?.operations[one.name], refusals))
  const calls = role.calls.map((one) => operationWire(one, wireRole, wireRole?.calls[one.name], refusals))
  const byName = new Map([...calls, ...operations].map((one) => [one.name, one]))
  const routers = { operations: createRouter(operations), calls: createRouter(calls) }
  const signature = wireRole?.signature ?? DEFAULT_SIGNATURE
  const headerNames = new Map(Object.entries(wireRole?.headers ?? {}))
  const header = (canonical: string) => headerNames.get(canonical) ?? canonical
  const operation = (name: string): OperationWire => {
    const found = byName.get(name)
    if (!found) throw new Error(`role "${role.id}" has no operation "${name}": ${[...byName.keys()].join(', ')}`)
    return found
  }
  const wire: RoleWire = {
    role,
    profile: wireRole && profile,
    data: wireRole,
    operation,
    request: (name, canonical) => operation(name).request(canonical),
    readRequest: (name, { fields = [], query = '', body = '' }) => operation(name).read(fields, query, body),
    answer: (name, status, body) => operation(name).answer(status, body),
    readAnswer: (name, status, body) => operation(name).readAnswer(status, body),
    refusal: (code, message) => refusals.write({ error: { code, message } }),
    readRefusal: refusals.read,
    names: (name) => operation(name).names(),
    header,
    headers: (canonical) => Object.fromEntries(Object.entries(canonical).map(([name, value]) => [header(name), value])),
    find(method, path, of = 'operations') {
      const router = routers[of]
      const literal = router.literal(path)
      const found = literal ? { place: literal, values: [] } : router.template(path)
      const leaf = found?.place.byMethod[method]
      return leaf && { name: leaf.entry.name, fields: found!.values }
    },
    signature,
    sign: (key, body, nowMs) => sign(signature, key, body, nowMs),
    signatureProblem: (key, body, given, nowMs) => signatureProblem(signature, key, body, given, nowMs),
    verify: (key, body, given, nowMs) => signatureProblem(signature, key, body, given, nowMs) === undefined,
  }
  return wire
}
