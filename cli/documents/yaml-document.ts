/**
 * Reads one YAML document against a zod schema. Out: the value, or every problem of the file at once, each with `file:line:column path`.
 * Fails with the codes YAML_SYNTAX, KEY_UNKNOWN, KEY_MISSING, VALUE_INVALID, FILE_MISSING; checks of one kind of document add their own.
 */
import { readFileSync } from 'node:fs'
import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'

export type PathSegment = string | number
export type Place = (path: readonly PathSegment[]) => string
export type Loaded<T> = { value: T; place: Place }

export function readText(file: string, kind: string): string {
  try { return readFileSync(file, 'utf8') } catch (error) {
    throw new InputError([{ code: 'FILE_MISSING', what: `${kind} "${file}" cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, where: file, mend: 'check the path' }])
  }
}

export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Loaded<z.output<S>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map((error) => ({
      code: 'YAML_SYNTAX', what: error.message.split('\n')[0]!.replace(/ at line .*$/, ''),
      where: `${file}:${position(lines, error.pos[0])}`, mend: 'mend the YAML at this place',
    })))
  }
  const place: Place = (path) => `${file}:${position(lines, offsetOf(document, path))} ${formatPath(path)}`.trimEnd()
  const input = document.toJS() as unknown
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw new InputError(parsed.error.issues.flatMap((issue) => problemsOf(issue, input, schema, place)))
  return { value: parsed.data, place }
}

function position(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}`
}

/** Where the node of a path begins; where it is missing, its nearest ancestor. A map's key counts as its beginning. */
function offsetOf(document: Document, path: readonly PathSegment[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]!
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isNode(item.key) && String((item.key as { value?: unknown }).value) === String(last))
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return isNode(document.contents) ? document.contents.range?.[0] ?? 0 : 0
}

export function formatPath(path: readonly PathSegment[]): string {
  return path.map((segment, index) => typeof segment === 'number' ? `[${segment}]` : index === 0 ? segment : `.${segment}`).join('')
}

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue, input: unknown, schema: z.ZodType, place: Place, prefix: readonly PathSegment[] = []): Problem[] {
  const path = [...prefix, ...issue.path.map((segment) => typeof segment === 'symbol' ? String(segment) : segment)]
  if (issue.code === 'unrecognized_keys') {
    const allowed = knownKeys(schema, path, input)
    return issue.keys.map((key) => ({
      code: 'KEY_UNKNOWN', what: `unknown key "${key}"`, where: place([...path, key]), mend: allowed.length ? suggest(key, allowed) : 'take it out',
    }))
  }
  if (issue.code === 'invalid_union') {
    // The branch that fits best speaks: one whose discriminating key is there has the fewest complaints about missing keys.
    const branches = issue.errors.map((issues) => issues.map((inner) => ({ ...inner, path: inner.path })))
    const best = branches.toSorted((a, b) => complaints(a) - complaints(b))[0]
    if (best?.length) return best.flatMap((inner) => problemsOf(inner as Issue, input, schema, place, path))
  }
  const value = valueAt(input, path)
  if (value === undefined) {
    return [{ code: 'KEY_MISSING', what: `"${formatPath(path)}" is missing`, where: place(path), mend: `add it: ${issue.message}` }]
  }
  const shown = JSON.stringify(value)
  const what = `${formatPath(path) || 'the document'} is ${shown && shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : undefined
  return [{ code: 'VALUE_INVALID', what, where: place(path), mend: values ? suggest(String(value), values) : `write ${issue.message.replace(/^Invalid input: /, '')}` }]
}

function complaints(issues: readonly { code?: string; path: readonly PropertyKey[] }[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.length <= 1 ? 3 : 1), 0)
}

function valueAt(input: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>((value, segment) => value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[String(segment)] : undefined, input)
}

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; allOf?: JsonSchema[]; additionalProperties?: JsonSchema | boolean }

/** The keys a map at this path may have, by the schema. */
function knownKeys(schema: z.ZodType, path: readonly PathSegment[], input: unknown): string[] {
  let nodes: JsonSchema[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema]
  for (const segment of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const next = typeof segment === 'number' ? node.items : node.properties?.[segment] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined)
      return next ? [next] : []
    })
  }
  const present = Object.keys((valueAt(input, path) ?? {}) as object)
  // Of several alternatives the one that shares most keys with what is written.
  const best = nodes.flatMap(alternatives).map((node) => Object.keys(node.properties ?? {}))
    .toSorted((a, b) => shared(b, present) - shared(a, present))[0]
  return best ?? []
}

function alternatives(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return inner.length > 0 ? inner.flatMap(alternatives) : [node]
}

function shared(keys: readonly string[], present: readonly string[]): number {
  return keys.filter((key) => present.includes(key)).length
}
