/**
 * What a zod schema holds, reduced to what renaming needs: names of properties at every depth, items, values of records (whose keys are data, not
 * names), the texts that a closed list allows. Alternatives are laid over one another.
 */
import type { z } from 'zod'

export type Shape = {
  properties: Map<string, { shape: Shape; optional: boolean }>
  items?: Shape
  /** Values of a record. */
  rest?: Shape
  /** Texts of enumerations and literals. */
  texts: Set<string>
  /** Takes other texts than these. */
  freeText: boolean
  number: boolean
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Definition = { type: string; [part: string]: any }

export function shapeOf(...schemas: readonly (z.ZodType | null)[]): Shape {
  const shape = emptyShape()
  const done = new Map<z.ZodType, Shape>()
  for (const schema of schemas) if (schema) lay(shape, schema, done)
  return shape
}

function emptyShape(): Shape { return { properties: new Map(), texts: new Set(), freeText: false, number: false } }

function lay(shape: Shape, schema: z.ZodType, done: Map<z.ZodType, Shape>): void {
  // A schema that holds itself is walked once at each place.
  if (done.get(schema) === shape) return
  done.set(schema, shape)
  const definition = schema.def as unknown as Definition
  const into = (inner: z.ZodType) => lay(shape, inner, done)
  switch (definition.type) {
    case 'object':
      for (const [name, inner] of Object.entries(definition['shape'] as Record<string, z.ZodType>)) layProperty(shape, name, inner, done)
      return
    case 'array': return lay(shape.items ??= emptyShape(), definition['element'], done)
    case 'tuple': for (const inner of definition['items']) lay(shape.items ??= emptyShape(), inner, done); return
    case 'record': return lay(shape.rest ??= emptyShape(), definition['valueType'], done)
    case 'union': for (const inner of definition['options']) into(inner); return
    case 'intersection': into(definition['left']); return into(definition['right'])
    case 'pipe': into(definition['in']); return into(definition['out'])
    case 'lazy': return into(definition['getter']())
    case 'enum': for (const text of Object.values(definition['entries'])) shape.texts.add(String(text)); return
    case 'literal': for (const value of definition['values']) if (typeof value === 'string') shape.texts.add(value); return
    case 'string': case 'template_literal': case 'any': case 'unknown': shape.freeText = true; return
    case 'number': case 'int': shape.number = true; return
    default: if (definition['innerType']) into(definition['innerType'])
  }
}

function layProperty(shape: Shape, name: string, schema: z.ZodType, done: Map<z.ZodType, Shape>): void {
  const optional = schema.safeParse(undefined).success
  const known = shape.properties.get(name)
  const property = known ?? { shape: emptyShape(), optional }
  if (known) known.optional ||= optional
  else shape.properties.set(name, property)
  const seen = done.get(schema)
  // One that holds itself: the same shape again, not a deeper one.
  if (!known && seen && HOLDERS.has(schema.def.type)) property.shape = seen
  else lay(property.shape, schema, done)
}

const HOLDERS: ReadonlySet<string> = new Set(['object', 'lazy', 'optional', 'nullable', 'array'])

/** All names of properties, at every depth. */
export function namesIn(shape: Shape, names: Map<string, Shape[]> = new Map(), seen: Set<Shape> = new Set()): Map<string, Shape[]> {
  if (seen.has(shape)) return names
  seen.add(shape)
  for (const [name, { shape: inner }] of shape.properties) {
    names.set(name, [...names.get(name) ?? [], inner])
    namesIn(inner, names, seen)
  }
  if (shape.items) namesIn(shape.items, names, seen)
  if (shape.rest) namesIn(shape.rest, names, seen)
  return names
}
