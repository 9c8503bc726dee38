/** A ministry's own system as msw handlers, by its partner id. */
import type { HttpHandler } from 'msw'
import { dossierSystemHandlers, type PartnerHandlersOptions } from '../dossier-system/handlers.ts'
import { MINISTRIES } from './partners.ts'

export function ministryHandlers(partnerId: string, baseUrl: string, options: PartnerHandlersOptions): HttpHandler[] {
  const partner = MINISTRIES.find((candidate) => candidate.id === partnerId)
  if (!partner) throw new Error(`no ministry "${partnerId}": use one of ${MINISTRIES.map(({ id }) => id).join(', ')}`)
  return dossierSystemHandlers(partner, baseUrl, options)
}
