/** Every role, by its id. */
import type { RoleContract } from '../role.ts'
import { BANK } from './bank.ts'
import { CALL_CENTRE } from './call-centre.ts'
import { CIVIL_STATUS } from './civil-status.ts'
import { DOSSIER_SYSTEM } from './dossier-system.ts'
import { EXCHANGE_NODE } from './exchange-node.ts'
import { LAND } from './land.ts'
import { PORTAL } from './portal.ts'
import { POST } from './post.ts'
import { SMS } from './sms.ts'
import { TAX } from './tax.ts'
import { VNEID } from './vneid.ts'

export const ROLES: readonly RoleContract[] = [BANK, CALL_CENTRE, CIVIL_STATUS, DOSSIER_SYSTEM, EXCHANGE_NODE, LAND, PORTAL, POST, SMS, TAX, VNEID]

export function roleOf(id: string): RoleContract | undefined { return ROLES.find((role) => role.id === id) }
