/**
 * What keeps the load generator to what a target allows, in k6 itself and whatever the harness has looked at before: hosts, rate, credentials, pseudonyms; and
 * the kill switch. Real k6, real sockets; a counting server is the witness.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Target } from '../contracts/target.ts'
import { pseudonymFor } from './playground/pseudonym.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'
import { smallPlan, TARGET } from './playground/plan.ts'
import { setStage, type Stage } from './playground/play.ts'
import type { K6Start } from './run-k6.ts'

const PUSHES = [{ name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner' as const, phase: 'sync', from: '21:00', to: '22:00', wave: 1 }]
const PARTNERS = ['justice', 'health', 'ca-mau']
/** Of every wave of pushes. */
const COUNT = 47

const cleanUps: (() => unknown)[] = []
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp() })

type Witness = { url: string; arrivals: { at: number; headers: IncomingMessage['headers'] }[] }

async function witnessAt(host: string, answerAfterMs = 0): Promise<Witness> {
  const arrivals: Witness['arrivals'] = []
  const server = createServer((request, response) => {
    arrivals.push({ at: Date.now(), headers: request.headers })
    request.resume()
    setTimeout(() => response.writeHead(201, { 'content-type': 'application/json' }).end('{"sync":"acknowledged","portalStatus":201,"errorCode":null,"message":null}'), answerAfterMs)
  }).listen(0, host)
  await once(server, 'listening')
  cleanUps.push(() => { server.closeAllConnections(); server.close() })
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, arrivals }
}

async function play(url: string, target: Partial<Target>, changes: Partial<K6Start> = {}, scenarios = PUSHES): Promise<Stage> {
  const systems = PARTNERS.map((id) => ({ id: `partner-${id}`, role: 'partner' as const, mode: 'real' as const, url, unit: 'partner' }))
  const stage = await setStage(smallPlan({ ...TARGET, ...target, systems: [...TARGET.systems, ...systems] }, { scenarios }), changes)
  cleanUps.push(() => stage.remove())
  cleanUps.push(() => stage.run.kill())
  await stage.run.started
  return stage
}

describe.skipIf(!k6Path)(`k6's own walls${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  test('nothing arrives at a host that the allow-list does not name, though the plan leads there; the lines say so', async () => {
    const outside = await witnessAt('127.0.7.1')
    const stage = await play(outside.url, { kind: 'foreign', allow: ['10.20.0.0/16'] })
    const end = await stage.run.finished
    expect(end.summary?.history_lines).toBe(COUNT)
    expect(outside.arrivals).toEqual([])
    for (const line of await stage.history()) expect(line).toMatchObject({ outcome: 'info', error: expect.stringContaining('blacklist') })
  })

  test('a name leads only to the addresses that it had when the run was planned', async () => {
    // 127.0.0.1 is where the harness itself is asked for leave, so that it is never forbidden; another address is.
    const outside = await witnessAt('127.0.7.2')
    const stage = await play(outside.url, { kind: 'foreign', allow: ['staging.test'], pinned: { 'staging.test': ['127.0.7.3'] } })
    await stage.run.finished
    expect(outside.arrivals).toEqual([])
    const allowed = await play(outside.url, { kind: 'foreign', allow: ['staging.test'], pinned: { 'staging.test': ['127.0.7.2'] } })
    await allowed.run.finished
    expect(outside.arrivals).toHaveLength(COUNT)
  })

  test('the rate of the target is kept, whatever the plan asks for', async () => {
    const there = await witnessAt('127.0.7.4')
    const stage = await play(there.url, { allow: ['127.0.0.0/8'], may: { write: true, control: false, faults: [], ratePerSecond: 12 } })
    await stage.run.finished
    expect(there.arrivals).toHaveLength(COUNT)
    const times = there.arrivals.map(({ at }) => at)
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length))
    // 47 in one second were planned. One more than the rate may fall into a second that is cut anywhere.
    expect(most).toBeLessThanOrEqual(14)
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(3_000)
  })

  test('credentials go to the system that they are of, and people are pseudonyms in the history, the same that readers make', async () => {
    const there = await witnessAt('127.0.7.5')
    const stage = await play(there.url, { allow: ['127.0.0.0/8'] }, { environment: { CREDENTIALS: JSON.stringify({ 'partner-justice': { 'x-api-key': 'canary-key' } }), PSEUDONYM_KEY: 'run-key' } })
    await stage.run.finished
    const keys = Map.groupBy(there.arrivals, ({ headers }) => headers['x-api-key'] ?? 'none')
    expect(keys.get('canary-key')).toHaveLength(30)
    expect(keys.get('none')).toHaveLength(17)
    const lines = await stage.history()
    expect(JSON.stringify(lines)).not.toMatch(/Người Thử|canary/)
    const names = lines.map(({ fields }) => String(fields!['applicantName']))
    expect(new Set(names.map((name) => /^p-[0-9a-f]{24}$/.test(name)))).toEqual(new Set([true]))
    const plain = await play(there.url, { allow: ['127.0.0.0/8'] })
    await plain.run.finished
    const byOp = new Map((await plain.history()).map((line) => [line.op, String(line.fields!['applicantName'])]))
    for (const { op, fields } of lines) expect(fields!['applicantName']).toBe(pseudonymFor('run-key', byOp.get(op)!))
  })
})

describe.skipIf(!k6Path)(`the kill switch${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  test('no request arrives later than two seconds after it, though many are under way and many are still planned', async () => {
    const there = await witnessAt('127.0.7.6', 3_000)
    const stage = await play(there.url, { allow: ['127.0.0.0/8'] }, {}, [{ ...PUSHES[0]!, to: '03:00' }])
    while (there.arrivals.length < 8) await new Promise((look) => { setTimeout(look, 10) })
    const killedAt = Date.now()
    stage.run.kill()
    const end = await stage.run.finished
    expect(Date.now() - killedAt).toBeLessThan(2_000)
    expect(end).toMatchObject({ signal: 'SIGKILL', summary: null })
    // As long as the load would still have gone on.
    await new Promise((wait) => { setTimeout(wait, 4_000) })
    expect(there.arrivals.length).toBeLessThan(COUNT)
    expect(there.arrivals.at(-1)!.at - killedAt).toBeLessThan(2_000)
  })
})
