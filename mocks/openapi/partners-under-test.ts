/**
 * A simulator of every sort for tests that go by the OpenAPI documents: one of each role, and of those that differ within a role one more. Whom they call
 * is a receiver on loopback; nothing leaves the machine.
 */
import { startReceiver, type Receiver } from '../delivery/recording-receiver.ts'
import { makeSimulators } from '../make.ts'
import { SIMULATORS } from '../registry.ts'
import type { Simulator } from '../simulator.ts'
import { stayOnLoopback } from './loopback-only.ts'

export const KEY = 'the key of everybody'
/** Of the fifty partners and Finance's systems these stand for all: they differ in nothing but data. */
const DOSSIER_SYSTEMS: readonly string[] = ['partner-justice', 'partner-ha-noi']
export const SYSTEMS: readonly string[] = [...SIMULATORS.keys()].filter((id) => !id.startsWith('partner-') || DOSSIER_SYSTEMS.includes(id))

export type PartnersUnderTest = { simulators: ReadonlyMap<string, Simulator>; receiver: Receiver; close: () => Promise<void> }

/** `baseUrl`: where they will be served, for those that say so in their answers. */
export async function startPartners(ids: readonly string[], baseUrl = 'http://127.0.0.1:9'): Promise<PartnersUnderTest> {
  const guard = stayOnLoopback()
  const receiver = await startReceiver(() => ({ status: 200 }))
  const { simulators, close } = await makeSimulators({
    hosts: Object.fromEntries(ids.map((id) => [id, '127.0.0.1'])), port: 9, adminPort: 9, portalSyncUrl: receiver.url, baseUrl, seed: 1, timeScale: 1,
    scenarioStartMs: Date.parse('2026-04-10T21:00:00+07:00'), keys: Object.fromEntries([...ids, ...ids.map((id) => id.replace(/^partner-/, ''))].map((id) => [id, KEY])),
    vneidClient: { clientId: 'portal', clientSecret: 's', redirectUris: ['http://portal.test/auth/callback'] },
  }, { movable: false, magic: false, journalSize: 10 })
  for (const simulator of simulators.values()) simulator.control?.({ action: 'connect', connected: true })
  return { simulators, receiver, close: async () => { await close(); await receiver.close(); guard.release() } }
}
