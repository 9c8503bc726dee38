/**
 * Invented people: a pure function of an index, the same in k6, in the simulated VNeID and in the old portal's data (no Node APIs, no faker).
 * Nobody can mistake them for real: the name begins "Người Thử <number>", ids begin 999 (no province has that code), phones begin 0990
 * (no operator has that range). Id = `999` + index in 8 digits + one digit: 1 to 9 is an e-identity of level 2, 0 one of level 1.
 * `personOf` gives level 2 only; whoever wants a level 1 writes 0 as the last digit. Text is NFC.
 * Foreigners' ids begin 998; companies' e-identities begin 997, with a company number of ten digits that begins 99 (no tax office has that code)
 * and a representative, who may be a foreigner. Organisations without an e-identity of VNeID, which log in with a VNConnect account (004 note 8),
 * begin 996; minors, with a guardian, 995. `personOf(index, kind)` gives all of them by the same index, so they never meet.
 */
export const PERSON_KINDS = ['citizen', 'foreigner', 'company', 'organisation', 'minor'] as const
export type PersonKind = (typeof PERSON_KINDS)[number]
export type Person = {
  personId: string; name: string; birthDate: string; phone: string
  kind?: PersonKind
  /** Foreigners only: ISO 3166 code of a nationality, drawn. */
  nationality?: string
  /** Companies only. */
  companyNumber?: string
  /** Companies and organisations. */
  representative?: { personId: string; name: string; foreign: boolean }
  /** Organisations only. */
  organisationCode?: string
  /** Minors only. */
  guardian?: { personId: string; name: string }
}

/** Where an identity is kept: organisations log in with an account of the older kind. */
export function accountOf(kind: PersonKind | undefined): 'vneid' | 'vnconnect' { return kind === 'organisation' ? 'vnconnect' : 'vneid' }

export const MAX_PEOPLE = 100_000_000

const FAMILY_NAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý'] as const
const MIDDLE_NAMES = ['Văn', 'Thị', 'Hữu', 'Đức', 'Ngọc', 'Minh', 'Quốc', 'Thanh'] as const

const PREFIX: Record<PersonKind, string> = { citizen: '999', foreigner: '998', company: '997', organisation: '996', minor: '995' }
const NATIONALITIES = ['KR', 'JP', 'CN', 'US', 'FR', 'DE', 'AU', 'IN'] as const
/** One company in so many has a foreign legal representative (assumed). */
const FOREIGN_REPRESENTATIVE_EVERY = 4

export function personOf(index: number, kind: PersonKind = 'citizen'): Person {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_PEOPLE) throw new RangeError(`no person ${index}: an integer from 0 to ${MAX_PEOPLE - 1}`)
  if (kind === 'foreigner') return foreignerOf(index)
  if (kind === 'company') return companyOf(index)
  if (kind === 'organisation') return organisationOf(index)
  if (kind === 'minor') return minorOf(index)
  const draw = mixed(index)
  const year = 1940 + draw % 66
  const month = 1 + (draw >>> 8) % 12
  const day = 1 + (draw >>> 14) % 28
  return {
    personId: personIdOf('citizen', index),
    name: `Người Thử ${padded(index, 6)} ${FAMILY_NAMES[(draw >>> 20) % FAMILY_NAMES.length]} ${MIDDLE_NAMES[(draw >>> 26) % MIDDLE_NAMES.length]}`,
    birthDate: `${year}-${padded(month, 2)}-${padded(day, 2)}`,
    phone: `0990${padded(index % 1_000_000, 6)}`,
  }
}

function foreignerOf(index: number): Person {
  const draw = mixed(index)
  const { birthDate, phone } = personOf(index)
  return {
    personId: personIdOf('foreigner', index), name: `Test Visitor ${padded(index, 6)}`, birthDate, phone, kind: 'foreigner', nationality: NATIONALITIES[draw % NATIONALITIES.length]!,
  }
}

function companyOf(index: number): Person {
  const { birthDate, phone } = personOf(index)
  const foreign = mixed(index) % FOREIGN_REPRESENTATIVE_EVERY === 0
  const { personId, name } = personOf(index, foreign ? 'foreigner' : 'citizen')
  return {
    personId: personIdOf('company', index), name: `Công ty Thử ${padded(index, 6)}`, birthDate, phone, kind: 'company', companyNumber: `99${padded(index, 8)}`,
    representative: { personId, name, foreign },
  }
}

function organisationOf(index: number): Person {
  const { personId, name, birthDate, phone } = personOf(index)
  return {
    personId: personIdOf('organisation', index), name: `Tổ chức Thử ${padded(index, 6)}`, birthDate, phone, kind: 'organisation', organisationCode: `TC${padded(index, 8)}`,
    representative: { personId, name, foreign: false },
  }
}

/** Born 2012 to 2019: under 18 in any year that is rehearsed, with an e-identity that a guardian asked for. */
function minorOf(index: number): Person {
  const { personId, name, birthDate, phone } = personOf(index)
  return {
    personId: personIdOf('minor', index), name: `Trẻ Thử ${padded(index, 6)}`, birthDate: `${2012 + mixed(index) % 8}${birthDate.slice(4)}`, phone, kind: 'minor', guardian: { personId, name },
  }
}

function personIdOf(kind: PersonKind, index: number): string { return `${PREFIX[kind]}${padded(index, 8)}${1 + index % 9}` }

/** The person behind an id, with the level of the identity; undefined where no such id is given out. */
export function personById(personId: string): (Person & { level: 1 | 2 }) | undefined {
  const match = /^(99[5-9])(\d{8})\d$/.exec(personId)
  if (!match) return undefined
  const kind = PERSON_KINDS.find((candidate) => PREFIX[candidate] === match[1])!
  return { ...personOf(Number(match[2]), kind), personId, level: personId.endsWith('0') ? 1 : 2 }
}

/** Spreads neighbouring indices (the finaliser of MurmurHash3), 32 bits unsigned. */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

function padded(value: number, width: number): string { return String(value).padStart(width, '0') }
