/**
 * What ModSecurity loads: its engine, the tuning, the OWASP core rule set as Debian has it (3.3, anomaly scoring, blocked from 5 points on).
 * Tuning comes before the rules, in phase 1: the level of each request, and which rules are not applied to it. Ids below 100000 are for local rules.
 */
import type { WafTuning } from '../../../contracts/api/admin.ts'
import type { EdgeAgentConfig } from './config.ts'
import { SIGNAL } from './nginx-config.ts'
import { PATHS } from './paths.ts'

/** Rules that refuse what cannot be looked at; the core rule set's own decision is 949110. */
const UNREADABLE_BODY = 200002
const LIMITS_EXCEEDED = 200005
/** This release of the rule set finds Log4Shell in arguments alone; it came in headers too. */
const LOG4SHELL = 12_000
export const DECIDING_RULES: ReadonlySet<string> = new Set([`${UNREADABLE_BODY}`, `${LIMITS_EXCEEDED}`, `${LOG4SHELL}`, '949110'])

/**
 * The request rules, as far as they fit the platform: no PHP (933) runs behind this edge, addresses are not rated (910, 912), none of the applications of 903 is
 * there, answers are not looked at (95x). Each rule costs CPU on every field of every request.
 */
const RULE_FILES = [
  'REQUEST-901', 'REQUEST-905', 'REQUEST-911', 'REQUEST-913', 'REQUEST-920', 'REQUEST-921', 'REQUEST-922', 'REQUEST-930', 'REQUEST-931', 'REQUEST-932',
  'REQUEST-934', 'REQUEST-941', 'REQUEST-942', 'REQUEST-943', 'REQUEST-944', 'REQUEST-949',
]

const STRICT_ID = 10_000
const EXCLUSION_ID = 11_000

export function wafConfig(tuning: WafTuning, origins: EdgeAgentConfig['origins']): string {
  return `
SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess Off
SecRequestBodyLimit 67108864
SecRequestBodyNoFilesLimit 67108864
SecRequestBodyLimitAction Reject
SecRequestBodyJsonDepthLimit 512
SecPcreMatchLimit 500000
SecPcreMatchLimitRecursion 500000
SecTmpDir /tmp/
SecDataDir /tmp/
SecArgumentSeparator &
SecCookieFormat 0
SecUnicodeMapFile /etc/nginx/unicode.mapping 20127
SecAuditEngine RelevantOnly
SecAuditLogFormat JSON
SecAuditLogType Serial
SecAuditLogParts ABHZ
SecAuditLog ${PATHS.audit}
SecRule REQUEST_HEADERS:Content-Type "^application/(?:[a-z0-9.-]+\\+)?json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule REQBODY_ERROR "!@eq 0" "id:${UNREADABLE_BODY},phase:2,t:none,log,auditlog,deny,status:${SIGNAL.blocked},msg:'The body cannot be read',logdata:'%{reqbody_error_msg}',severity:2"
SecRule TX:/^MSC_/ "!@streq 0" "id:${LIMITS_EXCEEDED},phase:2,t:none,log,auditlog,deny,status:${SIGNAL.blocked},msg:'A rule could not be finished',logdata:'%{MATCHED_VAR_NAME}',severity:2"
SecRule REQUEST_HEADERS|REQUEST_URI_RAW "@rx (?i)\\$\\{[^}]{0,30}jndi\\b" "id:${LOG4SHELL},phase:1,t:none,t:urlDecodeUni,log,auditlog,deny,status:${SIGNAL.blocked},msg:'Remote code execution: Log4Shell',logdata:'%{MATCHED_VAR}',severity:2"
Include /etc/modsecurity/crs/crs-setup.conf
SecAction "id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=${tuning.paranoia}"
${tuningRules(tuning, origins).join('\n')}
${RULE_FILES.map((file) => `Include ${PATHS.coreRules}/${file}-*.conf`).join('\n')}
# Everything in a rehearsal is called by its number.
SecRuleRemoveById 920350
SecRuleUpdateActionById 949110 "deny,status:${SIGNAL.blocked}"
`.trimStart()
}

function tuningRules({ exclusions, strict }: WafTuning, origins: EdgeAgentConfig['origins']): string[] {
  const rules = exclusions.map(({ ruleId, pathPrefix, target }, index) => {
    const leaveOut = target === undefined ? `ctl:ruleRemoveById=${ruleId}` : `ctl:ruleRemoveTargetById=${ruleId};${target}`
    return `SecRule REQUEST_FILENAME "@beginsWith ${pathPrefix}" "id:${EXCLUSION_ID + index},phase:1,pass,nolog,t:none,${leaveOut}"`
  })
  if (!strict) return rules
  const level = `setvar:tx.paranoia_level=${strict.paranoia}`
  const place = `SecRule REQUEST_FILENAME "@beginsWith ${strict.pathPrefix}" "id:${STRICT_ID},phase:1,pass,nolog,t:none`
  return [...rules, strict.partners ? `${place},chain"\nSecRule REMOTE_ADDR "@ipMatch ${peersOf(strict.partners, origins).join(',')}" "t:none,${level}"` : `${place},${level}"`]
}

/** The addresses from which these partners come. */
function peersOf(partners: readonly string[], origins: EdgeAgentConfig['origins']): string[] {
  const peers: string[] = []
  const unknown: string[] = []
  for (const partner of partners) {
    const addresses = Object.entries(origins).filter(([, origin]) => origin.partner === partner).map(([address]) => address)
    if (addresses.length === 0) unknown.push(partner)
    peers.push(...addresses)
  }
  if (unknown.length > 0) throw new Error(`the edge knows no address of the partner ${unknown.join(', ')}`)
  return peers
}
