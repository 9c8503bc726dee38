/** The provinces and cities: a row in contracts/reference/partners.ts is all that one more of them needs. */
import { PARTNERS } from '../../contracts/reference/partners.ts'

export const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province')
