/** The accounts that the login page offers: one of each sort, all of them invented, and any other id of contracts/reference/people.ts works as well. */
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { personById, personOf, type PersonKind } from '../../contracts/reference/people.ts'

export type Account = { personId: string; passcode: string; name: string; kind: PersonKind; level: 1 | 2; foreignRepresentative: boolean }

export function accountsToTry({ personKinds }: Pick<IssuerProfile, 'personKinds'>): Account[] {
  const companies = Array.from({ length: 40 }, (_, index) => personOf(index, 'company'))
  const ids = [
    personOf(1).personId, personOf(2).personId, levelOne(personOf(3).personId), personOf(1, 'foreigner').personId, levelOne(personOf(2, 'foreigner').personId),
    companies.find(({ representative }) => !representative!.foreign)!.personId, companies.find(({ representative }) => representative!.foreign)!.personId,
    personOf(1, 'organisation').personId, personOf(1, 'minor').personId,
  ]
  return ids.map(accountOf).filter(({ kind }) => personKinds.includes(kind))
}

function accountOf(personId: string): Account {
  const { name, kind = 'citizen', level, representative } = personById(personId)!
  return { personId, passcode: personId.slice(-6), name, kind, level, foreignRepresentative: representative?.foreign ?? false }
}

function levelOne(personId: string): string { return `${personId.slice(0, -1)}0` }
