import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBusinessServer, type BusinessServer } from './business-server.ts'
import { CallFailed, CallTimedOut, createHttpClient, type HttpClient } from './http-client.ts'
import { holdScenarioClock } from './scenario-clock-holder.ts'
import { parseBody, ServiceError } from './service-error.ts'
import { freeHost } from './test-bench.ts'

let server: BusinessServer
let http: HttpClient
let url: string
let release: () => void
let entered: Promise<void>

beforeEach(async () => {
  server = createBusinessServer({ servedBy: 'portal', mode: 'open' })
  http = createHttpClient()
  const gate = Promise.withResolvers<void>()
  const entry = Promise.withResolvers<void>()
  release = gate.resolve
  entered = entry.promise
  server.app.get('/slow', async () => {
    entry.resolve()
    await gate.promise
    return { done: true }
  })
  server.app.get('/text', async (_request, reply) => reply.type('text/plain').send('no JSON'))
  server.app.get('/refused', async () => { throw new ServiceError(409, 'TAKEN', 'it is taken') })
  server.app.get('/mode', async () => ({ mode: server.mode() }))
  server.app.post('/body', async ({ body }) => parseBody(z.strictObject({ texts: z.array(z.string()) }), body))
  url = await server.app.listen({ host: freeHost(), port: 0 })
})
afterEach(async () => {
  release()
  await http.close()
  await server.app.close()
})

describe('a business server', () => {
  it('changes its mode only when what began before is answered', async () => {
    const slow = http.get(`${url}/slow`, 5_000)
    await entered
    let changed = false
    const change = server.setMode('closed').then(() => { changed = true })
    expect((await http.get(`${url}/mode`, 5_000)).body).toEqual({ mode: 'closed' })
    expect(changed).toBe(false)
    release()
    await change
    expect((await slow).body).toEqual({ done: true })
    await server.setMode('closed')
  })
  it('does not wait for a client that went away', async () => {
    const slow = http.get(`${url}/slow`, 200)
    await entered
    await expect(slow).rejects.toBeInstanceOf(CallTimedOut)
    await server.setMode('closed')
  })
  it('counts its answers', async () => {
    for (let n = 0; n < 3; n += 1) await http.get(`${url}/mode`, 5_000)
    await server.setMode('closed')
    expect(server.served()).toBe(3)
  })
  it('under a limit works off at its rate, lets wait, and refuses what would wait too long, until it is taken away', async () => {
    expect(server.limit({ action: 'mode', mode: 'open' })).toBeUndefined()
    expect(server.limit({ action: 'limit', requestsPerSecond: 2, queueMs: 700 })).toEqual({ limited: 0 })
    const began = performance.now()
    const answers = await Promise.all(Array.from({ length: 6 }, () => http.get(`${url}/mode`, 5_000)))
    expect(performance.now() - began).toBeGreaterThanOrEqual(495)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThanOrEqual(4)
    for (const answer of refused) expect(answer).toMatchObject({ status: 503, body: { error: { code: 'OVERLOADED' } } })
    expect(server.limited()).toBeGreaterThan(refused.length)
    server.limit({ action: 'limit', queueMs: 0 })
    expect((await http.get(`${url}/mode`, 5_000)).status).toBe(200)
  })
  it('answers errors in the house\'s form', async () => {
    expect(await http.get(`${url}/refused`, 5_000)).toMatchObject({ status: 409, body: { error: { code: 'TAKEN', message: 'it is taken' } } })
    expect(await http.get(`${url}/nowhere`, 5_000)).toMatchObject({ status: 404, body: { error: { code: 'ROUTE_UNKNOWN' } } })
    expect(await http.postJson(`${url}/body`, { texts: ['a', 1], more: 1 }, 5_000)).toMatchObject({ status: 400, body: { error: { code: 'BODY_INVALID', message: expect.stringContaining('texts.1') } } })
    expect(await http.postJson(`${url}/body`, { texts: ['a', 'b\u0000'] }, 5_000)).toMatchObject({ status: 400 })
    expect(await http.postJson(`${url}/body`, { texts: ['đ'] }, 5_000)).toMatchObject({ status: 200, body: { texts: ['đ'] } })
  })
})

describe('a call', () => {
  it('without an answer in time is timed out, without an answer at all has failed', async () => {
    await expect(http.get(`${url}/slow`, 100)).rejects.toBeInstanceOf(CallTimedOut)
    await expect(http.get(`http://${freeHost()}:8080/`, 5_000)).rejects.toBeInstanceOf(CallFailed)
  })
  it('whose body is no JSON has none', async () => { expect(await http.get(`${url}/text`, 5_000)).toEqual({ status: 200, body: undefined, location: undefined }) })
})

describe('the scenario clock', () => {
  it('stands until the run begins, then runs by its scale', () => {
    let wall = 1_000_000
    const clock = holdScenarioClock({ timeScale: 140, scenarioStartMs: 5_000 }, () => wall)
    expect(clock.now()).toBe(5_000)
    wall += 1_000
    expect(clock.now()).toBe(5_000)
    clock.set({ action: 'clock', startedAtMs: wall + 500, timeScale: 100, scenarioStartMs: 7_000 })
    expect(clock.now()).toBe(7_000)
    wall += 1_500
    expect(clock.now()).toBe(107_000)
    expect(clock.timeScale()).toBe(100)
  })
})
