/** Every mistake of a contract profile: names that the contract does not have, two names that became one, paths and signatures that cannot be. */
import { suggest } from '../did-you-mean.ts'
import type { Problem } from '../error.ts'
import type { ContractProfile, WireOperation, WireRole } from './contract-profile.ts'
import { namesOf } from './operation-wire.ts'
import { COMMON_REFUSALS, RefusalBody, type Operation } from './operation.ts'
import type { RoleContract } from './role.ts'
import { fieldsOf } from './router.ts'
import { namesIn, shapeOf, type Shape } from './schema-shape.ts'
import { statusProblems } from './wire-status-problems.ts'

type Report = (problem: Problem) => void

/** Says where a path of the document stands: `file:line:column path`. */
export type Place = (path: readonly string[]) => string

export function problemsOf(profile: ContractProfile, roles: readonly RoleContract[], place: Place = (path) => `${profile.name}: ${path.join('.')}`): Problem[] {
  const problems: Problem[] = []
  if (profile.issuer && 'vneid' in profile.roles) {
    problems.push({ code: 'CONTRACT_PROFILE_AMBIGUOUS', what: 'the role "vneid" is described twice', where: place(['roles', 'vneid']), mend: 'leave it to "issuer"' })
  }
  for (const [id, wireRole] of Object.entries(profile.roles)) {
    const role = roles.find((candidate) => candidate.id === id)
    const report: Report = (problem) => problems.push({ ...problem, where: place(['roles', id, ...(problem.where ?? '').split('.').filter((step) => step !== '')]) })
    if (role) inRole(role, wireRole, report)
    else unknown(report, 'role', id, roles.map((candidate) => candidate.id), '')
  }
  return problems
}

function inRole(role: RoleContract, wireRole: WireRole, report: Report): void {
  const all = [...role.operations, ...role.calls]
  const names = namesIn(shapeOf(...all.flatMap((one) => [one.request, ...answersOf(one)])))
  for (const field of Object.keys(wireRole.fields)) if (!names.has(field)) unknown(report, 'field', field, [...names.keys()], `.fields.${field}`)
  for (const [field, values] of Object.entries(wireRole.values)) inValues(field, values, names.get(field), [...names.keys()], report)
  const codes = new Set([...Object.keys(COMMON_REFUSALS), ...all.flatMap((one) => Object.keys(one.refuses ?? {}))])
  for (const code of Object.keys(wireRole.codes)) if (!codes.has(code)) unknown(report, 'code', code, [...codes], `.codes.${code}`)
  twice([...codes].map((code) => [code, wireRole.codes[code] ?? code]), 'codes', '.codes', report)
  const headers = new Set(['x-op', ...(role.senderHeader ? [role.senderHeader] : []), ...all.flatMap((one) => Object.keys(one.headers ?? {}))])
  for (const header of Object.keys(wireRole.headers)) if (!headers.has(header)) unknown(report, 'header', header, [...headers], `.headers.${header}`)
  const { signature } = wireRole
  const signing = signature ? [[signature.header, signature.header], ...(signature.timestampHeader ? [[signature.timestampHeader, signature.timestampHeader]] : [])] as [string, string][] : []
  twice([...[...headers].map((header): [string, string] => [header, (wireRole.headers[header] ?? header).toLowerCase()]), ...signing.map(([name, wire]): [string, string] => [name, wire.toLowerCase()])], 'headers', '.headers', report)
  if (signature?.over === 'timestamp.body' && !signature.timestampHeader) {
    report({ code: 'CONTRACT_PROFILE_SIGNATURE', what: 'the time is signed, but no header carries it', where: '.signature', mend: 'name it: "timestampHeader: x-timestamp"' })
  }
  for (const [kind, operations] of [['operations', role.operations], ['calls', role.calls]] as const) {
    for (const name of Object.keys(wireRole[kind])) if (!operations.some((one) => one.name === name)) unknown(report, kind === 'calls' ? 'call' : 'operation', name, operations.map((one) => one.name), `.${kind}.${name}`)
    for (const one of operations) inOperation(one, wireRole, wireRole[kind][one.name] ?? {}, (problem) => report({ ...problem, where: `.${kind}.${one.name}${problem.where ?? ''}` }))
    const paths = operations.map((one): [string, string] => [one.name, `${wireRole[kind][one.name]?.method ?? one.method} ${pathOf(one, wireRole, wireRole[kind][one.name]).replaceAll(/\{[^/]*\}/g, '{}')}`])
    twice(paths.filter(([, path]) => !path.endsWith(' ')), 'paths', `.${kind}`, report)
  }
}

