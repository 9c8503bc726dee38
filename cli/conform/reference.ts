/**
 * The product's own partner of a role, served on a free port of 127.0.0.1 and wired to the receiver of a conformance run: shows a vendor what a run against
 * a conforming system looks like, and proves that the checks and the simulators agree.
 */
import type { Receiver } from '../../conform/receiver.ts'
import { freePort } from '../../contracts/free-port.ts'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { BANKS } from '../../contracts/reference/banks.ts'
import { bankSimulator } from '../../mocks/banks/simulator.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { dossierSystemSimulator } from '../../mocks/dossier-system/simulator.ts'
import { startFastServer, stopServer } from '../../mocks/server/fast-server.ts'
import type { Simulator } from '../../mocks/simulator.ts'
import { smsSimulator } from '../../mocks/sms/simulator.ts'
import { makeSigningKey } from '../../mocks/vneid/keys.ts'
import { vneidSimulator } from '../../mocks/vneid/simulator.ts'
import { createWorld, type World } from '../../mocks/world.ts'
import { unitOf } from './default-fixture.ts'
import { startReferencePortal } from './reference-portal.ts'

export type Reference = { url: string; /** What the fixture must say for it. */ fixture: Record<string, unknown>; /** Its clock, where that is not the wall's. */ nowMs?: () => number; close: () => Promise<void> }

const KEY = 'key-of-the-reference'
const SECRET = 'secret-of-the-reference'
const CALLBACK = 'http://portal.dvcqg.test/auth/callback'
const AFTERWARDS = 'http://portal.dvcqg.test/'
const DAY_MS = 86_400_000
const HANOI_MS = 7 * 3_600_000
const QUICK_RETRY = { firstRetryMs: 20, capMs: 200 }

type Made = { simulator: Simulator; fixture?: Record<string, unknown> }
type Make = (world: World, url: string, receiver: Pick<Receiver, 'url'>) => Made | Promise<Made>

/** A ministry's or a province's own system, connected with the receiver as with its portal. */
function dossierSystem(partnerId: string): Make {
  return (world, _url, receiver) => {
    const partner = partnerOf(partnerId)
    const { id, unitCode } = partner
    const simulator = dossierSystemSimulator(`partner-${id}`, { world, unitCode, firstRetryMs: 20, push: { partnerId: id, key: KEY, portalSyncUrl: receiver.url } })
    simulator.control!({ action: 'connect', connected: true })
    return { simulator, fixture: { receiver: { portal: true }, unit: unitOf(partner) } }
  }
}

const MAKERS: Readonly<Record<string, Make>> = {
  ministry: dossierSystem('justice'),
  province: dossierSystem('ha-noi'),
  ...Object.fromEntries(BANKS.map((row, index): [string, Make] => [index === 0 ? 'bank' : `bank:${row.id}`, (world) => ({
    simulator: bankSimulator({ world, row, retry: QUICK_RETRY }),
    fixture: { account: { number: '9990001234', name: 'Kho bạc thử nghiệm', ...(row.kind === 'treasury' && { budget: { chapter: '018', subItem: '2716', budgetUnit: '9900001' } }) } },
  })])),
  vneid: async (world, url, receiver) => ({
    simulator: vneidSimulator({
      world, issuer: url, key: await makeSigningKey(), retry: QUICK_RETRY,
      client: { clientId: 'portal', clientSecret: SECRET, redirectUris: [CALLBACK], postLogoutRedirectUris: [AFTERWARDS], backChannelLogoutUri: `${receiver.url}/back-channel` },
    }),
    fixture: { client: { id: 'portal', secret: { value: SECRET }, redirectUri: CALLBACK, postLogoutRedirectUri: AFTERWARDS, backChannel: true } },
  }),
  sms: (world) => ({ simulator: smsSimulator({ world, deliveryMs: [5, 50], retry: QUICK_RETRY }) }),
}
/** Roles of the command line, some with a variant after a colon. */
export const REFERENCES: readonly string[] = [...Object.keys(MAKERS), 'portal']

/** `publicUrl`: as its callers know it, where something stands in front of it. `profile`: how it speaks, where not by canonical names. */
export async function startReference(reference: string, receiver: Pick<Receiver, 'url'>, { publicUrl, profile }: { publicUrl?: string; profile?: ContractProfile | undefined } = {}): Promise<Reference> {
  if (reference === 'portal') return startReferencePortal()
  const startedAtMs = Date.now()
  // For banks half past midnight in Viet Nam, the day before in UTC: a statement's day of the wrong time zone shows at no other time.
  const scenarioStartMs = reference.startsWith('bank') ? Math.floor((startedAtMs + HANOI_MS) / DAY_MS) * DAY_MS - HANOI_MS + DAY_MS / 48 : startedAtMs
  const world = createWorld({ seed: 1, contractProfile: profile, scenarioStartMs, keys: Object.fromEntries(['sms', ...BANKS.map(({ id }) => id), 'partner-ha-noi', 'partner-justice', 'civil-status'].map((id) => [id, KEY])) })
  world.setClock({ startedAtMs, timeScale: 1, scenarioStartMs })
  // An issuer's address stands in what it answers, so it must be known before it listens.
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { simulator, fixture } = await MAKERS[reference]!(world, publicUrl ?? url, receiver)
  const server = await startFastServer(simulator.endpoint, { host: '127.0.0.1', port })
  return {
    url, fixture: { keys: { system: { value: KEY }, caller: { value: KEY }, specialised: { value: KEY } }, ...fixture },
    nowMs: () => scenarioStartMs + Date.now() - startedAtMs,
    close: async () => { await stopServer(server); await simulator.close() },
  }
}
