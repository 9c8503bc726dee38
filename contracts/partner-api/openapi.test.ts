import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { WireRole } from './contract-profile.ts'
import { openApiOf, openApiText } from './openapi.ts'
import { defineOperation, RefusalBody } from './operation.ts'
import type { OutgoingCall, RoleContract } from './role.ts'
import { ROLES } from './roles/index.ts'

const text = (en: string, vi = en) => ({ vi, en })
const Order = z.object({ orderId: z.string(), status: z.enum(['new', 'paid']) })
const order = defineOperation({
  name: 'order', method: 'POST', path: '/v1/shops/{shopId}/orders', takes: 'json', signed: true, summary: text('Takes an order', 'Nhận đơn'),
  request: z.strictObject({ shopId: z.string(), amountVnd: z.int().min(1), toldAt: z.url({ protocol: /^https?$/ }), day: z.iso.date().optional() }),
  answers: { 200: Order, 201: Order, 400: RefusalBody, 409: RefusalBody }, refuses: { ORDER_TAKEN: { status: 409, when: text('taken', 'đã có') } },
  examples: [
    { title: text('An order'), status: 201, request: { shopId: 's1', amountVnd: 5, toldAt: 'http://127.0.0.1:9/' }, answer: { orderId: 'o1', status: 'new' } },
    { title: text('Not of the form'), status: 400, request: { shopId: 's1' } },
  ],
})
const find = defineOperation({
  name: 'find', method: 'GET', path: '/v1/orders', takes: 'query', access: 'bearer', headers: { 'x-shop': { meaning: text('whose'), required: true } }, summary: text('Finds'), examples: [],
  request: z.object({ orderId: z.string().min(1), limit: z.coerce.number().optional() }), answers: { 200: Order, 302: null }, pages: [200],
})
const told: OutgoingCall = { name: 'told', to: 'caller', after: 'order', method: 'POST', path: '', takes: 'json', signed: true, request: Order, answers: { 204: null }, summary: text('Tells'), examples: [] }
const report: OutgoingCall = { name: 'report', to: 'office', method: 'POST', path: '/v1/days', takes: 'json', request: Order, answers: { 200: null, 400: RefusalBody }, summary: text('Reports'), examples: [] }
const SHOP: RoleContract = { id: 'shop', version: '2.1', title: text('Shop', 'Cửa hàng'), description: text('A shop'), senderHeader: 'x-shop', operations: [order, find], calls: [told, report] }

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const document = openApiOf(SHOP) as any
const post = document.paths['/v1/shops/{shopId}/orders'].post
const get = document.paths['/v1/orders'].get

describe('the OpenAPI document of a role', () => {
  it('says whose it is, in both languages, with its version', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Cửa hàng · Shop', version: '2.1' } })
    expect(post).toMatchObject({ operationId: 'order', summary: 'Nhận đơn', description: 'Takes an order', tags: ['operations'], security: [{ signature: [] }] })
  })

  it('puts fields where they go over the wire: path, query, body', () => {
    expect(post.parameters).toMatchObject([{ name: 'shopId', in: 'path', required: true, schema: { type: 'string' }, examples: { 'example-1': { value: 's1' } } }])
    expect(document.components.schemas.OrderRequest).toEqual({
      type: 'object', additionalProperties: false, required: ['amountVnd', 'toldAt'],
      properties: {
        amountVnd: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, toldAt: { type: 'string', format: 'uri', pattern: '^https?://' }, day: { type: 'string', format: 'date' },
      },
    })
    expect(get.parameters.map(({ name, in: place, required }: { name: string; in: string; required?: boolean }) => [name, place, required === true]))
      .toEqual([['orderId', 'query', true], ['limit', 'query', false], ['x-shop', 'header', true]])
    expect(get.requestBody).toBeUndefined()
  })

  it('lists every status, each refusal with its code and text, and shares bodies', () => {
    expect(Object.keys(post.responses)).toEqual(['200', '201', '400', '401', '404', '408', '409', '413', '429', '431', '503', 'default'])
    expect(post.responses[409].description).toBe('Từ chối · Refused\n\n- `ORDER_TAKEN`: đã có · taken')
    expect(post.responses[409].content['application/json'].schema.properties.error.properties.code.enum).toEqual(['ORDER_TAKEN'])
    expect(post.responses[404]).toEqual({ $ref: '#/components/responses/RouteUnknown' })
    expect(post.responses[401]).toEqual({ $ref: '#/components/responses/SignatureInvalid' })
    expect(post.responses[200].content['application/json'].schema).toEqual(get.responses[200].content['application/json'].schema)
    expect(Object.keys(get.responses[200].content)).toEqual(['application/json', 'text/html'])
    expect(get.responses[302]).toMatchObject({ headers: { Location: { required: true } } })
    expect(get.responses).not.toHaveProperty('413')
  })

  it('shows examples that fit, without what stands in the path', () => {
    expect(post.requestBody.content['application/json'].examples).toEqual({ 'example-1': { summary: 'An order · An order → 201', value: { amountVnd: 5, toldAt: 'http://127.0.0.1:9/' } } })
    expect(post.responses[201].content['application/json'].examples['example-1'].value).toEqual({ orderId: 'o1', status: 'new' })
  })

  it('has what the role sends by itself: a callback to the address of a request, a webhook to others', () => {
    const callback = post.callbacks.told['{$request.body#/toldAt}'].post
    expect(callback).toMatchObject({ operationId: 'call-told', security: [{ signature: [] }], parameters: [{ name: 'x-shop', in: 'header', required: true }, { name: 'x-op' }] })
    expect(Object.keys(callback.responses)).toEqual(['204', '4XX', '5XX'])
    expect(Object.keys(document.webhooks)).toEqual(['report'])
    expect(Object.keys(document.webhooks.report.post.responses)).toEqual(['200', '400', '5XX'])
  })

  it('lets an answer have fields beside the declared ones, or not, as it is asked', () => {
    expect(document.components.schemas.OrderAnswer).not.toHaveProperty('additionalProperties')
    expect(openApiOf(SHOP, undefined, { closedAnswers: true }).components.schemas['OrderAnswer']).toMatchObject({ additionalProperties: false })
  })
})