function inValues(field: string, values: Readonly<Record<string, string>>, shapes: readonly Shape[] | undefined, known: readonly string[], report: Report): void {
  if (!shapes) return unknown(report, 'field', field, known, `.values.${field}`)
  const texts = new Set(shapes.flatMap((shape) => [...(shape.items ?? shape).texts]))
  if (!shapes.some((shape) => (shape.items ?? shape).freeText)) {
    for (const value of Object.keys(values)) if (!texts.has(value)) unknown(report, `value of "${field}"`, value, [...texts], `.values.${field}.${value}`)
  }
  twice([...new Set([...texts, ...Object.keys(values)])].map((value) => [value, values[value] ?? value]), `values of "${field}"`, `.values.${field}`, report)
}

function inOperation(operation: Operation, wireRole: WireRole, wire: WireOperation, report: Report): void {
  const request = shapeOf(operation.request)
  const answer = shapeOf(...answersOf(operation))
  for (const [part, shape] of [['request', request], ['answer', answer]] as const) {
    const names = namesIn(shape)
    for (const field of Object.keys(wire[part] ?? {})) if (!names.has(field)) unknown(report, 'field', field, [...names.keys()], `.${part}.${field}`)
    const { wireName } = namesOf(wireRole, wire[part])
    eachObject(shape, (properties) => twice(properties.map((name) => [name, wireName(name)]), 'fields', `.${part}`, report))
  }
  inPath(operation, request, wireRole, wire, report)
  for (const problem of statusProblems(operation, wire)) report(problem)
}

function inPath(operation: Operation, request: Shape, wireRole: WireRole, wire: WireOperation, report: Report): void {
  const path = pathOf(operation, wireRole, wire)
  const { wireName } = namesOf(wireRole, wire.request)
  const required = new Map([...request.properties].map(([name, { optional }]) => [wireName(name), !optional]))
  const wrong = (what: string, mend: string) => report({ code: 'CONTRACT_PROFILE_PATH', what, where: '.path', mend })
  for (const field of fieldsOf(path)) {
    if (!required.has(field)) unknown(report, 'field of the path', field, [...required.keys()], '.path')
    else if (!required.get(field)) wrong(`"${field}" stands in the path, but a request may leave it out`, 'let it stand in the query or the body')
  }
  if (path.split('/').some((segment) => /[{}]/.test(segment) && !/^\{[^{}]+\}$/.test(segment))) wrong(`"${path}": a field must be a whole segment`, 'write "/{field}/"')
  if (/[?#\s]/.test(path)) wrong(`"${path}" is not a path`, 'leave query and fragment away')
  const rest = [...required.keys()].filter((name) => !fieldsOf(path).includes(name))
  if (wire.method === 'GET' && operation.takes !== 'query' && rest.length > 0) wrong(`GET has no body for ${rest.join(', ')}`, 'use POST or PUT, or put them into the path')
}

function pathOf(operation: Operation, wireRole: WireRole, wire: WireOperation | undefined): string {
  const { wireName } = namesOf(wireRole, wire?.request)
  return wire?.path ?? operation.path.replaceAll(/\{([^/]*)\}/g, (_all, name: string) => `{${wireName(name)}}`)
}

function answersOf(operation: Operation) { return Object.values(operation.answers).filter((schema) => schema !== null && schema !== RefusalBody) }

function eachObject(shape: Shape, visit: (properties: string[]) => void, seen: Set<Shape> = new Set()): void {
  if (seen.has(shape)) return
  seen.add(shape)
  visit([...shape.properties.keys()])
  for (const { shape: inner } of shape.properties.values()) eachObject(inner, visit, seen)
  for (const inner of [shape.items, shape.rest]) if (inner) eachObject(inner, visit, seen)
}

function unknown(report: Report, kind: string, word: string, allowed: readonly string[], where: string): void {
  report({ code: 'CONTRACT_PROFILE_UNKNOWN', what: `there is no ${kind} "${word}"`, where, mend: suggest(word, allowed) })
}

/** Two canonical names that one wire name would stand for. */
function twice(pairs: readonly (readonly [canonical: string, wire: string])[], what: string, where: string, report: Report): void {
  for (const [wire, group] of Map.groupBy(pairs, ([, name]) => name)) {
    if (group.length > 1) report({ code: 'CONTRACT_PROFILE_AMBIGUOUS', what: `${what} ${group.map(([name]) => `"${name}"`).join(' and ')} are all "${wire}" on the wire`, where, mend: 'give each a name of its own' })
  }
}
