/**
 * A zod schema as JSON Schema 2020-12, with what zod leaves out or says twice. In: what goes over the wire (`input` of a request, `output` of an
 * answer). An answer may have fields beside the declared ones, as zod reads it, unless `closed` is asked for: then an undeclared field is a mistake.
 */
import { z } from 'zod'

export type Json = Record<string, unknown>

export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', closed = false): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io, unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod
      if (def.type === 'object' && io === 'output' && !closed && (def as { catchall?: unknown }).catchall === undefined) delete jsonSchema.additionalProperties
      // The long pattern says no more than the format.
      if (jsonSchema.format === 'date') delete jsonSchema.pattern
      // No format of JSON Schema; contentEncoding says it.
      if ((jsonSchema.format as string | undefined) === 'base64') delete jsonSchema.format
      const protocol = (def as { protocol?: RegExp }).protocol
      if (jsonSchema.format === 'uri' && protocol) jsonSchema.pattern = `${protocol.source.replace(/\$$/, '')}://`
    },
  })
  return json as Json
}

/** The fields of an object's schema, and which of them must be there. */
export function fieldsOf(json: Json): { properties: Record<string, Json>; required: readonly string[] } {
  return { properties: (json['properties'] ?? {}) as Record<string, Json>, required: (json['required'] ?? []) as string[] }
}

export function withoutFields(json: Json, names: readonly string[]): Json {
  if (names.length === 0) return json
  const { properties, required } = fieldsOf(json)
  const kept = required.filter((name) => !names.includes(name))
  const { required: _, ...rest } = json
  return { ...rest, properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))), ...(kept.length > 0 && { required: kept }) }
}
