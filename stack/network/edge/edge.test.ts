import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WafRule } from '../../../contracts/api/admin.ts'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { startEdge } from './edge.ts'

const DEFAULT_RULES = fileURLToPath(new URL('./waf-default.json', import.meta.url))
const ORIGINS = { '127.119.4.1': { region: 'north', partner: null }, '127.119.7.8': { region: null, partner: 'justice' } }

let directory: string
let upstream: Server
let serve: (request: IncomingMessage, response: ServerResponse) => void
let edge: Awaited<ReturnType<typeof startEdge>>
let agent: Agent

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'edge-'))
  const rulesFile = join(directory, 'edge-new.json')
  await copyFile(DEFAULT_RULES, rulesFile)
  serve = (_request, response) => { response.writeHead(200, { 'x-served-by': 'portal' }); response.end('ok') }
  upstream = createServer((request, response) => serve(request, response))
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  edge = await startEdge({ id: 'edge-new', host: '127.0.0.1', port: 0, upstream: `http://127.0.0.1:${portOf(upstream)}`, origins: ORIGINS, rulesFile, upstreamTimeoutMs: 30_000 })
  agent = new Agent({ keepAlive: true })
})
afterEach(async () => {
  agent.destroy()
  await edge.close()
  upstream.closeAllConnections()
  upstream.close()
  await rm(directory, { recursive: true })
})

function portOf(server: Server): number { return (server.address() as { port: number }).port }

type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer; from?: string; agent?: Agent }
async function ask({ method = 'GET', path = '/', headers = {}, body, from, agent: own }: Asked = {}) {
  const request = httpRequest({ host: '127.0.0.1', port: edge.port, method, path, headers, agent: own ?? false, ...(from ? { localAddress: from } : {}) })
  // After the answer has begun, a break shows on the answer; the request must not throw it a second time.
  request.on('error', () => {})
  request.end(body)
  const [response] = await once(request, 'response') as [IncomingMessage]
  const bytes = await buffer(response)
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString('utf8'), reused: request.reusedSocket }
}
const errorOf = (request: Asked) => ask(request).then((answer) => answer.status, (error: NodeJS.ErrnoException) => error.code)
const control = (body: object) => edge.admin.control(body as never)

