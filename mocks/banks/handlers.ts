/** A bank as msw handlers, for tests of payment systems: a bank of its own for each call, callbacks signed with the key given. */
import type { HttpHandler } from 'msw'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { toMswHandlers } from '../server/msw.ts'
import { createWorld } from '../world.ts'
import { BANKS, bankSimulator } from './simulator.ts'

export function bankHandlers(baseUrl: string, options: { id?: string; key: string; scenarioStartMs?: number; contractProfile?: ContractProfile }): HttpHandler[] {
  const id = options.id ?? BANKS[0]!.id
  const row = BANKS.find((candidate) => candidate.id === id)
  if (!row) throw new Error(`no bank "${id}": use one of ${BANKS.map((bank) => bank.id).join(', ')}`)
  const world = createWorld({ seed: 1, scenarioStartMs: options.scenarioStartMs ?? Date.now(), keys: { [id]: options.key }, magic: true, contractProfile: options.contractProfile })
  return toMswHandlers(bankSimulator({ world, row }).endpoint, baseUrl)
}
