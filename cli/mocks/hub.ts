/**
 * Serves all chosen partners behind one address, each under its id (`/bank-vcb/v1/qr`), with the start page and what can be asked about them beside.
 * In: the wish of `tongduyet mocks`. Out: its address and something to close. The clock is the real one and can be moved; magic identifiers count.
 */
import type { AddressInfo } from 'node:net'
import { InputError } from '../../contracts/error.ts'
import type { BehavioursFile } from '../../contracts/partner-api/behaviours-file.ts'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { compileWires, type RoleWire } from '../../contracts/partner-api/wire.ts'
import type { VneidClient } from '../../contracts/process.ts'
import type { Language } from '../../contracts/text.ts'
import { makeSimulators, type MadeSimulators } from '../../mocks/make.ts'
import { SIMULATORS } from '../../mocks/registry.ts'
import type { Serving } from '../../mocks/server/fast-server.ts'
import { startFastServer, stopServer } from '../../mocks/server/fast-server.ts'
import { refusal } from '../../mocks/server/route.ts'
import type { Loaded } from '../documents/yaml-document.ts'
import { applyBehaviours } from './behaviours.ts'
import { createFront } from './front.ts'
import { createInbox } from './inbox.ts'
import { developmentKey, listingOf, nameOf, type Listed } from './listing.ts'

export type MocksWish = {
  partners: readonly string[]
  host: string; port: number
  /** As others see the address, where it is not host and port. */
  publicUrl?: string | undefined
  portalUrl?: string | undefined
  redirectUris: readonly string[]
  logoutUri?: string | undefined
  seed: number
  profile?: ContractProfile | undefined
  behaviours?: Loaded<BehavioursFile> | undefined
  language: Language
  /** For a whole request to come. */
  requestTimeoutMs?: number
  /** How many of a kind each partner remembers. */
  remembered?: number | undefined
}

/** Everything that the pages and questions speak of. */
export type HubState = MadeSimulators & {
  wish: MocksWish; baseUrl: string; portalUrl: string; inboxUrl: string
  listing: readonly Listed[]
  wires: ReadonlyMap<string, RoleWire>
  vneidClient: VneidClient
}
export type Hub = { state: HubState; close: () => Promise<void> }

const JOURNAL_SIZE = 200
/** Of each kind at each partner: weeks of a vendor's own tests, and not without end. */
const REMEMBERED = 100_000
/** The client of VNeID's example, and where it leads back to. */
const CLIENT = { clientId: 'portal', clientSecret: 'dev-secret-portal', redirectUri: 'http://portal.test/auth/callback' }

export async function startHub(wish: MocksWish): Promise<Hub> {
  const wires = compileWires(wish.profile)
  let front: Pick<Serving, 'reply' | 'refuseAt'> = { reply: () => refusal(503, 'OUT_OF_SERVICE', 'starting') }
  const server = await startFastServer({ reply: (request) => front.reply(request), refuseAt: (path) => front.refuseAt?.(path) ?? refusal }, wish).catch((error: NodeJS.ErrnoException) => { throw cannotListen(wish, error) })
  const { port } = server.address() as AddressInfo
  const baseUrl = (wish.publicUrl ?? `http://${wish.host.includes(':') ? `[${wish.host}]` : wish.host}:${port}`).replace(/\/$/, '')
  try {
    const state = await makeState(wish, { baseUrl, port, wires })
    const { simulators, journals, world } = state
    if (wish.behaviours) applyBehaviours(wish.behaviours, state.listing, simulators)
    front = createFront(state, createInbox(journals, [...wires.values()], world.findKey))
    return { state, close: async () => { await stopServer(server); await state.close() } }
  } catch (error) {
    await stopServer(server)
    throw error
  }
}

async function makeState(wish: MocksWish, { baseUrl, port, wires }: { baseUrl: string; port: number; wires: ReadonlyMap<string, RoleWire> }): Promise<HubState> {
  const inboxUrl = `${baseUrl}/inbox`
  const portalUrl = wish.portalUrl ?? `${baseUrl}/portal`
  const vneidClient: VneidClient = {
    clientId: CLIENT.clientId, clientSecret: CLIENT.clientSecret, redirectUris: [CLIENT.redirectUri, ...wish.redirectUris], ...(wish.logoutUri !== undefined && { backChannelLogoutUri: wish.logoutUri }),
  }
  const nowMs = Date.now()
  const made = await makeSimulators({
    hosts: Object.fromEntries(wish.partners.map((id) => [id, wish.host])), port, adminPort: 0, portalSyncUrl: portalUrl, baseUrl,
    // Of all partners, also of those that are not served: a served one may be asked in their name.
    keys: Object.fromEntries([...SIMULATORS.keys()].map((id) => [nameOf(id), developmentKey(id)])), vneidClient, seed: wish.seed, timeScale: 1, scenarioStartMs: nowMs,
    ...(wish.profile && { contractProfile: wish.profile }),
  }, { movable: true, magic: wish.behaviours?.value.magic ?? true, journalSize: JOURNAL_SIZE, remembered: wish.remembered ?? REMEMBERED })
  made.world.setClock({ startedAtMs: nowMs, timeScale: 1, scenarioStartMs: nowMs })
  // Partners push at once: what they send is what a vendor waits for.
  for (const simulator of made.simulators.values()) simulator.control?.({ action: 'connect', connected: true })
  return { ...made, wish, baseUrl, portalUrl, inboxUrl, wires, vneidClient, listing: listingOf(wish.partners, baseUrl) }
}

function cannotListen({ host, port }: MocksWish, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return new InputError([{ code: 'PORT_IN_USE', what: `port ${port} of ${host} is in use`, where: '--port', mend: 'give another port, or --port 0 for any that is free' }])
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES' || error.code === 'ENOTFOUND') {
    return new InputError([{ code: 'ADDRESS_UNUSABLE', what: `nothing can listen at ${host}:${port} (${error.code})`, where: '--host', mend: 'give an address of this machine, such as 127.0.0.1, and a port that may be used' }])
  }
  return error
}
