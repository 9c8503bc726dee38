import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineOperation, RefusalBody } from '../../contracts/partner-api/operation.ts'
import { openApiOf } from '../../contracts/partner-api/openapi.ts'
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { createAnswerCheck, type GivenAnswer } from './answer-check.ts'

const when = { vi: 'v', en: 'e' }
const ROLE: RoleContract = {
  id: 'library', version: '1.0', title: { vi: 'Thư viện', en: 'Library' }, description: when, calls: [],
  operations: [
    defineOperation({
      name: 'lend', method: 'POST', path: '/books/{book}/loans', takes: 'json', request: z.strictObject({ book: z.string(), days: z.int() }), signed: true,
      answers: { 201: z.object({ due: z.iso.date(), copies: z.array(z.int()).min(1) }), 303: null, 404: RefusalBody }, summary: when,
      refuses: { BOOK_UNKNOWN: { status: 404, when } }, examples: [],
    }),
    defineOperation({ name: 'page', method: 'GET', path: '/books/new', takes: 'query', request: z.object({}), answers: { 200: z.object({}) }, pages: [200], summary: when, examples: [] }),
  ],
}
const check = createAnswerCheck(openApiOf(ROLE))
const closed = createAnswerCheck(openApiOf(ROLE, undefined, { closedAnswers: true }))
const json: Record<string, string> = { 'content-type': 'application/json' }
const given = (status: number, body: unknown, changes: Partial<Omit<GivenAnswer, 'header'>> & { headers?: Record<string, string> } = {}): GivenAnswer => {
  const { headers = json, ...rest } = changes
  return { method: 'POST', path: '/books/b1/loans', status, header: (name) => headers[name.toLowerCase()], text: body === undefined ? '' : JSON.stringify(body), ...rest }
}
const code = (name: string) => ({ error: { code: name, message: 'm' } })
const DONE = { due: '2026-04-10', copies: [1] }

describe('answers of the contract', () => {
  it.each<[string, GivenAnswer]>([
    ['a declared body', given(201, DONE)],
    ['a field beside the declared ones', given(201, { ...DONE, extra: 1 })],
    ['a redirect', given(303, undefined, { headers: { location: 'http://x.test/' } })],
    ['a refusal of its own', given(404, code('BOOK_UNKNOWN'))],
    ['a refusal that every operation has', given(400, code('REQUEST_INVALID'))],
    ['a signature refused', given(401, code('SIGNATURE_INVALID'))],
    ['throttled', given(429, code('THROTTLED'))],
    ['a status that was asked for', given(418, code('SIMULATED_FAILURE'))],
    ['an asked-for status that is listed for something else', given(404, code('SIMULATED_FAILURE'))],
    ['an unknown path', given(404, code('ROUTE_UNKNOWN'), { path: '/nothing' })],
    ['a method that is not offered', given(405, code('METHOD_NOT_ALLOWED'), { method: 'PUT' })],
    ['HEAD', given(200, undefined, { method: 'HEAD', path: '/books/new' })],
    ['OPTIONS', given(204, undefined, { method: 'OPTIONS' })],
    ['a page', given(200, undefined, { method: 'GET', path: '/books/new', headers: { 'content-type': 'text/html; charset=utf-8' }, text: '<p>' })],
  ])('%s', (_what, answer) => { expect(() => check(answer)).not.toThrow() })
})

describe('answers that break the contract', () => {
  it.each<[string, GivenAnswer, RegExp]>([
    ['a status that is not listed', given(418, DONE), /lend answered 418/],
    ['a missing field', given(201, { due: '2026-04-10' }), /lend answered 201: body must have required property 'copies'/],
    ['a wrong type', given(201, { ...DONE, copies: ['1'] }), /body\/copies\/0 must be integer/],
    ['a bound', given(201, { ...DONE, copies: [] }), /must NOT have fewer than 1 items/],
    ['a format', given(201, { ...DONE, due: '2026-02-30' }), /body\/due must match format "date"/],
    ['a code that is not declared', given(404, code('BOOK_LENT')), /body\/error\/code must be equal to one of the allowed values \(ROUTE_UNKNOWN, BOOK_UNKNOWN\)/],
    ['a refusal without a message', given(404, { error: { code: 'BOOK_UNKNOWN' } }), /must have required property 'message'/],
    ['another refusal at an unknown path', given(404, code('BOOK_UNKNOWN'), { path: '/nothing' }), /POST \/nothing answered 404/],
    ['an unexpected success', given(200, {}, { path: '/nothing' }), /no operation is at this path/],
    ['no body', given(201, undefined), /not JSON/],
    ['a body where none is declared', given(303, {}, { headers: { ...json, location: 'http://x.test/' } }), /a body, where none is declared/],
    ['no Location', given(303, undefined), /no header Location/],
    ['another content type', given(201, DONE, { headers: { 'content-type': 'text/plain' } }), /content type "text\/plain"/],
    ['a bug of the server', given(500, code('SIMULATOR_FAILED')), /lend answered 500/],
  ])('%s', (_what, answer, message) => { expect(() => check(answer)).toThrow(message) })

  it('an undeclared field, where answers are closed', () => {
    expect(() => closed(given(201, { ...DONE, extra: 1 }))).toThrow(/must NOT have additional properties \(extra\)/)
    expect(() => closed(given(201, DONE))).not.toThrow()
  })
})
