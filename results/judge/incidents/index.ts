/** The incidents that are found from evidence. A new one is a file and a line here. */
import type { Case } from '../case.ts'
import { bankTimeout } from './bank-timeout.ts'
import { dnsUneven } from './dns-uneven.ts'
import type { IncidentRule } from './incident-rule.ts'
import { legacyMissing } from './legacy-missing.ts'
import { overload } from './overload.ts'
import { smsTimeout } from './sms-timeout.ts'
import { syncConnection } from './sync-connection.ts'
import { syncLost } from './sync-lost.ts'
import { wafBlocksSync } from './waf-blocks-sync.ts'

export const INCIDENT_RULES: readonly IncidentRule[] = [dnsUneven, wafBlocksSync, syncLost, legacyMissing, bankTimeout, smsTimeout, overload, syncConnection]

/** Systems that a rule needs and that were not read to the end. */
export function unreadNeeds({ plan, states }: Pick<Case, 'plan' | 'states'>, rule: IncidentRule): string[] {
  return plan.target.systems.filter((system) => system.mode !== 'absent' && (rule.needs.includes(system.role) || rule.needs.includes(system.id)))
    .map((system) => system.id).filter((id) => !states.get(`evidence/${id}.ndjson`)?.whole)
}
