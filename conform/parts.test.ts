/** The parts around the checks: allow-list, rate cap, deadlines, blotted secrets, the receiver, the smallest request. */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isAllowed } from './allow-list.ts'
import { createClient, shownExchange, type Client, type Exchange } from './exchange.ts'
import { deadlinesOf, Fixture, missingSecrets } from './fixture.ts'
import { missingNeed, NEEDS } from './needs.ts'
import { startReceiver } from './receiver.ts'
import { shrink, smaller } from './shrink.ts'

describe('the allow-list', () => {
  it.each([
    ['127.0.0.1', true], ['127.9.9.9', true], ['::1', true], ['[::1]', true], ['localhost', true], ['10.0.0.1', false], ['example.test', false], ['127.0.0.1.example.test', false], ['::ffff:10.0.0.1', false],
  ])('%s by default: %s', (host, allowed) => expect(isAllowed(host, Fixture.parse({}).allow)).toBe(allowed))
  it.each(['10.0.0.0/99', '10.0.0.0/x', 'https://bank.test', 'bank.test/api', 'fd00::/200'])('%s is no entry', (entry) => expect(Fixture.safeParse({ allow: [entry] }).success).toBe(false))
  it('knows names, addresses and blocks', () => {
    const { allow } = Fixture.parse({ allow: ['bank.test', '10.1.0.0/16', '192.0.2.7', 'fd00::/8'] })
    expect(['bank.test', '10.1.255.1', '192.0.2.7', '10.2.0.1', 'xbank.test', '192.0.2.8'].map((host) => isAllowed(host, allow))).toEqual([true, true, true, false, false, false])
  })
})

describe('the client', () => {
  let server: Server
  let client: Client
  afterEach(async () => { await client.close(); server?.close(); server?.closeAllConnections() })
  async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
    server = createServer(answer!).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const open = (changes = {}) => client = createClient({ allow: ['127.0.0.0/8'], rateCap: 1_000, answerMs: 5_000, ...changes })
  const get = (url: string, timeoutMs?: number) => client.send('x', { method: 'GET', url, headers: {}, body: undefined }, { timeoutMs })

  it('sends nothing to a host that is not allowed', async () => {
    open()
    await expect(get('http://192.0.2.1/')).rejects.toThrow('CONFORM_HOST_NOT_ALLOWED')
    expect(client.sent()).toBe(0)
  })
  it('tells a time-out and a broken connection from an answer', async () => {
    let asked = 0
    const url = await serve((request) => { asked += 1; if (asked === 2) request.socket.destroy() })
    open()
    expect(await get(url, 50)).toMatchObject({ status: null, error: 'time-out after 50 ms' })
    expect(await get(url)).toMatchObject({ status: null, error: 'UND_ERR_SOCKET' })
  })
  it('breaks off an answer that drips for ever, and one that has no end', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const piece = request.url === '/drip' ? ' ' : 'x'.repeat(1024 * 1024)
      const timer = setInterval(() => { if (!response.writableNeedDrain) response.write(piece) }, 1)
      response.on('close', () => clearInterval(timer))
    })
    open()
    expect(await get(`${url}/drip`, 150)).toMatchObject({ status: null, error: 'time-out after 150 ms' })
    expect(await get(`${url}/flood`)).toMatchObject({ status: null, error: 'the answer has more than 16 MiB', text: '' })
  })
  it('keeps to the rate cap', async () => {
    const at: number[] = []
    const url = await serve((_request, response) => { at.push(performance.now()); response.end('{}') })
    open({ rateCap: 50 })
    const began = performance.now()
    await Promise.all(Array.from({ length: 6 }, () => get(url)))
    // Five intervals of 20 ms lie between six requests, however slow the machine is.
    expect(at.at(-1)! - began).toBeGreaterThanOrEqual(99)
  })
  it('does not follow a redirect to anywhere', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end())
    open()
    expect(await get(url)).toMatchObject({ status: 302, headers: { location: 'http://192.0.2.1/' } })
  })
})

it('what is shown of an exchange has no secrets', () => {
  const exchange = {
    operation: 'token', request: { method: 'POST', url: 'http://h/x?code=abc&state=s', headers: { 'cookie': 'sid=1', 'authorization': 'Basic xyz', 'x-key': 'from-the-environment', 'x-op': 'o' }, body: 'grant_type=a&client_secret=s3cret&code=abc' },
    status: 200, headers: {}, text: '{"id_token":"e.y.J","name":"n","note":"from-the-environment"}', json: {}, code: null, error: null, tookMs: 1,
  } satisfies Exchange
  const shown = JSON.stringify(shownExchange(exchange, ['from-the-environment']))
  for (const secret of ['sid=1', 'xyz', 's3cret', 'abc', 'e.y.J', 'from-the-environment']) expect(shown).not.toContain(secret)
  for (const kept of ['state=s', '"x-op":"o"', 'grant_type=a', 'name']) expect(shown).toContain(kept)
})

