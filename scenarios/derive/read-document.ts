/**
 * Reads a YAML file that belongs to the product (mixes, published figures) against its schema. Out: the value, or every problem of the file at once
 * with `file:line:column path` (codes FILE_MISSING, YAML_SYNTAX, VALUE_INVALID).
 */
import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { ZodType, output } from 'zod'
import { InputError } from '../../contracts/error.ts'

export type Located<T> = { value: T; place: (path: readonly (string | number)[]) => string }

export function readDocument<S extends ZodType>(file: string, shown: string, schema: S): Located<output<S>> {
  let text: string
  try { text = readFileSync(file, 'utf8') } catch (error) {
    throw new InputError([{ code: 'FILE_MISSING', what: `"${shown}" cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, where: shown, mend: 'check the path' }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number) => { const { line, col } = lines.linePos(offset); return `${shown}:${line}:${col}` }
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map((error) => ({ code: 'YAML_SYNTAX', what: error.message.split('\n')[0]!, where: at(error.pos[0]), mend: 'mend the YAML at this place' })))
  }
  const place = (path: readonly (string | number)[]) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return `${at(node.range[0])} ${path.join('.')}`.trimEnd()
    }
    return `${shown} ${path.join('.')}`
  }
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success) {
    throw new InputError(parsed.error.issues.map((issue) => ({
      code: 'VALUE_INVALID', what: `${issue.path.join('.') || 'the document'}: ${issue.message}`, where: place(issue.path.map((segment) => typeof segment === 'number' ? segment : String(segment))),
      mend: 'compare with scenarios/mixes/national.yaml',
    })))
  }
  return { value: parsed.data, place }
}
