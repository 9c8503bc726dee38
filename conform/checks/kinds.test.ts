import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { requirementsOf, suiteOf } from './index.ts'
import { KIND_ROLES, KINDS, kindsTable } from './kinds.ts'

describe.each(KIND_ROLES)('%s', (role) => {
  const { id, version } = suiteOf(role).role
  const ids = new Set(requirementsOf({ role, contract: { role: id, version, profile: null } })!.map((one) => one.id))
  it.each(KINDS.map(({ kind, by }) => [kind.en, by[role]] as const))('%s', (_, stands) => {
    if ('en' in stands) expect(stands.vi && stands.en).toBeTruthy()
    else {
      expect(stands.length).toBeGreaterThan(0)
      expect(stands.filter((one) => !ids.has(one))).toEqual([])
    }
  })
})

it('the table in the docs is this one', () => {
  expect(readFileSync(new URL('../../docs/conform.md', import.meta.url), 'utf8')).toContain(kindsTable())
})
