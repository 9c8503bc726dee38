import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InputError } from '../error.ts'
import { ContractProfile } from './contract-profile.ts'
import { generatedValue } from './testing/generated-value.ts'
import { defineOperation, RefusalBody, type Operation } from './operation.ts'
import type { RoleContract } from './role.ts'
import { ROLES } from './roles/index.ts'
import { namesIn, shapeOf } from './schema-shape.ts'
import { compileWires } from './wire.ts'

const text = (words: string) => ({ vi: words, en: words })
const order = defineOperation({
  name: 'order', method: 'POST', path: '/v1/orders', takes: 'json', signed: true, summary: text('order'), examples: [],
  request: z.strictObject({ orderId: z.string(), amountVnd: z.int(), status: z.enum(['new', 'paid']), lines: z.array(z.strictObject({ name: z.string(), amountVnd: z.int() })), notes: z.record(z.string(), z.string()).default({}) }),
  answers: { 200: z.object({ orderId: z.string(), status: z.enum(['new', 'paid']) }), 201: z.object({ orderId: z.string(), status: z.enum(['new', 'paid']) }), 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  refuses: { ORDER_TAKEN: { status: 409, when: text('taken') }, SHOP_UNKNOWN: { status: 404, when: text('unknown') } },
})
const look = defineOperation({
  name: 'look', method: 'GET', path: '/v1/orders/{orderId}', takes: 'query', summary: text('look'), examples: [],
  request: z.object({ orderId: z.string(), from: z.coerce.number().optional() }), answers: { 200: z.object({ orderId: z.string() }), 404: RefusalBody },
})
const told = { ...defineOperation({ name: 'told', method: 'POST', path: '', takes: 'json', summary: text('told'), examples: [], request: z.strictObject({ orderId: z.string() }), answers: { 200: null } }), to: 'caller' }
const SHOP: RoleContract = { id: 'shop', version: '1.0', title: text('shop'), description: text('shop'), senderHeader: 'x-shop', operations: [order, look], calls: [told] }

const profileOf = (shop: object, roles: object = { shop }) => ContractProfile.parse({ version: 1, name: 'other', title: text('other'), source: text('invented'), roles })
const wireOf = (shop: object) => compileWires(profileOf(shop), [SHOP]).get('shop')!
const problemsIn = (shop: object, roles?: object): string[] => {
  try { compileWires(profileOf(shop, roles), [SHOP]) } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ what, where }) => `${where}: ${what}`)
    throw error
  }
  return []
}

const GUIDE = {
  fields: { orderId: 'ma_don', amountVnd: 'so_tien', lines: 'chi_tiet', notes: 'ghi_chu', status: 'trang_thai' },
  values: { status: { new: '0', paid: '1' } }, codes: { ORDER_TAKEN: 'E09' }, refusal: { code: 'ma_loi', message: 'loi.mo_ta' }, headers: { 'x-shop': 'ma-cua-hang' },
  signature: { header: 'chu-ky', algorithm: 'hmac-sha512', encoding: 'base64', over: 'timestamp.body', timestampHeader: 'thoi-gian' },
  operations: { order: { method: 'PUT', path: '/don/{ma_don}', statuses: { 201: 207, 409: 200, 404: 200 } }, look: { path: '/tra-cuu', request: { from: 'tu' } } },
} as const
const SAMPLE = { orderId: 'a/b ừ', amountVnd: 5, status: 'paid', lines: [{ name: 'x', amountVnd: 2 }], notes: { amountVnd: 'a key of data, not a name' } }

