/** Every role, by its id. */
import type { RoleContract } from '../role.ts'
import { SMS } from './sms.ts'

export const ROLES: readonly RoleContract[] = [SMS]

export function roleOf(id: string): RoleContract | undefined { return ROLES.find((role) => role.id === id) }