describe('under a contract profile', () => {
  const wire = WireRole.parse({
    fields: { orderId: 'ma_don', amountVnd: 'so_tien', shopId: 'ma_cua_hang', toldAt: 'dia_chi' }, values: { status: { new: '1', paid: '2' } }, codes: { ORDER_TAKEN: 'TRUNG' },
    refusal: { code: 'ma_loi', message: 'loi' }, headers: { 'x-shop': 'x-cua-hang' },
    signature: { header: 'x-ky', algorithm: 'hmac-sha512', encoding: 'base64', over: 'timestamp.body', timestampHeader: 'x-luc' },
    operations: { order: { method: 'PUT', path: '/api/don', statuses: { 201: 200, 409: 200 } }, find: { path: '/api/don/{ma_don}' } },
  })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const guide = openApiOf(SHOP, wire) as any

  it('has its paths, methods, names, values, statuses, headers and signature', () => {
    expect(Object.entries(guide.paths).map(([path, item]) => [path, Object.keys(item as object)])).toEqual([['/api/don', ['put']], ['/api/don/{ma_don}', ['get']]])
    const { put } = guide.paths['/api/don']
    expect(Object.keys(guide.components.schemas.OrderRequest.properties)).toEqual(['ma_cua_hang', 'so_tien', 'dia_chi', 'day'])
    expect(guide.components.schemas.OrderRequest.required).toEqual(['ma_cua_hang', 'so_tien', 'dia_chi'])
    expect(put.parameters).toMatchObject([{ name: 'x-luc', in: 'header', required: true }])
    expect(put.requestBody.content['application/json'].examples['example-1'].value).toEqual({ ma_cua_hang: 's1', so_tien: 5, dia_chi: 'http://127.0.0.1:9/' })
    expect(Object.keys(put.callbacks.told)).toEqual(['{$request.body#/dia_chi}'])
    expect(guide.paths['/api/don/{ma_don}'].get.parameters).toMatchObject([{ name: 'ma_don', in: 'path', required: true }, { name: 'limit', in: 'query' }, { name: 'x-cua-hang', in: 'header' }])
    expect(guide.components.securitySchemes.signature).toMatchObject({ name: 'x-ky' })
  })

  it('keeps what two statuses say where they have one number', () => {
    const { responses } = guide.paths['/api/don'].put
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '408', '413', '429', '431', '503', 'default'])
    const { schema, examples } = responses[200].content['application/json']
    expect(schema.anyOf.at(-1)).toEqual({ type: 'object', properties: { ma_loi: { type: 'string', enum: ['TRUNG'] }, loi: { type: 'string' } }, required: ['ma_loi', 'loi'] })
    expect(schema.anyOf.length).toBeGreaterThanOrEqual(2)
    expect(examples).toMatchObject({ 'example-1': { value: { ma_don: 'o1', status: '1' } }, ORDER_TAKEN: { value: { ma_loi: 'TRUNG', loi: 'taken' } } })
  })
})

describe('the roles', () => {
  it.each(ROLES.map((role) => [role.id, role] as const))('of %s say the code of every refusal that they declare', (_id, role) => {
    const silent = role.operations.flatMap(({ name, answers, refuses = {} }) => Object.entries(answers)
      .filter(([status, schema]) => schema === RefusalBody && !['400', '401', '413', '503'].includes(status) && !Object.values(refuses).some((refusal) => String(refusal.status) === status))
      .map(([status]) => `${name} ${status}`))
    expect(silent).toEqual([])
    const undeclared = role.operations.flatMap(({ name, answers, refuses = {} }) => Object.entries(refuses).filter(([, { status }]) => !(status in answers)).map(([code]) => `${name} ${code}`))
    expect(undeclared).toEqual([])
  })

  it('are written the same each time', () => {
    for (const role of ROLES) expect(openApiText(role)).toBe(openApiText(role))
  })
})
