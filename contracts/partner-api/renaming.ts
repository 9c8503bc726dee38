/**
 * Names and values of fields, canonical to wire and back, along the shape of a schema. Undefined where nothing in it changes, so that it costs nothing.
 * What the wire brings under a canonical name that is called otherwise there is not taken for that field: it comes out as `wire:<name>`, which a
 * strict schema refuses by name.
 */
import { put } from './form-data.ts'
import type { Shape } from './schema-shape.ts'

export type Names = {
  wireName: (field: string) => string
  /** Canonical to wire value, of the field. */
  values: (field: string) => ReadonlyMap<string, string> | undefined
}

type Values = { out: ReadonlyMap<string, string>; in: ReadonlyMap<string, string>; closed: boolean }
type Field = { canonical: string; wire: string; inner: Renaming | undefined; values: Values | undefined }
export type Renaming = { out: Map<string, Field>; in: Map<string, Field>; items: Renaming | undefined; rest: Renaming | undefined }
export type Way = 'out' | 'in'

export function renamingOf(shape: Shape, names: Names, begun: Map<Shape, Renaming> = new Map()): Renaming | undefined {
  const known = begun.get(shape)
  if (known) return known
  const renaming: Renaming = { out: new Map(), in: new Map(), items: undefined, rest: undefined }
  begun.set(shape, renaming)
  let changes = false
  for (const [canonical, { shape: inner }] of shape.properties) {
    const wire = names.wireName(canonical)
    const values = valuesOf(names.values(canonical), inner.items ?? inner)
    const field: Field = { canonical, wire, inner: renamingOf(inner, names, begun), values }
    if (wire !== canonical || field.inner || values) changes = true
    renaming.out.set(canonical, field)
    renaming.in.set(wire, field)
  }
  renaming.items = shape.items && renamingOf(shape.items, names, begun)
  renaming.rest = shape.rest && renamingOf(shape.rest, names, begun)
  if (changes || renaming.items || renaming.rest) return renaming
  begun.delete(shape)
  return undefined
}

function valuesOf(map: ReadonlyMap<string, string> | undefined, shape: Shape): Values | undefined {
  return map && { out: map, in: new Map(Array.from(map, ([canonical, wire]) => [wire, canonical])), closed: !shape.freeText }
}

export function rename(renaming: Renaming | undefined, value: unknown, way: Way): unknown {
  if (!renaming || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return renaming.items ? value.map((item) => rename(renaming.items, item, way)) : value
  const renamed: Record<string, unknown> = {}
  const source = value as Record<string, unknown>
  for (const key of Object.keys(source)) {
    const field = renaming[way].get(key)
    if (field) put(renamed, way === 'out' ? field.wire : field.canonical, renameField(field, source[key], way))
    else if (way === 'in' && renaming.out.has(key)) put(renamed, `wire:${key}`, source[key])
    else put(renamed, key, rename(renaming.rest, source[key], way))
  }
  return renamed
}

function renameField({ inner, values }: Field, value: unknown, way: Way): unknown {
  if (!values) return rename(inner, value, way)
  if (typeof value === 'string') return renameText(values, value, way)
  if (Array.isArray(value)) return value.map((item) => typeof item === 'string' ? renameText(values, item, way) : rename(inner?.items, item, way))
  return rename(inner, value, way)
}

function renameText(values: Values, text: string, way: Way): string {
  const renamed = values[way].get(text)
  if (renamed !== undefined) return renamed
  return way === 'in' && values.closed && values.out.has(text) ? `wire:${text}` : text
}

/** Where a problem of the canonical value stands on the wire. */
export function wirePath(renaming: Renaming | undefined, path: readonly PropertyKey[]): string {
  let at = renaming
  return path.map((step) => {
    if (typeof step === 'number') { at = at?.items; return String(step) }
    const field = at?.out.get(String(step))
    at = field ? field.inner : at?.rest
    return field?.wire ?? String(step)
  }).join('.')
}
