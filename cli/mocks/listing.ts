/** What stands behind the address: each partner with its role, where it is, and what a vendor needs to speak with it. Development only: nothing here is secret. */
import { SYSTEMS, type PartnerSystem } from '../../contracts/reference/systems.ts'
import type { Text } from '../../contracts/text.ts'

export type Listed = {
  id: string
  role: string
  title: Text
  baseUrl: string
  /** Its HMAC key: it signs with it what it sends; who asks in its name signs with it too. */
  key: string
}

const BY_ID: ReadonlyMap<string, PartnerSystem> = new Map(SYSTEMS.map((system) => [system.system, system]))

export function systemOf(systemId: string): PartnerSystem | undefined { return BY_ID.get(systemId) }

/** How a partner names itself in what it sends (`x-partner: justice`). */
export function nameOf(systemId: string): string { return systemId.replace(/^partner-/, '') }

export function developmentKey(systemId: string): string { return `dev-key-${nameOf(systemId)}` }

export function listingOf(systemIds: readonly string[], baseUrl: string): Listed[] {
  return systemIds.map((id) => {
    const { contract, title } = systemOf(id)!
    return { id, role: contract.role, title, baseUrl: `${baseUrl}/${id}`, key: developmentKey(id) }
  })
}
