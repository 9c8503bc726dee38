/** Values of a zod schema's form for property tests: right types and names, constraints aside. */
import fc from 'fast-check'
import type { z } from 'zod'

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Definition = { type: string; [part: string]: any }

const text = fc.oneof(fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((value) => value.trim() !== '' && !/^\.+$/.test(value)), fc.constantFrom('Nguyễn Thị Ánh', 'đ/=&+%', 'a b'))

export function generatedValue(schema: z.ZodType): fc.Arbitrary<unknown> {
  const definition = schema.def as unknown as Definition
  switch (definition.type) {
    case 'object': {
      const shape = definition['shape'] as Record<string, z.ZodType>
      const required = Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success)
      return fc.record(Object.fromEntries(Object.entries(shape).map(([name, inner]) => [name, generatedValue(inner)])), { requiredKeys: required, noNullPrototype: true })
    }
    case 'array': return fc.array(generatedValue(definition['element']), { maxLength: 3 })
    case 'record': return fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), generatedValue(definition['valueType']), { maxKeys: 3, noNullPrototype: true })
    case 'union': return fc.oneof(...(definition['options'] as z.ZodType[]).map(generatedValue))
    case 'enum': return fc.constantFrom(...Object.values(definition['entries'] as Record<string, string>))
    case 'literal': return fc.constantFrom(...(definition['values'] as unknown[]))
    case 'number': return fc.integer()
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'optional': case 'default': case 'nonoptional': case 'readonly': case 'prefault': case 'catch': return generatedValue(definition['innerType'])
    case 'nullable': return fc.option(generatedValue(definition['innerType']))
    case 'pipe': return generatedValue(definition['in'])
    case 'intersection': return fc.tuple(generatedValue(definition['left']), generatedValue(definition['right'])).map(([left, right]) => ({ ...left as object, ...right as object }))
    case 'lazy': return generatedValue(definition['getter']())
    default: return text
  }
}
