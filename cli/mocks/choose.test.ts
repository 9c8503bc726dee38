import { describe, expect, it } from 'vitest'
import { SIMULATORS } from '../../mocks/registry.ts'
import { choosePartners } from './choose.ts'
import { listingOf, systemOf } from './listing.ts'

const ALL = [...SIMULATORS.keys()]

describe('the partners that are asked for', () => {
  it.each<[string, number | string[]]>([
    ['all', ALL.length],
    ['bank-vcb', ['bank-vcb']],
    ['justice', ['partner-justice']],
    ['partner-justice, sms', ['sms', 'partner-justice']],
    ['province', 34],
    ['bank', ['bank-vcb', 'bank-bidv', 'bank-vnpay', 'bank-treasury']],
    ['specialised', ['civil-status', 'land', 'tax']],
  ])('%s', (text, expected) => {
    const chosen = choosePartners(text, ALL)
    if (typeof expected === 'number') expect(chosen).toHaveLength(expected)
    else expect(chosen.toSorted()).toEqual(expected.toSorted())
  })
  it('are named all at once where they do not exist', () => {
    expect(() => choosePartners('justise,bank,x-y', ALL)).toThrow(/"justise".*did you mean "justice"\?.*\n.*"x-y"/)
  })
})

it('every simulator is a known system with a contract and a title of its own', () => {
  for (const id of ALL) expect(systemOf(id), id).toBeDefined()
  const dossierSystems = listingOf(ALL, 'http://x').filter(({ role }) => role === 'dossier-system')
  expect(new Set(dossierSystems.map(({ title }) => title.vi)).size).toBe(dossierSystems.length)
})
