/** A province's own system as msw handlers, by its partner id. */
import type { HttpHandler } from 'msw'
import { dossierSystemHandlers, type PartnerHandlersOptions } from '../dossier-system/handlers.ts'
import { PROVINCES } from './partners.ts'

export function provinceHandlers(partnerId: string, baseUrl: string, options: PartnerHandlersOptions): HttpHandler[] {
  const partner = PROVINCES.find((candidate) => candidate.id === partnerId)
  if (!partner) throw new Error(`no province "${partnerId}": use one of ${PROVINCES.map(({ id }) => id).join(', ')}`)
  return dossierSystemHandlers(partner, baseUrl, options)
}
