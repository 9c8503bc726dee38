/**
 * Tokens of staff sessions: `<account>~<permissions>~<end>~<HMAC-SHA256>` by the key that all services share, so that any of them can tell who
 * asks without asking the one that issued it (nothing is stored for the 330,000 accounts). Permissions stand in it because an account may have
 * been given fewer than its name promises. Times are wall-clock epoch ms. Throws ServiceError 401 TOKEN_INVALID, 403 PERMISSION_MISSING.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ServiceConfig } from '../../contracts/process.ts'
import { PERMISSIONS, staffAccountBy, type Permission, type StaffAccount } from '../../contracts/reference/staff.ts'
import { ServiceError } from './service-error.ts'

/** Longer than any run. */
const LIFETIME_MS = 8 * 3_600_000
const SCHEME = 'Bearer '

export type StaffTokens = {
  issue: (account: StaffAccount) => { token: string; expiresAt: number }
  /** Who asks, by the request's Authorization header; with the permissions that the token carries. */
  require: (authorization: string | undefined, permission?: Permission) => StaffAccount
}

export function createStaffTokens(config: Pick<ServiceConfig, 'id' | 'keys'>, wallNow: () => number = Date.now): StaffTokens {
  const key = config.keys['staff']
  if (!key) throw new Error(`${config.id} was not told the key of staff sessions`)
  const signature = (signed: string) => createHmac('sha256', key).update(signed).digest('base64url')

  function accountOf(token: string): StaffAccount | undefined {
    const cut = token.lastIndexOf('~')
    const [name, held, end, ...more] = token.slice(0, cut).split('~')
    if (cut < 0 || end === undefined || more.length > 0) return undefined
    const [expected, given] = [Buffer.from(signature(token.slice(0, cut))), Buffer.from(token.slice(cut + 1))]
    if (given.length !== expected.length || !timingSafeEqual(given, expected) || parseInt(end, 36) <= wallNow()) return undefined
    const account = staffAccountBy(name!)
    return account && { ...account, permissions: PERMISSIONS.filter((_, place) => parseInt(held!, 36) & (1 << place)) }
  }

  return {
    issue({ account, permissions }) {
      const expiresAt = wallNow() + LIFETIME_MS
      const held = permissions.reduce((bits, permission) => bits | (1 << PERMISSIONS.indexOf(permission)), 0)
      const signed = `${account}~${held.toString(36)}~${expiresAt.toString(36)}`
      return { token: `${signed}~${signature(signed)}`, expiresAt }
    },
    require(authorization, permission) {
      const account = authorization?.startsWith(SCHEME) ? accountOf(authorization.slice(SCHEME.length)) : undefined
      if (!account) throw new ServiceError(401, 'TOKEN_INVALID', 'log in on the coordination system first; the token is missing, changed or over')
      if (permission) requirePermission(account, permission)
      return account
    },
  }
}

export function requirePermission({ account, permissions }: Pick<StaffAccount, 'account' | 'permissions'>, permission: Permission): void {
  if (!permissions.includes(permission)) throw new ServiceError(403, 'PERMISSION_MISSING', `${account} may not "${permission}"`)
}
