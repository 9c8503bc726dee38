/** What the issuer tells of a person, under the names and values of its profile: in: an id and the scopes granted, out: claims for ID token and userinfo. */
import { createHmac } from 'node:crypto'
import { DEFAULT_ISSUER, ISSUER_CLAIMS, claimName, type IssuerClaim, type IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { accountOf, personById } from '../../contracts/reference/people.ts'

export type Claims = Record<string, unknown>
export type ClaimsOf = (personId: string, scopes: readonly string[]) => Claims

export type Teller = {
  /** The subject of a person, the same at each login. */
  subjectOf: (personId: string) => string
  /** By scope; always `sub`. */
  claimsOf: ClaimsOf
  /** What the ID token says: all of it, or only who it is and how well that is known. */
  idTokenClaimsOf: ClaimsOf
}

export function createTeller(profile: IssuerProfile): Teller {
  const nameOf = Object.fromEntries(ISSUER_CLAIMS.map((claim) => [claim, claimName(profile, claim)])) as Record<IssuerClaim, string>
  const foreign = claimName(profile, 'foreign')
  // Not a secret: a subject must be the same at each start, so that a client's test data stay valid.
  const subjectOf = profile.subject === 'person-id' ? (personId: string) => personId
    : (personId: string) => createHmac('sha256', profile.name).update(personId).digest('base64url').slice(0, 22)
  const valueOf = (claim: 'level' | 'person_kind' | 'account_type', value: string | number) => profile.values[claim]?.[String(value)] ?? value

  function everything(personId: string): Record<IssuerClaim, unknown> {
    const person = personById(personId)!
    const { level, kind = 'citizen', representative, guardian } = person
    return {
      sub: subjectOf(personId), person_id: personId, name: person.name, birthdate: written(person.birthDate, profile), phone_number: person.phone,
      level: valueOf('level', level), acr: profile.acr[level], person_kind: valueOf('person_kind', kind), account_type: valueOf('account_type', accountOf(kind)),
      nationality: person.nationality, company_number: person.companyNumber, organisation_code: person.organisationCode,
      representative: representative && { sub: subjectOf(representative.personId), [nameOf.name]: representative.name, [foreign]: representative.foreign },
      guardian: guardian && { sub: subjectOf(guardian.personId), [nameOf.name]: guardian.name },
    }
  }

  function told(personId: string, claims: Iterable<IssuerClaim>): Claims {
    const all = everything(personId)
    const said: Claims = { sub: all.sub }
    for (const claim of claims) if (all[claim] !== undefined) said[nameOf[claim]] = all[claim]
    return said
  }

  const claimsOf: ClaimsOf = (personId, scopes) => told(personId, scopes.length === 1 ? profile.scopes[scopes[0]!]! : new Set(scopes.flatMap((scope) => profile.scopes[scope]!)))
  return { subjectOf, claimsOf, idTokenClaimsOf: profile.idToken === 'all' ? claimsOf : (personId) => told(personId, ['acr']) }
}

/** What is told of a person by default. */
export const claimsOf = (personId: string): Claims => createTeller(DEFAULT_ISSUER).claimsOf(personId, ['openid'])

function written(birthDate: string, { birthDates }: IssuerProfile): string {
  return birthDates === 'yyyy-mm-dd' ? birthDate : birthDate.split('-').toReversed().join('/')
}
