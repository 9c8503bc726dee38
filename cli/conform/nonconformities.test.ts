/** Each planted nonconformity is named by the requirements that it breaks, with expectation, observation, exchange and smallest request, and by no others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fixture } from '../../conform/fixture.ts'
import { conform, openReceiver } from '../../conform/index.ts'
import { NONCONFORMITIES } from '../../conform/nonconformities/index.ts'
import { signerWith, startProxy, type Nonconformity } from '../../conform/nonconformities/proxy.ts'
import { startReference, type Reference } from './reference.ts'

/** The reference answers and repeats within milliseconds; what never comes is waited for in vain. */
const WAITS = { answerMs: 30_000, callbackMs: 8_000, retryMs: 8_000, quietMs: 900, qrLifeMs: 1_500 }
const DEADLINES = { checkMs: 150_000, runMs: 170_000 }

async function brokenBy({ role, hooks }: Nonconformity, portal?: Reference) {
  const receiver = await openReceiver(Fixture.parse({}))
  const proxy = await startProxy(receiver.url)
  const reference = portal ?? await startReference(role, { url: proxy.outside }, { publicUrl: proxy.url })
  proxy.forwardTo(reference.url)
  const fixture = Fixture.parse({ rateCap: 500, waits: WAITS, deadlines: DEADLINES, ...reference.fixture })
  const key = (fixture.keys.system ?? fixture.keys.caller) as { value: string }
  proxy.break(await hooks({ sign: signerWith(key.value) }))
  try {
    const { outcomes } = await conform({ role, url: proxy.url, fixture, env: {}, receiver, nowMs: reference.nowMs, runId: Math.random().toString(36).slice(2, 8) })
    return outcomes.filter(({ outcome }) => outcome !== 'held')
  } finally {
    await proxy.close()
    if (!portal) await reference.close()
    await receiver.close()
  }
}

async function named(nonconformity: Nonconformity, portal?: Reference): Promise<void> {
  const broken = await brokenBy(nonconformity, portal)
  expect(broken.map(({ id }) => id).toSorted(), JSON.stringify(broken.map(({ id, outcome, expected, observed, why }) => [id, outcome, expected?.en, observed?.en, why?.en]))).toEqual(nonconformity.breaks.toSorted())
  for (const { outcome, expected, observed, exchange, smallest } of broken) {
    expect(outcome).toBe('broken')
    expect(expected?.vi && expected.en && observed?.vi).toBeTruthy()
    expect(exchange?.url && smallest?.url).toBeTruthy()
  }
}

it('there are at least 25, over every role', () => {
  expect(NONCONFORMITIES.length).toBeGreaterThanOrEqual(25)
  expect(new Set(NONCONFORMITIES.map(({ role }) => role)).size).toBe(5)
  expect(new Set(NONCONFORMITIES.map(({ id }) => id)).size).toBe(NONCONFORMITIES.length)
})

describe.concurrent('a partner', () => {
  it.each(NONCONFORMITIES.filter(({ role }) => role !== 'portal').map((one) => [one.id, one] as const))('%s', async (_id, one) => named(one), 180_000)
})

describe('the portal', () => {
  let portal: Reference
  beforeAll(async () => { portal = await startReference('portal', { url: 'http://127.0.0.1:9' }) })
  afterAll(async () => portal?.close())
  it.each(NONCONFORMITIES.filter(({ role }) => role === 'portal').map((one) => [one.id, one] as const))('%s', async (_id, one) => named(one, portal), 180_000)
})
