import { describe, expect, it } from 'vitest'
import { staffAccountOf } from '../../contracts/reference/staff.ts'
import { createStaffTokens } from './staff-token.ts'

let now = Date.UTC(2026, 3, 10)
const tokens = createStaffTokens({ id: 'coordination', keys: { staff: 'key-staff' } }, () => now)
const account = staffAccountOf('H01', 'commune', 17)
const bearer = (token: string) => `Bearer ${token}`
const refused = { statusCode: 401, code: 'TOKEN_INVALID' }

describe('a staff token', () => {
  it('says who asks, and what they may do, to whoever has the key', () => {
    const elsewhere = createStaffTokens({ id: 'feedback', keys: { staff: 'key-staff' } }, () => now)
    const { token, expiresAt } = tokens.issue({ ...account, permissions: ['receive', 'report'] })
    expect(expiresAt).toBeGreaterThan(now + 5_000)
    expect(elsewhere.require(bearer(token))).toEqual({ ...account, permissions: ['receive', 'report'] })
    expect(elsewhere.require(bearer(token), 'report').account).toBe(account.account)
    expect(() => elsewhere.require(bearer(token), 'process')).toThrow(expect.objectContaining({ statusCode: 403, code: 'PERMISSION_MISSING' }))
  })
  it('is refused when any part of it is another, when it is over, and under another key', () => {
    const { token, expiresAt } = tokens.issue(account)
    const [name, held, end, signed] = token.split('~') as [string, string, string, string]
    const changed = [['cb.H01.commune.000018', held, end, signed], [name, 'zz', end, signed], [name, held, 'zzzzzzzz', signed], [name, held, end, `${signed.slice(1)}A`], [name, held, end], [name, held, end, 'x', signed]]
    for (const parts of changed) expect(() => tokens.require(bearer(parts.join('~')))).toThrow(expect.objectContaining(refused))
    for (const header of [undefined, '', 'Bearer ', token, `Basic ${token}`]) expect(() => tokens.require(header)).toThrow(expect.objectContaining(refused))
    const other = createStaffTokens({ id: 'feedback', keys: { staff: 'another' } }, () => now)
    expect(() => other.require(bearer(token))).toThrow(expect.objectContaining(refused))
    now = expiresAt
    expect(() => tokens.require(bearer(token))).toThrow(expect.objectContaining(refused))
  })
  it('needs its key to start', () => { expect(() => createStaffTokens({ id: 'feedback', keys: {} })).toThrow('feedback was not told the key') })
})