describe('a wire', () => {
  it('renames at every depth, puts fields into the path, and leaves the keys of records alone', () => {
    const wire = wireOf(GUIDE)
    const asked = wire.request('order', SAMPLE)
    expect({ ...asked, body: JSON.parse(asked.body) }).toEqual({
      method: 'PUT', path: '/don/a%2Fb%20%E1%BB%AB', query: '', contentType: 'application/json',
      body: { so_tien: 5, trang_thai: '1', chi_tiet: [{ name: 'x', so_tien: 2 }], ghi_chu: { amountVnd: 'a key of data, not a name' } },
    })
    expect(wire.find('PUT', asked.path)).toEqual({ name: 'order', fields: ['a%2Fb%20%E1%BB%AB'] })
    expect(wire.readRequest('order', { fields: wire.find('PUT', asked.path)!.fields, body: asked.body })).toEqual({ value: SAMPLE })
    expect(wire.request('look', { orderId: 'ừ', from: 3 })).toMatchObject({ method: 'GET', path: '/tra-cuu', query: 'ma_don=%E1%BB%AB&tu=3' })
    expect(wire.headers({ 'x-shop': 's', 'x-op': 'o' })).toEqual({ 'ma-cua-hang': 's', 'x-op': 'o' })
    expect(wire.operation('order').fieldPath(['lines', 0, 'amountVnd'])).toBe('chi_tiet.0.so_tien')
  })

  it('writes refusals in the form of the guide, and tells statuses that share a number by the code', () => {
    const wire = wireOf(GUIDE)
    expect(wire.answer('order', 409, { error: { code: 'ORDER_TAKEN', message: 'm' } })).toEqual({ status: 200, body: { ma_loi: 'E09', loi: { mo_ta: 'm' } } })
    for (const [status, body] of [
      [409, { error: { code: 'ORDER_TAKEN', message: 'm' } }], [404, { error: { code: 'SHOP_UNKNOWN', message: 'm' } }], [200, { orderId: 'a', status: 'new' }], [201, { orderId: 'a', status: 'paid' }],
      [400, { error: { code: 'REQUEST_INVALID', message: 'm' } }],
    ] as const) {
      const sent = wire.answer('order', status, body)
      expect(wire.readAnswer('order', sent.status, sent.body)).toEqual({ status, body })
    }
    expect(wire.refusal('ROUTE_UNKNOWN', 'm')).toEqual({ ma_loi: 'ROUTE_UNKNOWN', loi: { mo_ta: 'm' } })
  })

  it('does not take canonical names and values for those of the guide', () => {
    const read = wireOf(GUIDE).readRequest('order', { fields: ['a'], body: '{"amountVnd":5,"trang_thai":"paid","chi_tiet":[]}' }) as { value: unknown }
    expect(read.value).toEqual({ orderId: 'a', 'wire:amountVnd': 5, status: 'wire:paid', lines: [] })
    const message = order.request.safeParse(read.value).error!.message
    expect(message).toContain('wire:amountVnd')
  })

  it.each([['a', '%E1', '"ma_don" in the path'], ['b', 'a', 'not JSON', '{'], ['c', 'a', 'not an object', '[]']])('says what cannot be read: %s', (_title, field, problem, body = '{}') => {
    expect(wireOf(GUIDE).readRequest('order', { fields: [field], body })).toEqual({ problem: expect.stringContaining(problem) })
  })

  it('keeps __proto__ a name like any other', () => {
    const { value } = wireOf(GUIDE).readRequest('order', { fields: ['a'], body: '{"__proto__":{"amountVnd":1}}' }) as { value: object }
    expect([Object.getPrototypeOf(value) === Object.prototype, Object.keys(value)]).toEqual([true, ['__proto__', 'orderId']])
  })

  it('signs over time and body, and refuses what was altered, is late or from nobody', () => {
    const wire = wireOf(GUIDE)
    const headers = wire.sign('k', 'body', 1_776_000_000_400)
    expect(headers).toEqual({ 'chu-ky': expect.stringMatching(/^[\w+/]{86}==$/), 'thoi-gian': '1776000000' })
    const problem = (changes: { key?: string | undefined; body?: string; now?: number; headers?: object }) => {
      const given: Record<string, string> = { ...headers, ...changes.headers }
      return wire.signatureProblem('key' in changes ? changes.key : 'k', changes.body ?? 'body', (name) => given[name], changes.now ?? 1_776_000_001_000)
    }
    expect(problem({})).toBeUndefined()
    expect(problem({ body: 'bodY' })).toContain('does not fit')
    expect(problem({ key: 'other' })).toContain('does not fit')
    expect(problem({ key: undefined })).toContain('nobody is known')
    expect(problem({ headers: { 'thoi-gian': '1776000001' } })).toContain('does not fit')
    expect(problem({ headers: { 'thoi-gian': 'now' } })).toContain('thoi-gian')
    expect(problem({ headers: { 'chu-ky': undefined } })).toContain('missing')
    expect(problem({ now: 1_776_000_301_000 })).toContain('300 s off')
  })
})

