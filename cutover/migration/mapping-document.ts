/**
 * Reads a mapping's YAML against its schema and keeps the places, so that checks beyond the schema can name line and column too.
 * Throws InputError with all problems when the YAML or the schema does not hold; later checks add theirs through `report`.
 */
import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'

type Path = readonly (string | number)[]
export type Report = (code: string, what: string, path: Path, mend: string) => void

export function readMappingDocument<S extends z.ZodObject>(text: string, file: string, schema: S): { value: z.output<S>; report: Report; problems: Problem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const problems: Problem[] = document.errors.map((error) => ({
    code: 'MAPPING_YAML_INVALID', what: error.message.split('\n')[0]!.replace(/ at line .*$/, ''), where: `${file}:${position(lines, error.pos[0])}`, mend: 'mend the YAML at this place',
  }))
  if (problems.length > 0) throw new InputError(problems)
  const report: Report = (code, what, path, mend) => {
    problems.push({ code, what, where: `${file}:${position(lines, offsetOf(document, path))} ${path.join('.')}`.trimEnd(), mend })
  }
  const input = document.toJS() as unknown
  const parsed = schema.safeParse(input)
  if (parsed.success) return { value: parsed.data, report, problems }
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((segment) => typeof segment === 'symbol' ? String(segment) : segment)
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) report('MAPPING_KEY_UNKNOWN', `unknown key "${key}"`, [...path, key], suggest(key, keysAt(schema, path)))
      continue
    }
    const value = valueAt(input, path)
    if (value === undefined) report('MAPPING_KEY_MISSING', `"${path.join('.')}" is missing`, path, `add it: ${issue.message}`)
    else report('MAPPING_VALUE_INVALID', `${path.join('.') || 'the document'} is ${JSON.stringify(value)}`, path, issue.code === 'invalid_value' ? suggest(String(value), issue.values.map(String)) : `write ${issue.message}`)
  }
  throw new InputError(problems)
}

function position(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}`
}

/** Where the key of a path stands; where it is missing, its nearest ancestor. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = String(path[length - 1])
    const pair = isMap(parent) ? parent.items.find((item) => isPair(item) && isNode(item.key) && String((item.key as { value?: unknown }).value) === key) : undefined
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  }
  return 0
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, segment) => value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[String(segment)] : undefined, input)
}

function keysAt(schema: z.ZodType, path: Path): string[] {
  let at: z.ZodType | undefined = schema
  for (const segment of path) at = at instanceof z.ZodObject ? (at.shape as Record<string, z.ZodType>)[String(segment)] : undefined
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}