/** Rows once `count` of them are written: a row is written when the connection has seen the end of the answer. */
async function rows(count: number, kind = 'request'): Promise<EvidenceRow[]> {
  for (;;) {
    const found = [...edge.admin.evidence('final') as Iterable<EvidenceRow>].filter(({ key }) => key.startsWith(`${kind}/`))
    if (found.length >= count) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('passing on', () => {
  test('method, path, query, body, host and cookies arrive; status, headers and body come back', async () => {
    serve = async (request, response) => {
      const got = { method: request.method, url: request.url, host: request.headers.host, cookie: request.headers.cookie, forwardedFor: request.headers['x-forwarded-for'], hop: request.headers['x-hop'] ?? null, body: await text(request) }
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'], 'x-served-by': 'portal' })
      response.end(JSON.stringify(got))
    }
    const answer = await ask({ method: 'POST', path: '/api/dossiers?q=1', headers: { host: 'portal.dvcqg.test', cookie: 'sid=7', 'x-forwarded-for': '1.2.3.4', connection: 'close, x-hop', 'x-hop': 'not for you' }, body: '{"tên":"Nguyễn"}' })
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-served-by': 'portal' })
    expect(JSON.parse(answer.text)).toEqual({ method: 'POST', url: '/api/dossiers?q=1', host: 'portal.dvcqg.test', cookie: 'sid=7', forwardedFor: '127.0.0.1', hop: null, body: '{"tên":"Nguyễn"}' })
  })

  test.each([0, 1, 100_000, (1 << 20) + 1, 5 << 20])('a body of %i bytes arrives whole, and so does its answer', async (size) => {
    serve = (request, response) => { request.pipe(response) }
    const body = Buffer.alloc(size, 'Hồ sơ ')
    const answer = await ask({ method: 'POST', path: '/big', body })
    expect(answer.bytes.equals(body)).toBe(true)
  })

  test('redirects and empty answers pass as they are', async () => {
    serve = (request, response) => {
      if (request.url === '/login') { response.writeHead(302, { location: 'http://127.0.0.1/authorize' }); response.end() } else { response.writeHead(204); response.end() }
    }
    expect(await ask({ path: '/login' })).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1/authorize' } })
    expect(await ask({ path: '/' })).toMatchObject({ status: 204, text: '' })
    expect(await ask({ method: 'HEAD', path: '/' })).toMatchObject({ status: 204 })
  })
})

describe('access log', () => {
  test.each([
    { from: '127.119.4.1', region: 'north', partner: null },
    { from: '127.119.7.8', region: null, partner: 'justice' },
    { from: '127.0.0.1', region: 'inside', partner: null },
  ])('a peer at $from is of region $region, partner $partner', async ({ from, region, partner }) => {
    await ask({ from, path: '/api/services?q=khai+sinh', headers: { 'x-op': 'citizen.1.find.0123456789' } })
    expect(await rows(1)).toMatchObject([{ key: 'request/1', op: 'citizen.1.find.0123456789', status: '200', fields: { method: 'GET', path: '/api/services', region, partner, remote: from } }])
  })

  test('a request without op has none, and reading twice gives the same rows', async () => {
    await ask()
    const [first] = await rows(1)
    expect(first).not.toHaveProperty('op')
    await ask()
    expect((await rows(2)).map(({ key }) => key)).toEqual(['request/1', 'request/2'])
  })

  test('a client that goes away before the answer is 499', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    serve = () => { resolve() }
    const request = httpRequest({ host: '127.0.0.1', port: edge.port })
    request.on('error', () => {})
    request.end()
    await asked
    request.destroy()
    expect(await rows(1)).toMatchObject([{ status: '499' }])
  })
})

describe('errors of the portal', () => {
  test('not there: 502 UPSTREAM_UNAVAILABLE', async () => {
    upstream.closeAllConnections()
    upstream.close()
    const answer = await ask({ method: 'POST', body: 'x' })
    expect(answer).toMatchObject({ status: 502, headers: { 'x-served-by': 'edge-new' } })
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE' } })
    expect(await rows(1)).toMatchObject([{ status: '502' }])
  })

  test('reset before an answer: the client is reset too, logged as 000', async () => {
    serve = (request) => { request.socket.resetAndDestroy() }
    expect(await errorOf({ method: 'POST', body: 'x' })).toBe('ECONNRESET')
    expect(await rows(1)).toMatchObject([{ status: '000' }])
  })

  test('reset in the middle of an answer: the client sees the break, not a short answer', async () => {
    serve = (request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setImmediate(() => request.socket.resetAndDestroy())
    }
    expect(await errorOf({})).toBe('ECONNRESET')
    expect(await rows(1)).toMatchObject([{ status: '000' }])
  })

  test('the next request after a break is served', async () => {
    serve = (request) => { request.socket.resetAndDestroy() }
    await errorOf({})
    serve = (_request, response) => { response.end('again') }
    expect(await ask()).toMatchObject({ status: 200, text: 'again' })
  })
})

describe('firewall', () => {
  const attacks: Asked[] = [
    { path: '/api/services?q=1%20UNION%20SELECT%20*' },
    { path: '/api/services?q=1+union+all+select+1' },
    { path: "/api/services?q='%20or%20'1'='1" },
    { path: '/api/services?q=%3Cscript%3Ealert(1)' },
    { path: '/static/../../etc/passwd' },
    { path: '/static/%2e%2e/%2e%2e/etc/passwd' },
    { method: 'POST', path: '/api/dossiers', body: JSON.stringify({ note: '<script>alert(1)</script>' }) },
    { method: 'POST', path: '/api/dossiers', body: '{"note":"\\u003cscript\\u003e"}' },
    { method: 'POST', path: '/auth/x', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'q=1+union+select+2' },
    { method: 'POST', path: '/api/dossiers', body: `${'x'.repeat(500_000)}; drop table dossiers` },
    { path: '/', headers: { 'user-agent': 'sqlmap/1.8' } },
  ]
  test.each(attacks)('blocks $method $path $body $headers', async (attack) => {
    let reached = false
    serve = (_request, response) => { reached = true; response.end() }
    const answer = await ask({ ...attack, from: '127.119.7.8', headers: { ...attack.headers, 'x-op': 'push.3.dossier.0123456789' } })
    expect(answer).toMatchObject({ status: 403, headers: { 'x-served-by': 'edge-new' } })
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'WAF_BLOCKED' } })
    expect(reached).toBe(false)
    const [row] = await rows(1, 'block')
    expect(row).toMatchObject({ key: 'block/1', op: 'push.3.dossier.0123456789', status: '403', fields: { partner: 'justice', region: null, path: attack.path!.split('?')[0] } })
    expect(String(row!.fields['matched']).length).toBeLessThanOrEqual(80)
    expect(await rows(1)).toMatchObject([{ op: 'push.3.dossier.0123456789', status: '403' }])
  })

  test('lets ordinary Vietnamese dossiers and searches through', async () => {
    const texts = [
      'Đề nghị cấp bản sao trích lục hộ tịch; kèm 02 bản chính, thửa đất số 15/3 (tờ bản đồ 7)', 'Ông/bà: "Nguyễn Thị Thử" – con thứ 2 & 3', 'Liên hiệp hội (union), chọn (select) 1 trong 2',
      "Tên thường gọi: O'Thử or 1 tên khác", 'Điểm a) khoản 1... Điều 5/NĐ-CP', 'drop off hồ sơ tại bàn (table) số 4',
    ]
    for (let n = 0; n < 200; n += 1) {
      const person = personOf(n * 7919)
      const body = JSON.stringify({ reference: `direct.${n}.submit.0123456789`, applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone, note: texts[n % texts.length] })
      expect(await ask({ method: 'POST', path: '/api/dossiers', body, agent })).toMatchObject({ status: 200 })
    }
    for (const { title } of PROCEDURES) expect(await ask({ path: `/api/services?q=${encodeURIComponent(title.vi)}&province=ha-noi`, agent })).toMatchObject({ status: 200 })
    expect(await rows(0, 'block')).toEqual([])
  })

  const rule = (change: Partial<WafRule>): WafRule => ({ id: 'r', title: 'A rule', target: 'body', pattern: 'hộ tịch', action: 'block', pathPrefix: '/sync', ...change })

  test('waf.set replaces file and rules; a path prefix confines them', async () => {
    expect(await control({ action: 'waf.set', rules: [rule({})] })).toEqual({ rules: 1 })
    expect(JSON.parse(await readFile(join(directory, 'edge-new.json'), 'utf8'))).toEqual([rule({})])
    expect(await control({ action: 'waf.get' })).toEqual({ rules: [rule({})] })
    expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'TRÍCH LỤC HỘ TỊCH' })).toMatchObject({ status: 403 })
    expect(await ask({ method: 'POST', path: '/api/dossiers', body: 'trích lục hộ tịch' })).toMatchObject({ status: 200 })
    expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'khai sinh' })).toMatchObject({ status: 200 })
  })

  test('a rule that only logs lets pass and leaves an alert', async () => {
    await control({ action: 'waf.set', rules: [rule({ action: 'log' })] })
    expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'hộ tịch' })).toMatchObject({ status: 200 })
    expect(await rows(1, 'alert')).toMatchObject([{ status: 'logged', fields: { ruleId: 'r', matched: 'hộ tịch' } }])
    expect(await rows(0, 'block')).toEqual([])
  })

  test('rules that do not hold are refused with every problem, and the old ones stay', async () => {
    await expect(control({ action: 'waf.set', rules: [rule({ pattern: '(' }), rule({ id: 's' }), rule({ id: 's' })] })).rejects.toThrow(/WAF_RULES_INVALID: rule "r".*\n.*rule "s" is there twice/su)
    expect(await ask({ path: '/?q=union+select' })).toMatchObject({ status: 403 })
  })

  test('a rules file that is no list of rules keeps the edge from starting', async () => {
    const rulesFile = join(directory, 'broken.json')
    await writeFile(rulesFile, '[{"id":"x"}]')
    await expect(startEdge({ id: 'edge-new', host: '127.0.0.1', port: 0, upstream: 'http://127.0.0.1:1', origins: {}, rulesFile })).rejects.toThrow(/WAF_RULES_INVALID/u)
  })
})

