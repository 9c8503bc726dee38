import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PEOPLE, personById, personOf } from './people.ts'

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

  it('refuses an index out of range by name', () => {
    expect(() => personOf(-1)).toThrow('no person -1')
    expect(() => personOf(MAX_PEOPLE)).toThrow(RangeError)
  })
})
