/** Systems that keep nothing of a contract are named so by nearly every requirement, whatever they answer: never a fault of the check, never a pass. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { CheckOutcome } from './driver.ts'
import { Fixture } from './fixture.ts'
import { conform, openReceiver } from './index.ts'
import { summarise } from './result.ts'

type Serve = (request: IncomingMessage, response: ServerResponse, body: string) => void
const SECRET = 'canary "key" with+marks'
const json = (response: ServerResponse, status: number, body: unknown, type = 'application/json') => { response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body)) }
const refusing = (status: number, code: string): Serve => (_request, response) => json(response, status, { error: { code, message: 'no' } })

async function against(role: string, serve: Serve, { changes = {}, only }: { changes?: object; only?: string[] } = {}) {
  const asked: { path: string; body: string }[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('error', () => {}).on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      const body = Buffer.concat(pieces).toString('utf8')
      asked.push({ path: request.url!, body })
      serve(request, response, body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver = await openReceiver(Fixture.parse({}))
  const key = { env: 'KEY' }
  const fixture = Fixture.parse({
    rateCap: 1_000, keys: { system: key, caller: key, specialised: key }, receiver: { portal: true }, waits: { answerMs: 2_000, callbackMs: 100, retryMs: 100, quietMs: 20, qrLifeMs: 50 },
    ...(role === 'portal' && { login: 'issuer' }), ...(role === 'vneid' && { client: { id: 'portal', secret: key, redirectUri: 'http://portal.test/cb', postLogoutRedirectUri: 'http://portal.test/', backChannel: true } }), ...changes,
  })
  try {
    const conformance = await conform({ role, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fixture, env: { KEY: SECRET }, receiver, runId: 'h0st1l', ...(only && { only }) })
    return { ...conformance, asked, summary: summarise(conformance.outcomes), of: (id: string): CheckOutcome => conformance.outcomes.find((one) => one.id === id)! }
  } finally {
    await receiver.close()
    server.closeAllConnections()
    server.close()
  }
}

describe.each(['sms', 'bank', 'province', 'vneid', 'portal'])('%s', (role) => {
  it.each<[string, Serve]>([
    ['answers {} to everything', (_request, response) => json(response, 200, {})],
    ['sends back what it is sent', (_request, response, body) => json(response, 200, body || '{}')],
    ['answers 500', (_request, response) => { response.writeHead(500).end('oops') }],
    ['closes connections', (request) => { request.socket.destroy() }],
    ['finds everything invalid', refusing(400, 'REQUEST_INVALID')],
    ['finds every signature wrong', refusing(401, 'SIGNATURE_INVALID')],
    ['answers a page', (_request, response) => json(response, 200, '<h1>Xin chào</h1>', 'text/html')],
  ])('%s', async (_, serve) => {
    const { summary, outcomes } = await against(role, serve)
    expect(summary.broken).toBeGreaterThan(15)
    expect(summary.score).toBeLessThan(30)
    expect(outcomes.filter(({ outcome }) => outcome === 'faulted').map(({ id, why }) => [id, why?.en])).toEqual([])
    expect(outcomes.filter(({ outcome, smallest }) => outcome === 'broken' && !smallest).map(({ id }) => id)).toEqual([])
  })
})

describe('a system that never ends its answers', () => {
  /** Headers at once, then a blank every few ms: each answer looks alive. */
  const dripping: Serve = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 5)
    response.on('close', () => clearInterval(timer))
  }
  it.each(['sms', 'bank', 'province', 'vneid', 'portal'])('%s: each check and the whole run end in their time, and say so', async (role) => {
    const began = performance.now()
    const { summary, outcomes, testData } = await against(role, dripping, { changes: { waits: { answerMs: 600_000, callbackMs: 600_000, retryMs: 600_000 }, deadlines: { checkMs: 200, runMs: 500 } } })
    expect(performance.now() - began).toBeLessThan(20_000)
    expect(summary).toMatchObject({ held: 0, broken: 0, faulted: 0, score: null })
    expect(summary.timedOut).toBeGreaterThan(15)
    const why = new Set(outcomes.flatMap(({ outcome, why }) => outcome === 'timed-out' ? why!.en : []))
    expect(why).toEqual(new Set(['the check did not end within 0.2 s', 'the run did not end within 0.5 s']))
    expect(outcomes.find(({ outcome, exchange }) => outcome === 'timed-out' && exchange?.error === 'broken off')).toBeDefined()
    // What was broken off may have been taken.
    if (role === 'sms') expect(testData.length).toBeGreaterThan(0)
  })
  it('what was tried before counts, and the smallest request is not looked for for ever', async () => {
    let asked = 0
    // Refuses the first and hangs on every smaller one.
    const { of, summary } = await against('sms', (request, response, body) => { asked += 1; if (asked === 1) refusing(400, 'REQUEST_INVALID')(request, response, body) }, { only: ['send.good'], changes: { waits: { answerMs: 600_000 }, deadlines: { checkMs: 400, runMs: 60_000 } } })
    expect(of('send.good')).toMatchObject({ outcome: 'broken', smallest: { status: 400 } })
    expect(summary).toMatchObject({ broken: 1, timedOut: 0 })
  })
})

