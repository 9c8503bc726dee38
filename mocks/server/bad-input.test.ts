/** Whatever comes over a connection, the documented answer goes back, with a code, and the server goes on. */
import { createHmac } from 'node:crypto'
import type { Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { plainConduct } from '../behaviour/conduct.ts'
import { ContractProfile, DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import { signatureProblem } from '../../contracts/partner-api/signature.ts'
import { smsSimulator } from '../sms/simulator.ts'
import { answersIn, exchangeRaw } from '../testing/raw-exchange.ts'
import { createWorld } from '../world.ts'
import { createEndpoint } from './endpoint.ts'
import { startFastServer, stopServer } from './fast-server.ts'
import { defineRoute, ok } from './route.ts'

const KEY = 'k'
const request = z.strictObject({ reference: z.string().min(1), amountVnd: z.int().optional() })
const answers = { 200: z.object({ reference: z.string() }) }
const ROUTES = [
  defineRoute({ name: 'book', method: 'POST', path: '/book', takes: 'json', request, answers, resolve: (_state: null, { reference }) => ok({ reference }) }),
  defineRoute({ name: 'signed', method: 'POST', path: '/signed', takes: 'json', signed: true, request, answers, resolve: (_state: null, { reference }) => ok({ reference }) }),
  defineRoute({ name: 'look', method: 'GET', path: '/book', takes: 'query', request, answers, resolve: (_state: null, { reference }) => ok({ reference }) }),
  defineRoute({ name: 'one', method: 'GET', path: '/book/{reference}', takes: 'query', request, answers, resolve: (_state: null, { reference }) => ok({ reference }) }),
  defineRoute({ name: 'form', method: 'POST', path: '/form', takes: 'form', request, answers, resolve: (_state: null, { reference }) => ok({ reference }) }),
]

let server: Server
let port: number
beforeAll(async () => {
  const conduct = { ...plainConduct(ROUTES), verify: (body: string, header: (name: string) => string | undefined) => signatureProblem(DEFAULT_SIGNATURE, KEY, body, header, 0) }
  server = await startFastServer(createEndpoint(ROUTES, null, conduct), { host: '127.0.0.1', port: 0 })
  port = portOf(server)
})
function portOf(listening: Server): number { return (listening.address() as AddressInfo).port }
afterAll(() => stopServer(server))

const http = (start: string, headers: readonly string[] = [], body: string | Buffer = '') =>
  Buffer.concat([Buffer.from(`${start} HTTP/1.1\r\nHost: a\r\n${headers.map((header) => `${header}\r\n`).join('')}${body.length > 0 ? `Content-Length: ${body.length}\r\n` : ''}\r\n`, 'latin1'), Buffer.from(body)])
const post = (body: string | Buffer, headers: readonly string[] = [], path = '/book') => http(`POST ${path}`, headers, Buffer.from(body))
const chunked = (...chunks: string[]) => `POST /book HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}`
const signatureOf = (body: string) => createHmac('sha256', KEY).update(body).digest('hex')
const GOOD = '{"reference":"a"}'
const broken = (text: string) => Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xc3]), Buffer.from(text.slice(-2))])

