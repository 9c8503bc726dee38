/** Values of a zod schema's form for property tests: right types and names, constraints aside. */
import fc from 'fast-check'
import type { z } from 'zod'

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Definition = { type: string; [part: string]: any }

const text = fc.oneof(fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((value) => value.trim() !== '' && !/^\.+$/.test(value)), fc.constantFrom('Nguyễn Thị Ánh', 'đ/=&+%', 'a b'))

/** Values of fields by their name, at every depth, instead of those of their type: so that requests concern the same things. */
export type Known = (field: string) => fc.Arbitrary<unknown> | undefined

export function generatedValue(schema: z.ZodType, known: Known = () => undefined): fc.Arbitrary<unknown> {
  const definition = schema.def as unknown as Definition
  switch (definition.type) {
    case 'object': {
      const shape = definition['shape'] as Record<string, z.ZodType>
      const required = Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success)
      return fc.record(Object.fromEntries(Object.entries(shape).map(([name, inner]) => [name, known(name) ?? generatedValue(inner, known)])), { requiredKeys: required, noNullPrototype: true })
    }
    case 'array': return fc.array(generatedValue(definition['element'], known), { maxLength: 3 })
    case 'record': return fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), generatedValue(definition['valueType'], known), { maxKeys: 3, noNullPrototype: true })
    case 'union': return fc.oneof(...(definition['options'] as z.ZodType[]).map((option) => generatedValue(option, known)))
    case 'enum': return fc.constantFrom(...Object.values(definition['entries'] as Record<string, string>))
    case 'literal': return fc.constantFrom(...(definition['values'] as unknown[]))
    case 'number': return fc.integer()
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'optional': case 'default': case 'nonoptional': case 'readonly': case 'prefault': case 'catch': return generatedValue(definition['innerType'], known)
    case 'nullable': return fc.option(generatedValue(definition['innerType'], known))
    case 'pipe': return generatedValue(definition['in'], known)
    case 'intersection': return fc.tuple(generatedValue(definition['left'], known), generatedValue(definition['right'], known)).map(([left, right]) => ({ ...left as object, ...right as object }))
    case 'lazy': return generatedValue(definition['getter'](), known)
    default: return text
  }
}
