/**
 * Every field of what a contract has a system say, and how each can be wrong: a field missing, of another type, or with another value of the same form. By
 * systems that are right but for one such field it is shown that none goes unnoticed.
 */
import type { z } from 'zod'
import { shapeOf, type Shape } from '../../contracts/partner-api/schema-shape.ts'

/** Names from the outside in; `[]` is every item of a list, `{}` every value of a record. */
export type Field = { path: readonly string[]; shape: Shape; optional: boolean }
export type Alteration = 'missing' | 'wrong type' | 'wrong value' | 'an item too few' | 'an item twice'

const HOURS_7_MS = 7 * 3_600_000
const DAY_MS = 86_400_000
/** Epoch milliseconds, of this century. */
const isMoment = (value: number) => value > 1e12 && value < 5e12

/** Those that hold other fields included: a whole object can be missing, too. */
export function fieldsOf(schema: z.ZodType): Field[] { return within(shapeOf(schema), []) }

function within(shape: Shape, path: readonly string[]): Field[] {
  return [
    ...[...shape.properties].flatMap(([name, { shape: inner, optional }]): Field[] => [{ path: [...path, name], shape: inner, optional }, ...within(inner, [...path, name])]),
    ...(shape.items ? [{ path: [...path, '[]'], shape: shape.items, optional: true }, ...within(shape.items, [...path, '[]'])] : []),
    ...(shape.rest ? [{ path: [...path, '{}'], shape: shape.rest, optional: true }, ...within(shape.rest, [...path, '{}'])] : []),
  ]
}

/** By which of them it can be wrong. */
export function alterationsOf({ path, shape }: Field): Alteration[] {
  const isMember = ['[]', '{}'].includes(path.at(-1)!)
  // Of what can be said in one way only, another value is one of another type.
  const isLeaf = shape.properties.size === 0 && !shape.items && !shape.rest && !(shape.texts.size === 1 && !shape.freeText)
  return [...(isMember ? [] : ['missing', 'wrong type'] as const), ...(isLeaf ? ['wrong value'] as const : []), ...(shape.items ? ['an item too few', 'an item twice'] as const : [])]
}

/** The same with the field altered, wherever it stands; undefined where it stands nowhere, or has no other value. */
export function altered(json: unknown, { path, shape }: Field, how: Alteration): unknown {
  let done = 0
  function at(value: unknown, rest: readonly string[]): unknown {
    const [name, ...inner] = rest as [string, ...string[]]
    if (typeof value !== 'object' || value === null) return value
    if (name === '[]' || name === '{}') {
      if ((name === '[]') !== Array.isArray(value)) return value
      const members = Object.entries(value).map(([key, member]) => [key, inner.length === 0 ? changed(member) : at(member, inner)] as const)
      return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members)
    }
    if (!Object.hasOwn(value, name) || Array.isArray(value)) return value
    const own = value as Record<string, unknown>
    if (inner.length > 0) return { ...own, [name]: at(own[name], inner) }
    if (how !== 'missing') return { ...own, [name]: changed(own[name]) }
    done += 1
    const { [name]: _, ...others } = own
    return others
  }
  function changed(value: unknown): unknown {
    const next = how === 'wrong type' ? ofAnotherType(value) : how === 'wrong value' ? another(value, shape) : ofAnotherLength(value, how)
    if (next === undefined) return value
    done += 1
    return next
  }
  const result = at(json, path)
  return done > 0 ? result : undefined
}

function ofAnotherType(value: unknown): unknown { return typeof value === 'string' ? { not: 'this' } : typeof value === 'object' && value !== null ? 'text' : value === null ? { not: 'this' } : [String(value)] }

function ofAnotherLength(value: unknown, how: Alteration): unknown {
  if (!Array.isArray(value) || value.length === 0) return undefined
  return how === 'an item too few' ? value.slice(0, -1) : how === 'an item twice' ? [...value, value[0]] : undefined
}

/** Of the same form: another of its texts, a day later, seven hours later, one more, another last letter. */
function another(value: unknown, { texts, freeText }: Shape): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + (isMoment(value) ? HOURS_7_MS : 1)
  if (typeof value !== 'string') return undefined
  if (texts.size > 0 && !freeText) return [...texts].find((text) => text !== value)
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return new Date(Date.parse(value) + DAY_MS).toISOString().slice(0, 10)
  // The last letter of a signature need not be of its last byte.
  const [, signed, end] = /^([\w-]+\.[\w-]+\.[\w-]+)([\w-]{10})$/.exec(value) ?? []
  return signed !== undefined ? otherEnd(signed) + end! : otherEnd(value)
}

/** Its last letter or digit is another one; base64 stays base64, an address stays one. */
function otherEnd(text: string): string {
  const at = text.search(/[\p{L}\p{N}](?!.*[\p{L}\p{N}])/su)
  if (at < 0) return `${text}x`
  const letter = text[at]!
  return text.slice(0, at) + (/\d/.test(letter) ? String((Number(letter) + 1) % 10) : letter === 'a' ? 'e' : letter === 'A' ? 'E' : /[A-Z]/.test(letter) ? 'A' : 'a') + text.slice(at + 1)
}
