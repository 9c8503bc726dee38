/** Systems that are right but for what stands in their answers: a field missing, of another type, a list of nulls, another body altogether. No check may fail over it itself, and none may take nothing for the same as nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fixture } from '../../conform/fixture.ts'
import { conform, openReceiver } from '../../conform/index.ts'
import { jsonOf, resaid, signerWith, startProxy, type Hooks } from '../../conform/nonconformities/proxy.ts'
import { startReference, type Reference } from './reference.ts'

const WAITS = { answerMs: 20_000, callbackMs: 1_500, retryMs: 1_500, quietMs: 100, qrLifeMs: 300 }

async function against(role: string, hooks: (sign: (body: string) => string) => Hooks, running?: Reference) {
  const receiver = await openReceiver(Fixture.parse({}))
  const proxy = await startProxy(receiver.url)
  const reference = running ?? await startReference(role, { url: proxy.outside }, { publicUrl: proxy.url })
  proxy.forwardTo(reference.url)
  const fixture = Fixture.parse({ rateCap: 1_000, waits: WAITS, deadlines: { checkMs: 100_000, runMs: 110_000 }, ...reference.fixture })
  proxy.break(hooks(signerWith(((fixture.keys.system ?? fixture.keys.caller) as { value: string }).value)))
  try {
    return (await conform({ role, url: proxy.url, fixture, env: {}, receiver, nowMs: reference.nowMs, runId: Math.random().toString(36).slice(2, 8) })).outcomes
  } finally {
    await proxy.close()
    if (!running) await reference.close()
    await receiver.close()
  }
}

/** Numbers in [0, 1) that are the same for the same seed. */
function drawn(seed: number): () => number {
  let state = seed
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5 | 0
    return (state >>> 0) / 0x1_0000_0000
  }
}

const STRANGE: readonly unknown[] = [null, 0, -1, 1e300, '', 'x', true, [], {}, [null], [{}], { a: null }, 'ừ'.repeat(50)]

/** One place in it is another, or gone. */
function garbled(value: unknown, draw: () => number): unknown {
  const strange = STRANGE[Math.floor(draw() * STRANGE.length)]
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0 || draw() < 0.2) return strange
  const names = Object.keys(value)
  const name = names[Math.floor(draw() * names.length)]!
  if (Array.isArray(value)) return value.with(Number(name), garbled(value[Number(name)], draw))
  if (draw() < 0.2) return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
  return { ...value, [name]: garbled((value as Record<string, unknown>)[name], draw) }
}

const garbling = (draw: () => number) => (sign: (body: string) => string): Hooks => ({
  answered: (reply) => jsonOf(reply.body) === undefined || draw() < 0.75 ? reply : { ...reply, body: JSON.stringify(garbled(jsonOf(reply.body), draw)) },
  told: (message, send) => send(jsonOf(message.body) === undefined || draw() < 0.75 ? message : resaid(message, sign, (json) => garbled(json, draw))),
})

describe.concurrent('a system whose answers are garbled', () => {
  it.each(['sms', 'bank', 'province', 'vneid'].flatMap((role) => [1, 2, 3].map((seed) => [role, seed] as const)))('%s, drawn by %i', async (role, seed) => {
    const outcomes = await against(role, garbling(drawn(seed * 7_919)))
    expect(outcomes.filter(({ outcome }) => outcome === 'faulted').map(({ id, why }) => [id, why?.en.slice(0, 400)])).toEqual([])
    expect(outcomes.filter(({ outcome }) => outcome === 'broken').length).toBeGreaterThan(2)
  }, 180_000)
})

describe('a portal whose answers are garbled', () => {
  let portal: Reference
  beforeAll(async () => { portal = await startReference('portal', { url: 'http://127.0.0.1:9' }) }, 120_000)
  afterAll(async () => portal?.close())
  it.each([1, 2, 3])('drawn by %i', async (seed) => {
    const outcomes = await against('portal', garbling(drawn(seed * 104_729)), portal)
    expect(outcomes.filter(({ outcome }) => outcome === 'faulted').map(({ id, why }) => [id, why?.en.slice(0, 400)])).toEqual([])
    expect(outcomes.filter(({ outcome }) => outcome === 'broken').length).toBeGreaterThan(2)
  }, 180_000)
})

describe.concurrent('a system that leaves out what is compared', () => {
  const without = (...names: string[]): Hooks => ({
    answered: (reply) => {
      const json = jsonOf(reply.body)
      return typeof json !== 'object' || json === null || json.error ? reply : { ...reply, body: JSON.stringify(Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)))) }
    },
  })
  it.each<[string, string[], string[]]>([
    ['sms', ['gatewayId', 'status'], ['sms.send.idempotent', 'sms.send.distinct', 'sms.state', 'sms.receipt']],
    ['bank', ['qr'], ['bank.qr.idempotent', 'bank.qr.emvco', 'bank.scan.once']],
    ['bank', ['bankReference', 'paidAt'], ['bank.scan.once', 'bank.credits', 'bank.callback', 'bank.callback.time', 'bank.statement.day']],
    ['bank', ['entries', 'totals', 'next'], ['bank.statement.complete', 'bank.statement.unpaid', 'bank.statement.totals', 'bank.statement.pages', 'bank.statement.day']],
    ['province', ['dossiers'], ['dossier.list.pages', 'dossier.list.span']],
    ['province', ['next'], ['dossier.list.pages']],
    ['province', ['attachmentId', 'attachments'], ['dossier.files.small', 'dossier.files.large', 'dossier.files.sum', 'dossier.files.idempotent', 'dossier.supplement.text']],
    ['province', ['dossierCode'], ['dossier.own-service.idempotent', 'dossier.forwarded.held']],
    ['vneid', ['sub'], ['vneid.id-token.subject']],
    ['vneid', ['keys'], ['vneid.jwks', 'vneid.id-token.signature']],
  ])('%s without %j', async (role, names, broken) => {
    const outcomes = await against(role, () => without(...names))
    expect(outcomes.filter(({ outcome }) => outcome === 'faulted').map(({ id, why }) => [id, why?.en.slice(0, 400)])).toEqual([])
    expect(broken.filter((id) => outcomes.find((one) => one.id === id)?.outcome !== 'broken')).toEqual([])
  }, 180_000)

  it('province with a list that never ends', async () => {
    const outcomes = await against('province', () => ({ answered: (reply, message) => /^\/v1\/dossiers\?.*after=[^&]/.test(message.path) && reply.status === 200 ? { ...reply, body: JSON.stringify({ ...jsonOf(reply.body), dossiers: [], next: '1' }) } : reply }))
    expect(outcomes.find(({ id }) => id === 'dossier.list.pages')?.outcome).toBe('broken')
  }, 180_000)
})
