/** Every planted nonconformity; each must be named by the requirements that it breaks, and by no others. */
import { BANK_NONCONFORMITIES } from './bank.ts'
import { DOSSIER_SYSTEM_NONCONFORMITIES } from './dossier-system.ts'
import { PORTAL_NONCONFORMITIES } from './portal.ts'
import type { Nonconformity } from './proxy.ts'
import { SMS_NONCONFORMITIES } from './sms.ts'
import { VNEID_NONCONFORMITIES } from './vneid.ts'

export const NONCONFORMITIES: readonly Nonconformity[] = [...SMS_NONCONFORMITIES, ...BANK_NONCONFORMITIES, ...DOSSIER_SYSTEM_NONCONFORMITIES, ...VNEID_NONCONFORMITIES, ...PORTAL_NONCONFORMITIES]
