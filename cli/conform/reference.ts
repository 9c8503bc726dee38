/**
 * The product's own partner of a role, served on a free port of 127.0.0.1 and wired to the receiver of a conformance run: shows a vendor what a run against
 * a conforming system looks like, and proves that the checks and the simulators agree.
 */
import type { AddressInfo } from 'node:net'
import type { Receiver } from '../../conform/receiver.ts'
import { startFastServer, stopServer } from '../../mocks/server/fast-server.ts'
import type { Simulator } from '../../mocks/simulator.ts'
import { smsSimulator } from '../../mocks/sms/simulator.ts'
import { createWorld, type World } from '../../mocks/world.ts'

export type Reference = { url: string; /** What the fixture must say for it. */ fixture: Record<string, unknown>; close: () => Promise<void> }

const KEY = 'key-of-the-reference'
const QUICK_RETRY = { firstRetryMs: 20, capMs: 200 }

type Make = (world: World, url: string, receiver: Receiver) => { simulator: Simulator | Promise<Simulator>; fixture?: Record<string, unknown> }

const MAKERS: Readonly<Record<string, Make>> = {
  sms: (world) => ({ simulator: smsSimulator({ world, deliveryMs: [5, 50], retry: QUICK_RETRY }) }),
}
export const REFERENCE_ROLES: readonly string[] = Object.keys(MAKERS)

export async function startReference(role: string, receiver: Receiver): Promise<Reference> {
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: { 'sms': KEY, 'bank-vcb': KEY, 'partner-ha-noi': KEY, 'partner-justice': KEY } })
  world.setClock({ startedAtMs: Date.now(), timeScale: 1, scenarioStartMs: Date.now() })
  let simulator: Simulator | undefined
  const server = await startFastServer({ routes: [], served: () => 0, behave: () => {}, reply: (request) => simulator!.endpoint.reply(request) }, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = MAKERS[role]!(world, url, receiver)
  simulator = await made.simulator
  return {
    url, fixture: { keys: { system: { value: KEY }, caller: { value: KEY } }, ...made.fixture },
    close: async () => { await stopServer(server); await simulator.close() },
  }
}
