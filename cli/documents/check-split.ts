/** What a split must hold beyond its schema: known partners, each once. */
import { suggest } from '../../contracts/did-you-mean.ts'
import type { Problem } from '../../contracts/error.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { Split } from '../../contracts/split.ts'
import type { Place } from './yaml-document.ts'

export function checkSplit(split: Split, place: Place): Problem[] {
  const known = PARTNERS.map((partner) => partner.id)
  const ids = split.partners.map((partner) => partner.id)
  return split.partners.flatMap(({ id }, index) => {
    const where = place(['partners', index, 'id'])
    if (!known.includes(id)) return [{ code: 'PARTNER_UNKNOWN', what: `partner "${id}" is not known`, where, mend: suggest(id, known) }]
    if (ids.indexOf(id) !== index) return [{ code: 'NAME_TWICE', what: `partner "${id}" stands twice`, where, mend: 'name each partner once' }]
    return []
  })
}