describe('a profile', () => {
  it('is told all its mistakes at once, each with its place', () => {
    expect(problemsIn({}, {
      shap: {},
      shop: {
        fields: { orderID: 'x', amountVnd: 'status' }, values: { status: { payd: '1', new: '2', paid: '2' }, nothing: { a: 'b' } }, codes: { ORDER_TAKE: 'E1', ORDER_TAKEN: 'SHOP_UNKNOWN' }, headers: { 'x-shap': 'y' },
        signature: { header: 's', algorithm: 'hmac-sha256', over: 'timestamp.body' },
        operations: { ordr: {}, order: { method: 'GET', path: '/don/{ma}', request: { linse: 'l' }, statuses: { 201: 200, 418: 200 } }, look: { path: '/x/{from}?a=b/c{orderId}' } },
        calls: { tell: {} },
      },
    })).toMatchInlineSnapshot(`
      [
        "other: roles.shap: there is no role "shap"",
        "other: roles.shop.fields.orderID: there is no field "orderID"",
        "other: roles.shop.values.status.payd: there is no value of "status" "payd"",
        "other: roles.shop.values.status: values of "status" "new" and "paid" are all "2" on the wire",
        "other: roles.shop.values.nothing: there is no field "nothing"",
        "other: roles.shop.codes.ORDER_TAKE: there is no code "ORDER_TAKE"",
        "other: roles.shop.codes: codes "ORDER_TAKEN" and "SHOP_UNKNOWN" are all "SHOP_UNKNOWN" on the wire",
        "other: roles.shop.headers.x-shap: there is no header "x-shap"",
        "other: roles.shop.signature: the time is signed, but no header carries it",
        "other: roles.shop.operations.ordr: there is no operation "ordr"",
        "other: roles.shop.operations.order.request.linse: there is no field "linse"",
        "other: roles.shop.operations.order.request: fields "amountVnd" and "status" are all "status" on the wire",
        "other: roles.shop.operations.order.path: there is no field of the path "ma"",
        "other: roles.shop.operations.order.path: GET has no body for orderId, status, lines, notes",
        "other: roles.shop.operations.order.statuses.418: "order" never answers 418",
        "other: roles.shop.operations.order.statuses: statuses 200 and 201 are all 200 on the wire",
        "other: roles.shop.operations.look.path: "/x/{from}?a=b/c{orderId}": a field must be a whole segment",
        "other: roles.shop.operations.look.path: "/x/{from}?a=b/c{orderId}" is not a path",
        "other: roles.shop.calls.tell: there is no call "tell"",
      ]
    `)
  })

  it('must not give two operations one path', () => {
    expect(problemsIn({ operations: { order: { method: 'GET', path: '/o/{orderId}/x', request: {} }, look: { path: '/o/{from}/x' } } })).toEqual(expect.arrayContaining([expect.stringContaining('paths "order" and "look" are all "GET /o/{}/x"')]))
  })

  it('without mistakes has none', () => { expect(problemsIn(GUIDE)).toEqual([]) })
})

/** Every role of the contract under names of which none stays what it was; some change places. */
function turned(role: RoleContract): ContractProfile {
  const all: Operation[] = [...role.operations, ...role.calls]
  const names = [...namesIn(shapeOf(...all.flatMap((one) => [one.request, ...Object.values(one.answers).filter((schema) => schema !== RefusalBody)]))).keys()]
  return ContractProfile.parse({
    version: 1, name: 'turned', title: text('t'), source: text('s'),
    roles: { [role.id]: {
      fields: Object.fromEntries(names.map((name, n) => [name, names[(n + 1) % names.length]!])), refusal: { code: 'ma', message: 'mo_ta' },
      operations: Object.fromEntries(role.operations.map((one, n) => [one.name, { path: `/w${n}${one.path}`.replaceAll(/\{([^}]*)\}/g, (_all, name: string) => `{${names[(names.indexOf(name) + 1) % names.length]}}`) }])),
    } },
  })
}

describe.each(ROLES.map((role) => [role.id, role] as const))('the role %s', (_id, role) => {
  const wires = [compileWires(undefined, [role]).get(role.id)!, compileWires(turned(role), [role]).get(role.id)!]
  const operations: Operation[] = [...role.operations, ...role.calls]

  it('names its operations and calls apart', () => { expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length) })

  it.each(operations.map((one) => [one.name, one] as const))('%s: what is written is read', (name, operation) => {
    const isFound = role.operations.includes(operation)
    for (const wire of wires) {
      const back = (canonical: unknown) => {
        const asked = wire.request(name, canonical)
        const found = isFound ? wire.find(asked.method, asked.path) : { name, fields: asked.path.split('/').filter((_s, n) => wire.operation(name).path.split('/')[n]?.startsWith('{')) }
        expect(found?.name).toBe(name)
        return wire.readRequest(name, { ...asked, fields: found!.fields })
      }
      const plain = (value: unknown) => operation.takes === 'json' ? JSON.parse(JSON.stringify(value)) : Object.fromEntries(Object.entries(value as object).filter(([, item]) => item !== undefined && item !== null).map(([key, item]) => [key, typeof item === 'object' ? JSON.stringify(item) : String(item)]))
      for (const { request } of operation.examples) expect(back(request)).toEqual({ value: plain(request) })
      fc.assert(fc.property(generatedValue(operation.request), (value) => { expect(back(value)).toEqual({ value: plain(value) }) }), { numRuns: 30 })
      for (const [status, schema] of Object.entries(operation.answers)) {
        if (!schema || schema === RefusalBody) continue
        fc.assert(fc.property(generatedValue(schema), (body) => {
          const sent = wire.answer(name, Number(status), body)
          expect(wire.readAnswer(name, sent.status, JSON.parse(JSON.stringify(sent.body)))).toEqual({ status: Number(status), body: JSON.parse(JSON.stringify(body)) })
        }), { numRuns: 30 })
      }
    }
  })
})
