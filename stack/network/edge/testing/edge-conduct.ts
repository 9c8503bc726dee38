/**
 * What every edge does as seen from outside, run against each kind (`edge.test.ts`, `edge.container.test.ts`): one table of expectations, real sockets, a real
 * portal behind it. The test's own peer address is that of the partner "justice".
 */
import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EvidenceRow } from '../../../../contracts/evidence.ts'
import { personOf } from '../../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../../contracts/reference/procedures.ts'

export type EdgeUnderTest = {
  host: string; port: number
  control: (body: object) => Promise<Record<string, unknown>>
  /** Of one whole read. */
  evidence: () => Promise<EvidenceRow[]>
  close: () => Promise<void>
}

export type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer; agent?: Agent }

export async function askEdge({ host, port }: Pick<EdgeUnderTest, 'host' | 'port'>, { method = 'GET', path = '/', headers = {}, body, agent }: Asked = {}) {
  const request = httpRequest({ host, port, method, path, headers, agent: agent ?? false })
  // After the answer has begun, a break shows on the answer; the request must not throw it a second time.
  request.on('error', () => {})
  request.end(body)
  const [response] = await once(request, 'response') as [IncomingMessage]
  const bytes = await buffer(response)
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString('utf8'), reused: request.reusedSocket }
}

