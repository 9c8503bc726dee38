/** What stands behind the address: each partner with its role, where it is, and what a vendor needs to speak with it. Development only: nothing here is secret. */
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'
import { bankOf } from '../../contracts/reference/banks.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { Text } from '../../contracts/text.ts'

export type Listed = {
  id: string
  role: string
  title: Text
  baseUrl: string
  /** Its HMAC key: it signs with it what it sends; who asks in its name signs with it too. */
  key: string
}

/** Which role's contract a simulator keeps; the longest role id that its own begins with, where no rule says it. */
export function roleOfSystem(systemId: string): RoleContract | undefined {
  if (systemId.startsWith('partner-')) return ROLES.find(({ id }) => id === 'dossier-system')
  return ROLES.filter(({ id }) => systemId === id || systemId.startsWith(`${id}-`)).toSorted((a, b) => b.id.length - a.id.length)[0]
}

/** How a partner names itself in what it sends (`x-partner: justice`). */
export function nameOf(systemId: string): string { return systemId.replace(/^partner-/, '') }

export function developmentKey(systemId: string): string { return `dev-key-${nameOf(systemId)}` }

export function listingOf(systemIds: readonly string[], baseUrl: string): Listed[] {
  return systemIds.map((id) => {
    const role = roleOfSystem(id)
    return { id, role: role?.id ?? id, title: titleOf(id) ?? role?.title ?? { vi: id, en: id }, baseUrl: `${baseUrl}/${id}`, key: developmentKey(id) }
  })
}

function titleOf(id: string): Text | undefined {
  return PARTNERS.find((partner) => `partner-${partner.id}` === id)?.title ?? bankOf(id)?.title
}
