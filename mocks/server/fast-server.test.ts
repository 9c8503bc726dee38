import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { getResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createEndpoint, type Endpoint } from './endpoint.ts'
import { startFastServer, stopServer } from './fast-server.ts'
import { toMswHandlers } from './msw.ts'
import { defineRoute, ok } from './route.ts'

type Ledger = string[]
const book = defineRoute({
  name: 'book', method: 'POST', path: '/book', takes: 'json', request: z.object({ reference: z.string() }), answers: { 200: z.object({ booked: z.int() }) },
  resolve: (ledger: Ledger, { reference }) => { ledger.push(reference); return ok({ booked: ledger.length }) },
})
const broken = defineRoute({
  name: 'broken', method: 'GET', path: '/broken', takes: 'query', request: z.object({}), answers: {},
  resolve: (): never => { throw new Error('a bug') },
})

const page = defineRoute({
  name: 'page', method: 'GET', path: '/page', takes: 'query', request: z.object({}), answers: { 200: null },
  resolve: () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, text: '<p>Hồ sơ' }),
})

let ledger: Ledger
let endpoint: Endpoint
let server: Server
let url: string
beforeEach(async () => {
  ledger = []
  endpoint = createEndpoint([book, broken, page], ledger)
  server = await startFastServer(endpoint, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => stopServer(server))

const post = (body: string, path = '/book') => fetch(url + path, { method: 'POST', body })
const refused = async (answer: Promise<Response>) => { const response = await answer; return [response.status, (await response.json() as any).error.code] }

describe('the fast server', () => {
  it('serves routes, bodies of many pieces among them, and counts them', async () => {
    const long = 'ừ'.repeat(200_000)
    expect(await (await post(JSON.stringify({ reference: long }))).json()).toEqual({ booked: 1 })
    expect(ledger).toEqual([long])
    expect(endpoint.served()).toBe(1)
  })

  it('refuses what it does not offer or cannot read', async () => {
    expect(await refused(fetch(`${url}/nothing`))).toEqual([404, 'ROUTE_UNKNOWN'])
    expect(await refused(fetch(`${url}/book`))).toEqual([405, 'METHOD_NOT_ALLOWED'])
    expect(await refused(post('{'))).toEqual([400, 'REQUEST_INVALID'])
    expect(await refused(post('{"reference":1}'))).toEqual([400, 'REQUEST_INVALID'])
    expect(await refused(post('x'.repeat(1_100_000)))).toEqual([413, 'BODY_TOO_LARGE'])
    expect(ledger).toEqual([])
  })

  it('sends a page as it is, as the msw handler does', async () => {
    const told = async (response: Response) => [response.status, response.headers.get('content-type'), await response.text()]
    const expected = [200, 'text/html; charset=utf-8', '<p>Hồ sơ']
    expect(await told(await fetch(`${url}/page`))).toEqual(expected)
    expect(await told((await getResponse(toMswHandlers(endpoint, 'http://a.test'), new Request('http://a.test/page')))!)).toEqual(expected)
  })

  it('tells of its own bug by 500 and goes on', async () => {
    expect(await refused(fetch(`${url}/broken`))).toEqual([500, 'SIMULATOR_FAILED'])
    expect((await post('{"reference":"a"}')).status).toBe(200)
  })

  it.each([['before', 0], ['after', 1]] as const)('breaks the connection %s the work with a real reset', async (reset, booked) => {
    endpoint.behave([{ route: 'book', share: 1, reset, seed: 1 }])
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('POST /book HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n{"reference":"a"}')
    const [error] = await once(socket, 'error')
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    expect(ledger).toHaveLength(booked)
  })

  it('answers late after the work, or with another status without it', async () => {
    endpoint.behave([{ route: 'book', share: 1, delayMs: 300, seed: 1 }])
    let answered = false
    const late = post('{"reference":"a"}').finally(() => { answered = true })
    while (ledger.length === 0) await new Promise(setImmediate)
    expect(answered).toBe(false)
    expect((await late).status).toBe(200)
    endpoint.behave([{ route: 'book', share: 1, status: 503, seed: 1 }])
    expect(await refused(post('{"reference":"b"}'))).toEqual([503, 'SIMULATED_FAILURE'])
    expect(ledger).toEqual(['a'])
    endpoint.behave([])
    expect((await post('{"reference":"c"}')).status).toBe(200)
  })

  it('lets one citizen\'s trouble alone with that citizen, however requests interleave', async () => {
    endpoint.behave([{ route: 'book', share: 0.4, status: 503, seed: 9 }])
    const ask = async (order: number[]) => new Map(await Promise.all(order.map(async (n): Promise<[number, number]> => [n, (await post(JSON.stringify({ reference: `citizen-${n}` }))).status])))
    const people = Array.from({ length: 60 }, (_, n) => n)
    const first = await ask(people)
    endpoint.behave([{ route: 'book', share: 0.4, status: 503, seed: 9 }])
    const second = await ask(people.toReversed())
    for (const n of people) expect(second.get(n)).toBe(first.get(n))
    expect(new Set(first.values())).toEqual(new Set([200, 503]))
  })
})