/** `open`: an edge with the id `edge-new` whose portal is at this address; `upstreamHost`: an address of this machine that it reaches. */
export function edgeConduct({ upstreamHost, open }: { upstreamHost: () => Promise<string>; open: (upstream: string) => Promise<EdgeUnderTest> }): void {
  let upstream: Server
  let upstreamAt: { host: string; port: number }
  let serve: (request: IncomingMessage, response: ServerResponse) => void
  let edge: EdgeUnderTest
  let agent: Agent
  let marks: Record<string, number>
  /** Requests of this test, each of which leaves a row. */
  let sent: number

  beforeAll(async () => {
    // As the services do: an edge gives up an idle connection before its portal does.
    upstream = createServer({ keepAliveTimeout: 75_000 }, (request, response) => serve(request, response))
    upstream.listen(0, await upstreamHost())
    await once(upstream, 'listening')
    const { address, port } = upstream.address() as { address: string; port: number }
    upstreamAt = { host: address, port }
    edge = await open(`http://${address}:${port}`)
  }, 300_000)
  afterAll(async () => {
    await edge?.close()
    upstream?.closeAllConnections()
    upstream?.close()
  })
  beforeEach(async () => {
    serve = (_request, response) => { response.writeHead(200, { 'x-served-by': 'portal' }); response.end('ok') }
    agent = new Agent({ keepAlive: true })
    marks = counts(await edge.evidence())
    sent = 0
  })
  afterEach(async () => {
    agent.destroy()
    await rows(sent)
  })

  const ask = (asked: Asked = {}) => {
    sent += 1
    return askEdge(edge, asked)
  }
  const errorOf = (asked: Asked) => ask(asked).then((answer) => answer.status, (error: NodeJS.ErrnoException) => error.code)

  /** Rows of this test once `count` of them are written: a row is written when the connection has seen the end of the answer. */
  async function rows(count: number, kind = 'request'): Promise<EvidenceRow[]> {
    for (;;) {
      const found = (await edge.evidence()).filter(({ key }) => key.startsWith(`${kind}/`)).slice(marks[kind] ?? 0)
      if (found.length >= count) return found
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  describe('passing on', () => {
    test('method, path, query, body, host and cookies arrive; status, headers and body come back', async () => {
      serve = async (request, response) => {
        const got = { method: request.method, url: request.url, host: request.headers.host, cookie: request.headers.cookie, forwardedFor: request.headers['x-forwarded-for'], op: request.headers['x-op'], body: await text(request) }
        response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'], 'x-served-by': 'portal' })
        response.end(JSON.stringify(got))
      }
      const answer = await ask({ method: 'POST', path: '/api//dossiers/a%2Fb?q=1', headers: { host: 'portal.dvcqg.test', cookie: 'sid=7', 'x-forwarded-for': '1.2.3.4', 'x-op': 'an.op', 'content-type': 'application/json' }, body: '{"tên":"Nguyễn"}' })
      expect(answer.status).toBe(201)
      expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-served-by': 'portal' })
      const [row] = await rows(1)
      expect(JSON.parse(answer.text)).toEqual({ method: 'POST', url: '/api//dossiers/a%2Fb?q=1', host: 'portal.dvcqg.test', cookie: 'sid=7', forwardedFor: row!.fields['remote'], op: 'an.op', body: '{"tên":"Nguyễn"}' })
    })

    test.each([0, 8, 100_000, 512 * 1024])('a file of %i bytes arrives whole, and so does the answer', async (size) => {
      serve = (request, response) => { request.pipe(response) }
      const body = Buffer.from(size === 0 ? '' : JSON.stringify({ fileName: 'Đơn đề nghị.txt', content: Buffer.alloc(size, 'Hồ sơ ').toString('base64') }))
      const answer = await ask({ method: 'POST', path: '/big', headers: size === 0 ? {} : { 'content-type': 'application/json' }, body })
      expect(answer.bytes.equals(body)).toBe(true)
    })

    test('redirects and empty answers pass as they are', async () => {
      serve = (request, response) => {
        if (request.url === '/login') { response.writeHead(302, { location: 'http://127.0.0.1/authorize' }); response.end() } else { response.writeHead(204); response.end() }
      }
      expect(await ask({ path: '/login' })).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1/authorize' } })
      expect(await ask({ path: '/' })).toMatchObject({ status: 204, text: '' })
      expect(await ask({ method: 'HEAD', path: '/' })).toMatchObject({ status: 204 })
      expect((await rows(3)).map((row) => row.status)).toEqual(['302', '204', '204'])
    })

    test.each([400, 403, 404, 502, 503, 504])('the portal\'s own %i is the portal\'s', async (status) => {
      serve = (_request, response) => { response.writeHead(status, { 'x-served-by': 'portal' }); response.end('its own words') }
      expect(await ask()).toMatchObject({ status, text: 'its own words', headers: { 'x-served-by': 'portal' } })
    })
  })

  describe('access log', () => {
    test('a request stands there with its op, its peer and where that is from', async () => {
      await ask({ path: '/api/services?q=khai+sinh', headers: { 'x-op': 'citizen.1.find.0123456789' } })
      const [row] = await rows(1)
      expect(row).toMatchObject({ op: 'citizen.1.find.0123456789', status: '200', fields: { method: 'GET', path: '/api/services', region: null, partner: 'justice' } })
      expect(Object.keys(row!.fields).toSorted()).toEqual(['method', 'ms', 'partner', 'path', 'region', 'remote'])
      expect(Math.abs(row!.sourceAt! - Date.now())).toBeLessThan(60_000)
    })

    test('a request without op has none, and keys count on', async () => {
      const before = marks['request'] ?? 0
      await ask()
      expect((await rows(1))[0]).not.toHaveProperty('op')
      await ask()
      expect((await rows(2)).map(({ key }) => key)).toEqual([`request/${before + 1}`, `request/${before + 2}`])
    })

    test('a client that goes away before the answer is 499', async () => {
      const { promise: asked, resolve } = Promise.withResolvers<void>()
      serve = () => { resolve() }
      const request = httpRequest({ host: edge.host, port: edge.port })
      request.on('error', () => {})
      request.end()
      await asked
      request.destroy()
      expect(await rows(1)).toMatchObject([{ status: '499' }])
    })
  })

  describe('errors of the portal', () => {
    test('not there: 502 UPSTREAM_UNAVAILABLE, and served again when it is back', async () => {
      upstream.closeAllConnections()
      upstream.close()
      await once(upstream, 'close')
      const answer = await ask({ method: 'POST', body: 'x' })
      upstream.listen(upstreamAt.port, upstreamAt.host)
      await once(upstream, 'listening')
      expect(answer).toMatchObject({ status: 502, headers: { 'x-served-by': 'edge-new' } })
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE' } })
      expect(await rows(1)).toMatchObject([{ status: '502' }])
      expect(await ask()).toMatchObject({ status: 200 })
    })

    test('silent: 504 UPSTREAM_TIMEOUT', async () => {
      serve = () => {}
      const answer = await ask()
      expect(answer).toMatchObject({ status: 504, headers: { 'x-served-by': 'edge-new' } })
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'UPSTREAM_TIMEOUT' } })
    })

    test('reset before an answer: the client is reset too, logged as 000, and nothing is tried twice', async () => {
      let asked = 0
      serve = (request) => { asked += 1; request.socket.resetAndDestroy() }
      expect(await errorOf({ method: 'POST', body: 'x' })).toBe('ECONNRESET')
      expect(await rows(1)).toMatchObject([{ status: '000' }])
      expect(asked).toBe(1)
      serve = (_request, response) => { response.end('again') }
      expect(await ask()).toMatchObject({ status: 200, text: 'again' })
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
  })

  describe('firewall', () => {
    const json = { 'content-type': 'application/json' }
    const attacks: Asked[] = [
      { path: '/api/services?q=1%20UNION%20SELECT%20*%20FROM%20users' },
      { path: '/api/services?q=1+union+all+select+1' },
      { path: "/api/services?q='%20or%20'1'='1" },
      { path: '/api/services?q=%3Cscript%3Ealert(1)%3C/script%3E' },
      { path: '/api/services?file=../../../../etc/passwd' },
      { method: 'POST', path: '/api/dossiers', headers: json, body: JSON.stringify({ note: '<script>alert(1)</script>' }) },
      { method: 'POST', path: '/api/dossiers', headers: json, body: '{"note":"\\u003cscript\\u003ealert(1)\\u003c/script\\u003e"}' },
      { method: 'POST', path: '/sync/v1/dossiers', headers: json, body: JSON.stringify({ note: '1; drop table dossiers--' }) },
      { method: 'POST', path: '/auth/x', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'q=1+union+select+2' },
      { path: '/', headers: { 'user-agent': 'sqlmap/1.8' } },
    ]
    test.each(attacks)('blocks $method $path $body $headers', async (attack) => {
      let reached = false
      serve = (_request, response) => { reached = true; response.end() }
      const answer = await ask({ ...attack, headers: { ...attack.headers, 'x-op': 'push.3.dossier.0123456789' } })
      expect(answer).toMatchObject({ status: 403, headers: { 'x-served-by': 'edge-new', 'content-type': 'application/json' } })
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'WAF_BLOCKED' } })
      expect(reached).toBe(false)
      const [row] = await rows(1, 'block')
      expect(row).toMatchObject({ op: 'push.3.dossier.0123456789', status: '403', fields: { partner: 'justice', region: null, path: attack.path!.split('?')[0] } })
      expect(Object.keys(row!.fields).toSorted()).toEqual(['matched', 'partner', 'path', 'region', 'remote', 'ruleId', 'ruleTitle'])
      expect(String(row!.fields['matched']).length).toBeGreaterThan(0)
      expect([...String(row!.fields['matched'])].length).toBeLessThanOrEqual(80)
      expect(await rows(1)).toMatchObject([{ op: 'push.3.dossier.0123456789', status: '403' }])
    })

    test('lets ordinary Vietnamese dossiers and searches through', async () => {
      const texts = [
        'Đề nghị cấp bản sao trích lục hộ tịch; kèm 02 bản chính, thửa đất số 15/3 (tờ bản đồ 7)', 'Ông/bà: "Nguyễn Thị Thử" – con thứ 2 & 3', 'Liên hiệp hội (union), chọn (select) 1 trong 2',
        "Tên thường gọi: O'Thử or 1 tên khác", 'Điểm a) khoản 1... Điều 5/NĐ-CP', 'drop off hồ sơ tại bàn (table) số 4',
      ]
      for (let n = 0; n < 60; n += 1) {
        const person = personOf(n * 7919)
        const body = JSON.stringify({ reference: `direct.${n}.submit.0123456789`, applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone, note: texts[n % texts.length] })
        expect(await ask({ method: 'POST', path: '/api/dossiers', headers: json, body, agent }), body).toMatchObject({ status: 200 })
      }
      for (const { title } of PROCEDURES) expect(await ask({ path: `/api/services?q=${encodeURIComponent(title.vi)}&province=ha-noi`, agent })).toMatchObject({ status: 200 })
      expect(await rows(0, 'block')).toEqual([])
    })

    test('an exclusion lets a rule out under its path alone, and is taken back', async () => {
      const attack = { path: '/api/services?q=%3Cscript%3Ealert(1)%3C/script%3E' }
      await ask(attack)
      const hit = [...new Set([...await rows(1, 'block'), ...await rows(0, 'alert')].map((row) => String(row.fields['ruleId'])))]
      const before = await edge.control({ action: 'waf.get' }) as { exclusions: object[] }
      const tuned = await edge.control({ action: 'waf.tune', exclusions: [...before.exclusions, ...hit.map((ruleId) => ({ ruleId, pathPrefix: '/api/services' }))] })
      expect(tuned).toMatchObject({ exclusions: expect.arrayContaining([{ ruleId: hit[0], pathPrefix: '/api/services' }]) })
      expect(await ask(attack)).toMatchObject({ status: 200 })
      expect(await ask({ path: '/api/dossiers?q=%3Cscript%3Ealert(1)%3C/script%3E' })).toMatchObject({ status: 403 })
      await edge.control({ action: 'waf.tune', exclusions: before.exclusions })
      expect(await ask(attack)).toMatchObject({ status: 403 })
    })

    test('an exclusion of a rule that is not there is refused, and nothing changes', async () => {
      const before = await edge.control({ action: 'waf.get' }) as { exclusions: object[] }
      await expect(edge.control({ action: 'waf.tune', exclusions: [{ ruleId: '123456', pathPrefix: '/sync' }] })).rejects.toThrow(/123456/)
      expect(await edge.control({ action: 'waf.get' })).toMatchObject({ exclusions: before.exclusions })
    })

    test('it says which engine it is and how many requests it has blocked, those of sync apart', async () => {
      const before = (await edge.control({ action: 'waf.get' }))['blocked'] as { all: number; sync: number }
      await ask({ path: '/api/services?q=1+union+all+select+1' })
      await ask({ method: 'POST', path: '/sync/v1/dossiers', headers: json, body: '{"note":"<script>alert(1)</script>"}' })
      await rows(2, 'block')
      expect(await edge.control({ action: 'waf.get' })).toMatchObject({ engine: expect.stringMatching(/^(?:reference|modsecurity)$/), blocked: { all: before.all + 2, sync: before.sync + 1 } })
    })
  })

  describe('Connection: close', () => {
    test('connections stay open until it is asked for; then those that are idle end, and each answer ends its own', async () => {
      const answering = Promise.withResolvers<void>()
      const asked = Promise.withResolvers<void>()
      serve = (request, response) => {
        if (request.url !== '/api/slow') return response.end('ok')
        asked.resolve()
        answering.promise.then(() => response.end('ok'))
      }
      await ask({ agent })
      expect(await ask({ agent })).toMatchObject({ reused: true })
      const busy = new Agent({ keepAlive: true })
      await ask({ agent: busy })
      const underWay = ask({ path: '/api/slow', agent: busy })
      await asked.promise
      const [idle] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])
      expect(idle?.destroyed).toBe(false)
      await edge.control({ action: 'connections.close', close: true })
      if (!idle!.destroyed) await once(idle!, 'close')
      answering.resolve()
      expect(await underWay).toMatchObject({ status: 200, reused: true, headers: { connection: 'close' } })
      busy.destroy()
      expect(await ask({ agent })).toMatchObject({ reused: false, headers: { connection: 'close' } })
      expect(await ask({ agent })).toMatchObject({ reused: false, headers: { connection: 'close' } })
      const blocked = await ask({ path: '/api/services?q=1+union+all+select+1', agent })
      expect(blocked).toMatchObject({ status: 403, headers: { connection: 'close' } })
      await edge.control({ action: 'connections.close', close: false })
      await ask({ agent })
      expect(await ask({ agent })).toMatchObject({ reused: true })
    })

    test('a client\'s own wish to close is its own: the portal\'s connection is kept', async () => {
      const seen = new Set<unknown>()
      serve = (request, response) => { seen.add(request.socket); response.end('ok') }
      // A firewall of several workers has a connection to the portal for each.
      for (let n = 0; n < 12; n += 1) await ask({ headers: { connection: 'close' } })
      expect(seen.size).toBeLessThanOrEqual(3)
    })
  })

  test.each(['GET http://elsewhere/ HTTP/1.1', 'OPTIONS * HTTP/1.1'])('%s is no request for a portal: 400', async (line) => {
    const socket = connect(edge.port, edge.host)
    socket.write(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*REQUEST_INVALID/su)
    expect(await rows(1)).toMatchObject([{ status: '400' }])
  })

  test('two requests written at once on one connection are answered in order', async () => {
    serve = (request, response) => { response.end(`<${request.url}>`) }
    const socket = connect(edge.port, edge.host)
    socket.write('GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect((await text(socket)).match(/<.*?>/gu)).toEqual(['</1>', '</2>'])
    await rows(2)
  })
}

function counts(rows: readonly EvidenceRow[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const { key } of rows) all[key.split('/')[0]!] = (all[key.split('/')[0]!] ?? 0) + 1
  return all
}
