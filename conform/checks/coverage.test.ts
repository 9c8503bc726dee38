/** Every operation of a role is asked, and every refusal of its contract is provoked, except those that nobody outside can bring about. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checksOf, SUITES } from './index.ts'

const directory = fileURLToPath(new URL('.', import.meta.url))
const text = globSync('**/*.ts', { cwd: directory }).filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(directory + file, 'utf8')).join('\n')

/** A state of the system, or of one behind it, that a caller cannot bring about. */
const FROM_INSIDE_ONLY = ['PROCEDURE_NOT_CONFIGURED', 'NOT_CONNECTED', 'STORE_FULL', 'BANK_UNAVAILABLE', 'BANK_TIMEOUT', 'PORTAL_CLOSED', 'PERIOD_GONE']

describe.each(Object.entries(SUITES))('%s', (_role, suite) => {
  it('asks every operation', () => {
    expect(suite.role.operations.map(({ name }) => name).filter((name) => !new RegExp(`['"]${name}['"]`).test(text))).toEqual([])
  })
  it('provokes every refusal', () => {
    const codes = new Set(suite.role.operations.flatMap(({ refuses }) => Object.keys(refuses ?? {})))
    expect([...codes].filter((code) => !text.includes(`'${code}'`) && !FROM_INSIDE_ONLY.includes(code))).toEqual([])
  })
  it('has requirements with ids of their own, in both languages', () => {
    const checks = checksOf(suite)
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    for (const { requirement } of checks) expect(requirement.vi && requirement.en).toBeTruthy()
  })
})
