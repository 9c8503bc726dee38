/**
 * A small structural validator for manifests, over the openAPIV3Schema of a CustomResourceDefinition: types, required and unknown members, enums,
 * patterns of maps and lists. For tests: Kubernetes itself would drop an unknown member without a word.
 */
export type OpenApiSchema = {
  type?: string; properties?: Record<string, OpenApiSchema>; required?: string[]; items?: OpenApiSchema; additionalProperties?: OpenApiSchema | boolean; enum?: unknown[]
  'x-kubernetes-int-or-string'?: boolean; 'x-kubernetes-preserve-unknown-fields'?: boolean
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string', boolean: (value) => typeof value === 'boolean', integer: Number.isInteger, number: (value) => typeof value === 'number',
  array: Array.isArray, object: isObject,
}

/** What does not fit, each with its path; nothing where all does. */
export function misfits(value: unknown, schema: OpenApiSchema, path = ''): string[] {
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value) ? [] : [`${path}: neither whole number nor string`]
  if (schema.type !== undefined && !TYPES[schema.type]!(value)) return [`${path}: no ${schema.type}`]
  const found = schema.enum && !schema.enum.includes(value) ? [`${path}: none of ${schema.enum.join(', ')}`] : []
  if (Array.isArray(value)) return [...found, ...value.flatMap((item, at) => (schema.items ? misfits(item, schema.items, `${path}[${at}]`) : []))]
  if (!isObject(value)) return found
  for (const key of schema.required ?? []) if (!(key in value)) found.push(`${path}.${key}: missing`)
  // An object of which nothing is said, such as metadata, is checked elsewhere.
  if (!schema.properties && schema.additionalProperties === undefined) return found
  return [...found, ...Object.entries(value).flatMap(([key, member]) => {
    const own = schema.properties?.[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined)
    if (own) return misfits(member, own, `${path}.${key}`)
    return schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true ? [] : [`${path}.${key}: unknown`]
  })]
}

function isObject(value: unknown): value is Record<string, unknown> { return typeof value === 'object' && value !== null && !Array.isArray(value) }