describe('Connection: close', () => {
  test('connections stay open until it is asked for, then each answer ends its connection', async () => {
    await ask({ agent })
    expect(await ask({ agent })).toMatchObject({ reused: true })
    await control({ action: 'connections.close', close: true })
    const last = await ask({ agent })
    expect(last).toMatchObject({ reused: true, headers: { connection: 'close' } })
    expect(await ask({ agent })).toMatchObject({ reused: false, headers: { connection: 'close' } })
    await control({ action: 'connections.close', close: false })
    await ask({ agent })
    expect(await ask({ agent })).toMatchObject({ reused: true })
  })

  test('a client\'s own wish to close is its own: the portal\'s connection is kept', async () => {
    const seen = new Set<unknown>()
    serve = (request, response) => { seen.add(request.socket); response.end('ok') }
    for (let n = 0; n < 3; n += 1) await ask({ headers: { connection: 'close' } })
    expect(seen.size).toBe(1)
  })
})

test.each(['GET http://elsewhere/ HTTP/1.1', 'OPTIONS * HTTP/1.1'])('%s is no request for a portal: 400', async (line) => {
  const socket = connect(edge.port, '127.0.0.1')
  socket.write(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`)
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*REQUEST_INVALID/su)
  expect(await rows(1)).toMatchObject([{ status: '400' }])
})

test('two requests written at once on one connection are answered in order', async () => {
  serve = (request, response) => { response.end(`<${request.url}>`) }
  const socket = connect(edge.port, '127.0.0.1')
  socket.write('GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  expect((await text(socket)).match(/<.*?>/gu)).toEqual(['</1>', '</2>'])
})