const REFUSED: [title: string, sent: string | Buffer, status: number, code: string][] = [
  ['JSON cut short', post('{"reference":"a"'), 400, 'REQUEST_INVALID'],
  ['no body', post(''), 400, 'REQUEST_INVALID'],
  ['a number for a text', post('{"reference":1}'), 400, 'REQUEST_INVALID'],
  ['a text for a number', post('{"reference":"a","amountVnd":"1"}'), 400, 'REQUEST_INVALID'],
  ['a field that there is not', post('{"reference":"a","x":1}'), 400, 'REQUEST_INVALID'],
  ['__proto__ as a field', post('{"reference":"a","__proto__":{"x":1}}'), 400, 'REQUEST_INVALID'],
  ['an array for an object', post('[]'), 400, 'REQUEST_INVALID'],
  ['null', post('null'), 400, 'REQUEST_INVALID'],
  ['half a million brackets', post('['.repeat(500_000)), 400, 'REQUEST_INVALID'],
  ['nested a hundred thousand deep', post('{"reference":'.repeat(70_000) + '1' + '}'.repeat(70_000)), 400, 'REQUEST_INVALID'],
  ['broken UTF-8 in the body', post(broken(GOOD)), 400, 'REQUEST_INVALID'],
  ['UTF-16', post(Buffer.from(GOOD, 'utf16le')), 400, 'REQUEST_INVALID'],
  ['broken UTF-8 in the query', http('GET /book?reference=%ff'), 400, 'REQUEST_INVALID'],
  ['half an escape in the query', http('GET /book?reference=%4'), 400, 'REQUEST_INVALID'],
  ['bytes that are not escaped in the query', Buffer.from('GET /book?reference=\xff HTTP/1.1\r\nHost: a\r\n\r\n', 'latin1'), 400, 'REQUEST_INVALID'],
  ['broken UTF-8 in a form', post('reference=%e1%bb', [], '/form'), 400, 'REQUEST_INVALID'],
  ['broken UTF-8 in the path', http('GET /book/%ff'), 400, 'REQUEST_INVALID'],
  ['half an escape in the path', http('GET /book/%'), 400, 'REQUEST_INVALID'],
  ['an unknown path', http('GET /nothing'), 404, 'ROUTE_UNKNOWN'],
  ['a path with one segment too many', http('GET /book/a/b'), 404, 'ROUTE_UNKNOWN'],
  ['an empty field in the path', http('GET /book/'), 404, 'ROUTE_UNKNOWN'],
  ['another spelling of a path', http('GET /BOOK'), 404, 'ROUTE_UNKNOWN'],
  ['an unknown path with OPTIONS', http('OPTIONS /nothing'), 404, 'ROUTE_UNKNOWN'],
  ['a method that is not offered', http('DELETE /book'), 405, 'METHOD_NOT_ALLOWED'],
  ['TRACE', http('TRACE /book'), 405, 'METHOD_NOT_ALLOWED'],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  ['no signature', post(GOOD, [], '/signed'), 401, 'SIGNATURE_INVALID'],
  ['a wrong signature', post(GOOD, [`x-signature: ${signatureOf('other')}`], '/signed'), 401, 'SIGNATURE_INVALID'],
  ['a signature that is none', post(GOOD, ['x-signature: \xe1'], '/signed'), 401, 'SIGNATURE_INVALID'],
  ['too large a body', post('x'.repeat(1_100_000)), 413, 'BODY_TOO_LARGE'],
  ['too large a body, announced only', 'POST /book HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n', 413, 'BODY_TOO_LARGE'],
  ['too large a body in pieces', chunked(...Array.from({ length: 20 }, () => 'x'.repeat(60_000))), 413, 'BODY_TOO_LARGE'],
  ['too large headers', http('GET /book', [`x: ${'x'.repeat(20_000)}`]), 431, 'HEADERS_TOO_LARGE'],
  ['too long a path', http(`GET /${'x'.repeat(20_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'REQUEST_INVALID'],
  ['a TLS greeting', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]), 400, 'REQUEST_INVALID'],
  ['no Host', 'GET /book?reference=a HTTP/1.1\r\n\r\n', 400, 'REQUEST_INVALID'],
  ['a length that is no number', 'POST /book HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, 'REQUEST_INVALID'],
  ['a length and chunks', 'POST /book HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400, 'REQUEST_INVALID'],
  ['a chunk of no length', 'POST /book HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400, 'REQUEST_INVALID'],
]

const TAKEN: [title: string, sent: string | Buffer, status: number, headers: Record<string, string>, body: string][] = [
  ['a good request', post(GOOD), 200, {}, GOOD],
  ['a right signature', post(GOOD, [`x-signature: ${signatureOf(GOOD)}`], '/signed'), 200, {}, GOOD],
  ['a field in the path, escaped', http('GET /book/H%E1%BB%93%20s%C6%A1%2F1'), 200, {}, '{"reference":"Hồ sơ/1"}'],
  ['a plus in the query', http('GET /book?reference=a+b%2B'), 200, {}, '{"reference":"a b+"}'],
  ['the absolute form', http('GET http://a/book?reference=a'), 200, {}, GOOD],
  ['OPTIONS', http('OPTIONS /book'), 204, { allow: 'GET, HEAD, OPTIONS, POST' }, ''],
  ['OPTIONS *', http('OPTIONS *'), 204, { allow: 'GET, HEAD, OPTIONS, POST' }, ''],
  ['an expectation that nobody knows', post(GOOD, ['Expect: miracles']), 200, {}, GOOD],
  ['half a character, escaped as JSON does it', post('{"reference":"\\ud800"}'), 200, {}, '{"reference":"\\ud800"}'],
  ['a body in pieces', chunked('{"reference"', ':"a"}', ''), 200, {}, GOOD],
]

describe('bad input', () => {
  it.each(REFUSED)('%s', async (_title, sent, status, code) => {
    const [answer] = await exchangeRaw(port, [sent])
    expect(answer).toBeDefined()
    expect({ status: answer!.status, type: answer!.headers['content-type'], code: JSON.parse(answer!.body).error.code }).toEqual({ status, type: 'application/json', code })
    if (code === 'METHOD_NOT_ALLOWED' && !String(sent).startsWith('CONNECT')) expect(answer!.headers['allow']).toBe('GET, HEAD, OPTIONS, POST')
    expect((await exchangeRaw(port, [post(GOOD)]))[0]!.status).toBe(200)
  })
})

describe('a client that is too slow', () => {
  it.each([
    ['with the body', 'POST /book HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n{"refe'],
    ['with the headers', 'POST /book HTTP/1.1\r\nHost: a\r\n'],
  ])('%s is told so', async (_title, sent) => {
    const impatient = await startFastServer(createEndpoint(ROUTES, null), { host: '127.0.0.1', port: 0, requestTimeoutMs: 100 })
    try {
      const [answer] = await exchangeRaw(portOf(impatient), [sent])
      expect({ status: answer!.status, code: JSON.parse(answer!.body).error.code, connection: answer!.headers['connection'] }).toEqual({ status: 408, code: 'REQUEST_TIMEOUT', connection: 'close' })
    } finally { await stopServer(impatient) }
  })
})

describe('unusual input', () => {
  it.each(TAKEN)('%s', async (_title, sent, status, headers, body) => {
    const [answer] = await exchangeRaw(port, [sent])
    expect(answer).toMatchObject({ status, headers, body })
  })

  it('HEAD answers as GET does, without the body', async () => {
    const [get] = await exchangeRaw(port, [http('GET /book?reference=a')])
    const socket = connect(port, '127.0.0.1')
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.end(Buffer.concat([http('HEAD /book?reference=a'), http('HEAD /book'), http('HEAD /form', ['Connection: close'])]))
    await once(socket, 'close')
    const heads = answersIn(Buffer.concat(pieces), true)
    expect(heads.map(({ status }) => status)).toEqual([200, 400, 405])
    for (const name of ['content-type', 'content-length']) expect(heads[0]!.headers[name]).toBe(get!.headers[name])
  })

  it('a client that waits to be told to go on is told so, or refused at once', async () => {
    const expecting = (length: number) => `POST /book HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`
    expect((await exchangeRaw(port, [expecting(GOOD.length), GOOD])).map(({ status }) => status)).toEqual([100, 200])
    expect((await exchangeRaw(port, [expecting(5_000_000)])).map(({ status }) => status)).toEqual([413])
  })

  it('requests on one connection are answered in their order', async () => {
    const socket = connect(port, '127.0.0.1')
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.end(Buffer.concat([...Array.from({ length: 20 }, (_, n) => post(`{"reference":"${n}"}`)), http('GET /nothing', ['Connection: close'])]))
    await once(socket, 'close')
    const found = answersIn(Buffer.concat(pieces))
    expect(found.map(({ status, body }) => status === 200 ? JSON.parse(body).reference : status)).toEqual([...Array.from({ length: 20 }, (_, n) => String(n)), 404])
  })

  it.each([['before the answer', post(GOOD)], ['in the middle of the body', post(GOOD).subarray(0, -5)], ['in the middle of the headers', 'POST /bo']])(
    'clients that go away %s leave the server as it was', async (_title, sent) => {
      await Promise.all(Array.from({ length: 20 }, async (_, n) => {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(sent)
        if (n % 2 === 0) socket.resetAndDestroy()
        else socket.destroy()
        await once(socket, 'close')
      }))
      expect((await exchangeRaw(port, [post(GOOD)]))[0]).toMatchObject({ status: 200, body: GOOD })
    })

  it('a body without end is not read without end', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write('POST /book HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    let sentMiB = 0
    while (!socket.destroyed && sentMiB < 200) {
      sentMiB += 1
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    }
    await closed
    expect(sentMiB).toBeLessThan(100)
  })
})

describe('a partner that speaks by a contract profile', () => {
  it('refuses in the form of the guide also what never reached an operation', async () => {
    const guide = ContractProfile.parse({
      version: 1, name: 'guide', title: { vi: 't', en: 't' }, source: { vi: 's', en: 's' },
      roles: { sms: { codes: { ROUTE_UNKNOWN: 'SAI_DUONG_DAN', SIGNATURE_INVALID: 'SAI_CHU_KY' }, refusal: { code: 'loi.ma', message: 'loi.mo_ta' }, operations: { send: { path: '/gui' } } } },
    })
    const simulator = smsSimulator({ world: createWorld({ seed: 1, scenarioStartMs: 0, keys: { sms: KEY }, contractProfile: guide }) })
    const guided = await startFastServer(simulator.endpoint, { host: '127.0.0.1', port: 0 })
    const codes = async (...sent: (string | Buffer)[]) => Promise.all(sent.map(async (one) => JSON.parse((await exchangeRaw(portOf(guided), [one]))[0]!.body).loi.ma))
    try {
      expect(await codes(http('GET /v1/messages'), http('GET /gui'), 'hello\r\n\r\n', http('POST /gui', [`x: ${'x'.repeat(20_000)}`]), post('x'.repeat(1_100_000), [], '/gui'), post('{', [], '/gui'), post(broken(GOOD), [], '/gui')))
        .toEqual(['SAI_DUONG_DAN', 'METHOD_NOT_ALLOWED', 'REQUEST_INVALID', 'HEADERS_TOO_LARGE', 'BODY_TOO_LARGE', 'REQUEST_INVALID', 'REQUEST_INVALID'])
    } finally {
      await stopServer(guided)
      await simulator.close()
    }
  })
})
