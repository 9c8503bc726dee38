/** The SMS gateway as msw handlers, for tests of systems that notify: a gateway of its own for each call, receipts signed with the key given. */
import type { HttpHandler } from 'msw'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { toMswHandlers } from '../server/msw.ts'
import { createWorld } from '../world.ts'
import { smsSimulator } from './simulator.ts'

export function smsHandlers(baseUrl: string, options: { key: string; contractProfile?: ContractProfile }): HttpHandler[] {
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: { sms: options.key }, magic: true, contractProfile: options.contractProfile })
  return toMswHandlers(smsSimulator({ world }).endpoint, baseUrl)
}