const accepted: Serve = (request, response, body) => json(response, request.method === 'POST' ? 202 : 200, { messageId: JSON.parse(body || '{}').messageId, gatewayId: 'g', encoding: 'gsm-7', segments: 1, result: 'accepted' })

it('a JSON answer that is called something else is named', async () => {
  const { of } = await against('sms', (_request, response) => json(response, 400, { error: { code: 'REQUEST_INVALID', message: 'x' } }, 'text/plain'), { only: ['send.'] })
  expect(of('answers.send')).toMatchObject({ outcome: 'broken', observed: { en: expect.stringContaining('content-type is "text/plain"') } })
})

it('the smallest request is still one that the contract allows, where the refusal of such a one is the failure', async () => {
  const { of } = await against('sms', refusing(400, 'REQUEST_INVALID'), { only: ['send.good'] })
  const { exchange, smallest } = of('send.good')
  const sent = JSON.parse(smallest!.body!)
  for (const required of ['messageId', 'phone', 'text', 'reference', 'receiptUrl']) expect(sent).toHaveProperty(required)
  expect(sent.text.length).toBeLessThan(JSON.parse(exchange!.body!).text.length)
})

it('whatever was not refused is listed for cleaning up', async () => {
  const { asked, testData } = await against('sms', accepted, { only: ['send.', 'sms.send'] })
  const sent = asked.flatMap(({ body }) => /"messageId":"(tdc-[^"]+)"/.exec(body)?.[1] ?? [])
  expect(sent.length).toBeGreaterThan(10)
  expect([...new Set(sent)].filter((id) => !testData.some((one) => one.id === id))).toEqual([])
  expect((await against('sms', refusing(400, 'REQUEST_INVALID'), { only: ['send.malformed'] })).testData.map(({ check }) => check)).not.toContain('send.malformed')
})

it('no secret stands in what is kept, however the system echoes it', async () => {
  const forms = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), new URLSearchParams({ k: SECRET }).toString().slice(2), Buffer.from(SECRET).toString('base64')]
  for (const role of ['sms', 'province', 'vneid']) {
    const { outcomes, testData } = await against(role, (_request, response) => json(response, 200, { result: forms.join(' '), code: SECRET, error: { code: SECRET, message: SECRET }, loginUrl: SECRET, keys: SECRET }))
    const kept = JSON.stringify({ outcomes, testData })
    expect(kept).toContain('•••')
    for (const form of [...forms, JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)]) expect(kept).not.toContain(form)
  }
})

it('a redirect to a host that is not allowed is not followed; what lies behind it cannot be tried', async () => {
  const { of, summary } = await against('portal', (_request, response) => { response.writeHead(302, { location: 'http://192.0.2.1/authorize' }).end() }, { only: ['portal.login'] })
  expect(of('portal.login')).toMatchObject({ outcome: 'not-triggerable', why: { en: expect.stringContaining('192.0.2.1') } })
  expect(summary.faulted).toBe(0)
})

it('a requirement of which nothing can be asked does not hold', async () => {
  const { of } = await against('portal', refusing(401, 'LOGIN_REQUIRED'), { changes: { citizens: [Fixture.parse({}).citizens[4]!] }, only: ['portal.login'] })
  expect(of('portal.login').outcome).toBe('not-triggerable')
})
