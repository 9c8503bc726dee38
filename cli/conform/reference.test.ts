/** The product's own partners hold every requirement, and every one can be tried on them; also where an official guide has other paths, names, codes and signatures. */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Fixture } from '../../conform/fixture.ts'
import { requirementsOf, suiteOf } from '../../conform/checks/index.ts'
import { conform, openReceiver } from '../../conform/index.ts'
import type { Receiver } from '../../conform/receiver.ts'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { readContractProfile } from '../documents/contract-profile.ts'
import { testWorld } from '../testing/world.ts'
import { REFERENCES, startReference, type Reference } from './reference.ts'

/** A busy machine is no fault of the reference. */
const PATIENT = { answerMs: 40_000, callbackMs: 40_000, retryMs: 40_000 }
const DEADLINES = { checkMs: 300_000, runMs: 600_000 }

let receiver: Receiver
let reference: Reference
afterEach(async () => { await reference.close(); await receiver.close() })

async function notHeld(name: string, profile?: ContractProfile) {
  receiver = await openReceiver(Fixture.parse({}))
  reference = await startReference(name, receiver, { profile })
  const { outcomes } = await conform({ role: name.split(':')[0]!, url: reference.url, fixture: Fixture.parse({ rateCap: 500, waits: PATIENT, deadlines: DEADLINES, ...reference.fixture }), env: {}, receiver, runId: 'test', nowMs: reference.nowMs, profile, issuer: profile?.issuer })
  // The matrix holds a result against this list: a requirement that is left out would never be ready.
  const ids = outcomes.map(({ id }) => id)
  const { role } = suiteOf(name.split(':')[0]!)
  const wanted = requirementsOf({ role: name.split(':')[0]!, contract: { role: role.id, version: role.version, profile: profile?.name ?? null } })!.map(({ id }) => id)
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
  if (!profile) expect(ids.filter((id) => !wanted.includes(id))).toEqual([])
  expect(outcomes.length).toBeGreaterThan(10)
  return outcomes.filter(({ outcome }) => outcome !== 'held')
    .map(({ id, outcome, expected, observed, why, exchange }) => ({ id, outcome, expected: expected?.en, observed: observed?.en, why: why?.en, body: exchange?.body?.slice(0, 300), answer: exchange?.answer?.slice(0, 300) }))
}

describe('the reference conforms', () => {
  it.each(REFERENCES)('%s', async (name) => expect(await notHeld(name)).toEqual([]))
})

it('pushes can be triggered by any request of the system\'s own', async () => {
  receiver = await openReceiver(Fixture.parse({}))
  reference = await startReference('province', receiver)
  const fields = ['reference', 'dossierCode', 'procedureCode', 'applicantId', 'applicantName', 'applicantBirthDate', 'status', 'note'].map((name) => `"${name}":"{${name}}"`).join(',')
  const triggers = {
    pushDossier: { url: `${reference.url}/desk/dossiers`, body: `{${fields}}` },
    pushStatus: { url: `${reference.url}/desk/statuses`, body: '{"reference":"{reference}","dossierCode":"{dossierCode}","status":"{status}"}' },
  }
  const fixture = Fixture.parse({ rateCap: 500, waits: PATIENT, deadlines: DEADLINES, ...reference.fixture, triggers })
  const { outcomes } = await conform({ role: 'province', url: reference.url, fixture, env: {}, receiver, runId: 'test', only: ['dossier.push'] })
  expect(outcomes.filter(({ id, outcome }) => id.startsWith('dossier.') && outcome !== 'held').map(({ id, observed, why }) => [id, observed?.en, why?.en])).toEqual([])
})

describe('the reference conforms under another guide', () => {
  const { profile } = readContractProfile(join(testWorld().root, 'contracts/contract-profiles/assumed-guide.yaml'))
  it.each(['province', 'bank', 'bank:bank-treasury', 'sms'])('%s', async (name) => expect(await notHeld(name, profile)).toEqual([]))
})
