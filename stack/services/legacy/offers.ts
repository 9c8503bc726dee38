/** What the old portal offers: the everyday procedures in every province, under its own codes. Search folds case and Vietnamese marks. */
import type { z } from 'zod'
import type { ServiceHit } from '../../../contracts/api/front.ts'
import { legacyProcedureCode } from '../../../contracts/ids.ts'
import { PARTNERS, partnerOf } from '../../../contracts/reference/partners.ts'
import { handlingPartner, PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { ServiceError } from '../service-error.ts'

type Hit = z.infer<typeof ServiceHit>

const OFFERS = new Map(PARTNERS.filter((partner) => partner.kind === 'province').map((province) => [province.id, PROCEDURES.map((procedure) => {
  const { unitCode } = partnerOf(handlingPartner(procedure, province.id))
  return { hit: { procedureCode: legacyProcedureCode(procedure.code, unitCode), title: procedure.title.vi, unitCode, feeVnd: procedure.feeVnd, redirectUrl: null } satisfies Hit, folded: folded(procedure.title.vi) }
})]))

export function searchOffers(text: string, provinceId: string): Hit[] {
  const wanted = folded(text)
  return offersOf(provinceId).filter((offer) => offer.folded.includes(wanted) || offer.hit.procedureCode.includes(wanted)).map((offer) => offer.hit)
}

export function offerOf(procedureCode: string, provinceId: string): Hit {
  const offer = offersOf(provinceId).find((candidate) => candidate.hit.procedureCode === procedureCode)
  if (!offer) throw new ServiceError(404, 'PROCEDURE_UNKNOWN', `the old portal has no procedure "${procedureCode}" for ${provinceId}`)
  return offer.hit
}

function offersOf(provinceId: string) {
  const offers = OFFERS.get(provinceId)
  if (!offers) throw new ServiceError(400, 'PROVINCE_UNKNOWN', `"${provinceId}" is none of the 34 provinces`)
  return offers
}

/** Lower case without marks; `đ` has no decomposition and is folded by hand. */
function folded(text: string): string { return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/đ/g, 'd').trim() }
