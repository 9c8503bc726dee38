/** The product's own partners hold every requirement, and every one can be tried on them. */
import { afterEach, describe, expect, it } from 'vitest'
import { conform, openReceiver } from '../../conform/index.ts'
import { Fixture } from '../../conform/fixture.ts'
import type { Receiver } from '../../conform/receiver.ts'
import { REFERENCES, startReference, type Reference } from './reference.ts'

let receiver: Receiver
let reference: Reference
afterEach(async () => { await reference.close(); await receiver.close() })

describe('the reference conforms', () => {
  it.each(REFERENCES)('%s', async (role) => {
    receiver = await openReceiver(Fixture.parse({}))
    reference = await startReference(role, receiver)
    const { outcomes } = await conform({ role: role.split(':')[0]!, url: reference.url, fixture: Fixture.parse({ rateCap: 500, ...reference.fixture }), env: {}, receiver, runId: 'test' })
    const notHeld = outcomes.filter(({ outcome }) => outcome !== 'held').map(({ id, outcome, expected, observed, why, exchange }) => ({ id, outcome, expected: expected?.en, observed: observed?.en, why: why?.en, body: exchange?.body?.slice(0, 300), answer: exchange?.answer }))
    expect(notHeld).toEqual([])
    expect(outcomes.length).toBeGreaterThan(10)
  })
})
