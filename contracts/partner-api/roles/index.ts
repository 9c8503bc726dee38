/** Every role, by its id. */
import type { RoleContract } from '../role.ts'
import { BANK } from './bank.ts'
import { DOSSIER_SYSTEM } from './dossier-system.ts'
import { SMS } from './sms.ts'
import { VNEID } from './vneid.ts'

export const ROLES: readonly RoleContract[] = [BANK, DOSSIER_SYSTEM, SMS, VNEID]

export function roleOf(id: string): RoleContract | undefined { return ROLES.find((role) => role.id === id) }
