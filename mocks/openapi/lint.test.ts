/** An independent OpenAPI linter (redocly) finds nothing in the documents, and finds what is planted in them. */
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { openApiOf, openApiText, type OpenApiDocument } from '../../contracts/partner-api/openapi.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'

const GUIDE = ContractProfile.parse(parse(readFileSync(new URL('../../contracts/contract-profiles/assumed-guide.yaml', import.meta.url), 'utf8')))
const RULES = readFileSync(new URL('redocly.yaml', import.meta.url), 'utf8')
/** Answers that belong to no operation: an unknown path, a method that is not offered, a body before anyone asked what for. */
const NOT_UNUSED = new Set(['RouteUnknown', 'MethodNotAllowed', 'BodyTooLarge'].map((name) => `#/components/responses/${name}`))

async function problemsOf(text: string): Promise<string[]> {
  const problems = await lintFromString({ source: text, absoluteRef: 'document.json', config: await createConfig(RULES) })
  return problems.map(({ ruleId, message, location }) => ({ ruleId, message, pointer: location[0]?.pointer ?? '' }))
    .filter(({ ruleId, pointer }) => !(ruleId === 'no-unused-components' && NOT_UNUSED.has(pointer)))
    .map(({ ruleId, message, pointer }) => `${ruleId} at ${pointer}: ${message}`)
}

describe('the linter', () => {
  it.each(ROLES.map((role) => [role.id, role] as const))('finds nothing in %s', async (_id, role) => {
    expect(await problemsOf(openApiText(role))).toEqual([])
  })

  it.each(ROLES.filter(({ id }) => id in GUIDE.roles).map((role) => [role.id, role] as const))('finds nothing in %s by another guide', async (_id, role) => {
    expect(await problemsOf(JSON.stringify(openApiOf(role, GUIDE.roles[role.id])))).toEqual([])
  })

  const first = (document: OpenApiDocument) => Object.values(Object.values(document.paths)[0]!)[0]!
  it.each<[string, (document: OpenApiDocument) => void, RegExp]>([
    ['an operation without an id', (document) => { delete first(document)['operationId'] }, /^operation-operationId at/],
    ['a reference to nothing', (document) => { delete (document.components.schemas as Record<string, unknown>)['SendAnswer'] }, /^no-unresolved-refs at/],
    ['an example that does not fit', (document) => { (document.components.schemas['SendRequest'] as { required: string[] }).required.push('nothing') }, /^no-(invalid-media-type-examples|required-schema-properties-undefined) at/],
    ['a scheme that is not defined', (document) => { first(document)['security'] = [{ unknown: [] }] }, /^security-defined at/],
    ['a word that OpenAPI does not have', (document) => { first(document)['operationName'] = 'x' }, /^struct at/],
  ])('finds %s', async (_what, plant, problem) => {
    const document = structuredClone(openApiOf(ROLES.find(({ id }) => id === 'sms')!))
    plant(document)
    expect(await problemsOf(JSON.stringify(document))).toContainEqual(expect.stringMatching(problem))
  })
})
