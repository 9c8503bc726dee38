/**
 * The OpenAPI 3.1 document of a role, from its one definition (`roles/`), canonical or as a contract profile writes it. `contracts/openapi/<role>.json` are
 * these documents in the canonical form; `npm run check` fails where they differ. Requests and answers are JSON Schema 2020-12; what the role asks of
 * others by itself stands under `webhooks`, or as a callback of the operation whose request gave the address.
 */
import type { WireRole } from './contract-profile.ts'
import { commonResponses, createComponents } from './openapi/components.ts'
import { fieldsOf, jsonSchemaOf, type Json } from './openapi/json-schema.ts'
import { namingOf } from './openapi/naming.ts'
import { callObject, operationObject } from './openapi/operation-object.ts'
import { printJson } from './openapi/print.ts'
import { securitySchemes } from './openapi/security.ts'
import { both, paragraphs } from './openapi/text.ts'
import type { OutgoingCall, RoleContract } from './role.ts'

export type OpenApiDocument = {
  openapi: string
  info: { title: string; version: string; summary: string; description: string }
  paths: Record<string, Record<string, Json>>
  components: { schemas: Json; responses: Json; securitySchemes?: Json }
} & Json

export type OpenApiOptions = { /** A field that an answer does not declare is a mistake: for tests of one's own answers. */ closedAnswers?: boolean }

export function openApiOf(role: RoleContract, wire?: WireRole, { closedAnswers = false }: OpenApiOptions = {}): OpenApiDocument {
  const naming = namingOf(role, wire)
  const components = createComponents(naming, closedAnswers)
  const addressOf = (call: OutgoingCall) => call.to === 'caller' ? addressField(role, call) : undefined
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of role.operations) {
    const callbacks = role.calls.filter((call) => call.after === operation.name && addressOf(call) !== undefined)
    const object = operationObject(operation, naming, components)
    if (callbacks.length > 0) {
      object['callbacks'] = Object.fromEntries(callbacks.map((call) => [call.name, {
        [`{$request.body#/${naming.field(operation, 'request', addressOf(call)!)}}`]: { [naming.method(call)]: callObject(role, call, naming, components) },
      }]))
    }
    (paths[naming.path(operation)] ??= {})[naming.method(operation)] = object
  }
  const webhooks = Object.fromEntries(role.calls.filter((call) => addressOf(call) === undefined)
    .map((call) => [call.name, { [naming.method(call)]: callObject(role, call, naming, components) }]))
  const schemes = securitySchemes(role, naming)
  return {
    openapi: '3.1.0',
    info: { title: both(role.title), version: role.version, summary: role.title.vi, description: paragraphs(role.description) },
    servers: [{
      url: 'http://{host}:{port}', description: both({ vi: 'Trình mô phỏng trên máy của bạn', en: 'The simulator on your machine' }),
      variables: { host: { default: '127.0.0.1' }, port: { default: '8080' } },
    }],
    tags: [
      { name: 'operations', description: both({ vi: 'Vai trò này nhận', en: 'What this role offers' }) },
      ...(role.calls.length > 0 ? [{ name: 'calls', description: both({ vi: 'Vai trò này tự gửi đi', en: 'What this role sends by itself' }) }] : []),
    ],
    paths,
    ...(Object.keys(webhooks).length > 0 && { webhooks }),
    components: { schemas: components.schemas(), responses: commonResponses(naming, JSON.stringify(paths)), ...(Object.keys(schemes).length > 0 && { securitySchemes: schemes }) },
  }
}

/** `contracts/openapi/<role>.json`. */
export function openApiText(role: RoleContract): string { return `${printJson(openApiOf(role))}\n` }

/** The field of the earlier request that gave the address: the one that is a URL. */
function addressField(role: RoleContract, call: OutgoingCall): string | undefined {
  const after = role.operations.find(({ name }) => name === call.after)
  if (!after) return undefined
  const addresses = Object.entries(fieldsOf(jsonSchemaOf(after.request, 'input')).properties).filter(([, { format }]) => format === 'uri').map(([name]) => name)
  return addresses.length === 1 ? addresses[0] : undefined
}