describe('the receiver', () => {
  it('gives each inbox its own, treats by script, keeps what nobody wants as stray', async () => {
    const receiver = await startReceiver({ host: '127.0.0.1', port: 0, fallback: () => ({ status: 201, body: { result: 'created' } }) })
    try {
      const scripted = receiver.inbox({ treat: (nth) => nth === 1 ? { status: 500 } : nth === 2 ? 'reset' : { status: 200 } })
      const byContent = receiver.inbox({ takes: ({ body }) => body.includes('mine') })
      const post = (url: string, body: string) => fetch(url, { method: 'POST', body }).then(({ status }) => status, () => 'broken')
      expect([await post(scripted.url, 'a'), await post(scripted.url, 'b'), await post(scripted.url, 'c')]).toEqual([500, 'broken', 200])
      expect(await post(`${receiver.url}/sync`, 'mine')).toBe(201)
      expect(await post(`${receiver.url}/sync`, 'other')).toBe(201)
      expect([scripted.received.length, byContent.received.length, receiver.strays.map(({ body }) => body)]).toEqual([3, 1, ['other']])
      expect([await scripted.arrived(3, 1), await scripted.arrived(4, 5)]).toEqual([true, false])
    } finally { await receiver.close() }
  })
})

it('the receiver keeps no body without end, and goes on', async () => {
  const receiver = await startReceiver({ host: '127.0.0.1', port: 0, fallback: () => ({ status: 200 }) })
  try {
    const inbox = receiver.inbox()
    await expect(fetch(inbox.url, { method: 'POST', body: 'x'.repeat(9 * 1024 * 1024) })).rejects.toThrow()
    expect((await fetch(inbox.url, { method: 'POST', body: 'a' })).status).toBe(200)
    expect(inbox.received.map(({ body }) => body)).toEqual(['a'])
  } finally { await receiver.close() }
})

describe('the smallest request', () => {
  it('is found by dropping and shortening while the failure shows, within a bound', async () => {
    let asked = 0
    const smallest = await shrink({
      input: { id: 'tdc-1', text: 'a text that is much too long', note: 'dropped', list: [1, 2, 3] },
      again: async (input: any) => { asked += 1; return typeof input.text === 'string' ? { input } as Exchange : undefined },
    })
    expect(smallest?.input).toEqual({ text: 'a text ' })
    expect(asked).toBeLessThanOrEqual(14)
  })
  it('is none where nothing smaller shows it', async () => expect(await shrink({ input: { a: 1 }, again: async () => undefined })).toBeUndefined())
  it('leaves addresses, identifiers and numbers as they are', () => expect([...smaller({ url: 'http://127.0.0.1:1/xxxxxxxxx', id: 'tdc-abcdefghij', day: '2026-04-10 10:00' })]).toHaveLength(3))
})

describe('the fixture', () => {
  it.each([
    [{}, { checkMs: 30_000, runMs: 50_000 }],
    [{ waits: { retryMs: 60_000 } }, { checkMs: 69_200, runMs: 89_200 }],
    [{ waits: { retryMs: 60_000 }, deadlines: { runMs: 40_000 } }, { checkMs: 69_200, runMs: 40_000 }],
    [{ deadlines: { checkMs: 5_000 } }, { checkMs: 5_000, runMs: 50_000 }],
  ])('gives as much time as its waits want, and a run of one minute as a rule: %j', (said, expected) => expect(deadlinesOf(Fixture.parse(said))).toEqual(expected))
  it('says which secrets the environment lacks', () => {
    const fixture = Fixture.parse({ keys: { system: { env: 'SYSTEM_KEY' }, caller: { value: 'x' } }, client: { id: 'p', secret: { env: 'CLIENT_SECRET' }, redirectUri: 'http://p.test/cb' } })
    expect(missingSecrets(fixture, { SYSTEM_KEY: 'k' })).toEqual([{ variable: 'CLIENT_SECRET', place: 'client.secret' }])
  })
  it('meets no need that it does not hold', () => {
    const bare = Fixture.parse({ receiver: { reachable: false }, citizens: [], triggers: { scan: false, ownService: false, login: false } })
    expect(Object.keys(NEEDS).filter((need) => missingNeed([need as keyof typeof NEEDS], bare) === undefined)).toEqual([])
    expect(missingNeed(['portal'], Fixture.parse({ receiver: { port: 7_400 } }))).toBeUndefined()
  })
})
