/** A partner's own system as msw handlers, for tests of systems that forward to it: one of its own for each call, connected where asked. */
import type { HttpHandler } from 'msw'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import type { Partner } from '../../contracts/reference/partners.ts'
import { toMswHandlers } from '../server/msw.ts'
import { createWorld } from '../world.ts'
import { dossierSystemSimulator } from './simulator.ts'

export type PartnerHandlersOptions = { key: string; portalSyncUrl: string; connected?: boolean; contractProfile?: ContractProfile }

export function dossierSystemHandlers(partner: Partner, baseUrl: string, { key, portalSyncUrl, connected = false, contractProfile }: PartnerHandlersOptions): HttpHandler[] {
  const id = `partner-${partner.id}`
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: { [id]: key }, magic: true, contractProfile })
  const simulator = dossierSystemSimulator(id, { world, unitCode: partner.unitCode, push: { partnerId: partner.id, key, portalSyncUrl } })
  simulator.control?.({ action: 'connect', connected })
  return toMswHandlers(simulator.endpoint, baseUrl)
}
