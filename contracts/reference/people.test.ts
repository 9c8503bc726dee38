import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountOf, MAX_PEOPLE, PERSON_KINDS, personById, personOf } from './people.ts'

const index = fc.integer({ min: 0, max: MAX_PEOPLE - 1 })

describe('people', () => {
  it('are the same for the same index, and led back to by their id', () => {
    fc.assert(fc.property(index, (i) => {
      const person = personOf(i)
      expect(personOf(i)).toEqual(person)
      expect(personById(person.personId)).toEqual({ ...person, level: 2 })
    }))
  })

  it('are unmistakably synthetic and well formed', () => {
    fc.assert(fc.property(index, (i) => {
      const person = personOf(i)
      expect(person.personId).toMatch(/^999\d{8}[1-9]$/)
      expect(person.phone).toMatch(/^0990\d{6}$/)
      expect(person.name).toMatch(/^Người Thử \d{6,8} \p{L}+ \p{L}+$/u)
      expect(person.name).toBe(person.name.normalize('NFC'))
      expect(new Date(person.birthDate).toISOString().slice(0, 10)).toBe(person.birthDate)
    }))
  })

  it('differ in id and name', () => {
    const people = Array.from({ length: 20_000 }, (_, i) => personOf(i))
    expect(new Set(people.map((person) => person.personId)).size).toBe(people.length)
    expect(new Set(people.map((person) => person.name)).size).toBe(people.length)
    expect(new Set(people.map((person) => person.birthDate.slice(0, 4))).size).toBe(66)
  })

  it('has level 1 behind ids ending in 0, and nobody behind other ids', () => {
    expect(personById('999000042170')).toMatchObject({ level: 1, name: personOf(4217).name })
    expect(personById('001000042171')).toBeUndefined()
    expect(personById('99900004217')).toBeUndefined()
  })

  it('are of five kinds by the same index, told apart by their ids, each with what its kind has and no other', () => {
    fc.assert(fc.property(index, (i) => {
      const all = PERSON_KINDS.map((kind) => personOf(i, kind))
      expect(new Set(all.map(({ personId }) => personId.slice(0, 3)))).toEqual(new Set(['999', '998', '997', '996', '995']))
      for (const person of all) expect(personById(person.personId)).toEqual({ ...person, level: 2 })
      const has = (field: 'companyNumber' | 'nationality' | 'representative' | 'organisationCode' | 'guardian') => PERSON_KINDS.filter((_, k) => all[k]![field] !== undefined)
      expect([has('nationality'), has('companyNumber'), has('organisationCode'), has('guardian'), has('representative')])
        .toEqual([['foreigner'], ['company'], ['organisation'], ['minor'], ['company', 'organisation']])
    }))
    expect(PERSON_KINDS.filter((kind) => accountOf(kind) === 'vnconnect')).toEqual(['organisation'])
  })

  it('has minors who are under 18 in 2026 and guardians who are not', () => {
    fc.assert(fc.property(index, (i) => {
      const minor = personOf(i, 'minor')
      expect(new Date(minor.birthDate).toISOString().slice(0, 10)).toBe(minor.birthDate)
      expect(2026 - Number(minor.birthDate.slice(0, 4))).toBeLessThan(18)
      expect(2026 - Number(personById(minor.guardian!.personId)!.birthDate.slice(0, 4))).toBeGreaterThanOrEqual(18)
    }))
  })

  it('refuses an index out of range by name', () => {
    expect(() => personOf(-1)).toThrow('no person -1')
    expect(() => personOf(MAX_PEOPLE)).toThrow(RangeError)
  })
})
