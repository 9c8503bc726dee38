/**
 * Which dossiers an account may work on: at a ministry those of its unit, at a province those of its territory, at a commune the territory's
 * dossiers of commune level. Whoever may receive anywhere may look at any dossier and receive it, no more (004 II.1).
 */
import type pg from 'pg'
import type { StaffAccount } from '../../../contracts/reference/staff.ts'
import { ServiceError } from '../service-error.ts'

/** What never changes of a dossier and decides who may work on it. */
export type Place = { code: string; unitCode: string; level: string | null; territory: string | null }

const PLACES_KEPT = 20_000

export function isInScope(account: Pick<StaffAccount, 'unitCode' | 'level'>, place: Place): boolean {
  switch (account.level) {
    case 'ministry': return unitOf(place) === account.unitCode
    case 'province': return place.territory === account.unitCode
    case 'commune': return place.territory === account.unitCode && place.level === 'commune'
  }
}

export function requireScope(account: StaffAccount, place: Place, action: 'look' | 'receive' | 'other'): void {
  if (isInScope(account, place) || (action !== 'other' && account.permissions.includes('receive-anywhere'))) return
  throw new ServiceError(403, 'SCOPE_FORBIDDEN', `${place.code} of unit ${place.unitCode} is not in the scope of ${account.account}`)
}

/** The highest unit: H29.12 → H29. */
function unitOf({ unitCode }: Place): string { return unitCode.slice(0, 3) }

/** Places by dossier code, read once each; the oldest are forgotten. Throws ServiceError 404 DOSSIER_UNKNOWN. */
export function createPlaces(pool: pg.Pool) {
  const kept = new Map<string, Place>()
  return async (code: string): Promise<Place> => {
    const known = kept.get(code)
    if (known) return known
    const { rows: [row] } = await pool.query({ name: 'place-of', text: 'select unit_code, level, territory from dossiers where code = $1', values: [code] })
    if (!row) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier "${code}" on the coordination system`)
    const place = { code, unitCode: row.unit_code, level: row.level, territory: row.territory }
    if (kept.size >= PLACES_KEPT) kept.delete(kept.keys().next().value!)
    kept.set(code, place)
    return place
  }
}
