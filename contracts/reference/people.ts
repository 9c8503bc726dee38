/**
 * Invented people: a pure function of an index, the same in k6, in the simulated VNeID and in the old portal's data (no Node APIs, no faker).
 * Nobody can mistake them for real: the name begins "Người Thử <number>", ids begin 999 (no province has that code), phones begin 0990
 * (no operator has that range). Id = `999` + index in 8 digits + one digit: 1 to 9 is an e-identity of level 2, 0 one of level 1.
 * `personOf` gives level 2 only; whoever wants a level 1 writes 0 as the last digit. Text is NFC.
 */
export type Person = { personId: string; name: string; birthDate: string; phone: string }

export const MAX_PEOPLE = 100_000_000

const FAMILY_NAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý'] as const
const MIDDLE_NAMES = ['Văn', 'Thị', 'Hữu', 'Đức', 'Ngọc', 'Minh', 'Quốc', 'Thanh'] as const

export function personOf(index: number): Person {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_PEOPLE) throw new RangeError(`no person ${index}: an integer from 0 to ${MAX_PEOPLE - 1}`)
  const draw = mixed(index)
  const year = 1940 + draw % 66
  const month = 1 + (draw >>> 8) % 12
  const day = 1 + (draw >>> 14) % 28
  return {
    personId: `999${padded(index, 8)}${1 + index % 9}`,
    name: `Người Thử ${padded(index, 6)} ${FAMILY_NAMES[(draw >>> 20) % FAMILY_NAMES.length]} ${MIDDLE_NAMES[(draw >>> 26) % MIDDLE_NAMES.length]}`,
    birthDate: `${year}-${padded(month, 2)}-${padded(day, 2)}`,
    phone: `0990${padded(index % 1_000_000, 6)}`,
  }
}

/** The person behind an id, with the level of the identity; undefined where no such id is given out. */
export function personById(personId: string): (Person & { level: 1 | 2 }) | undefined {
  if (!/^999\d{9}$/.test(personId)) return undefined
  return { ...personOf(Number(personId.slice(3, 11))), personId, level: personId.endsWith('0') ? 1 : 2 }
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
