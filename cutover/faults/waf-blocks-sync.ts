/**
 * `waf-blocks-sync`: the firewall takes partners' ordinary pushes for attacks (001 3(2)). On an edge with ModSecurity the level of the OWASP core rule set
 * is raised for these partners' sync calls and the exclusions for sync are gone: at level 3 every Vietnamese letter is an invalid character. On the
 * reference engine a new rule takes ordinary Vietnamese names for SQL. Witness: the edge's own log of what it blocked.
 */
import { z } from 'zod'
import type { WafExclusion, WafRule, WafTuning } from '../../contracts/api/admin.ts'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import type { AdminPort } from '../ports.ts'
import { edgeAt } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault } from './fault.ts'
import { paranoia, partners, words } from './params.ts'

export const RULE_ID = 'sqli-keywords-vi'
const SYNC = '/sync'
const REQUIRED = 3

export const wafBlocksSync = fault({
  id: 'waf-blocks-sync',
  title: INCIDENTS['waf-blocks-sync'].title,
  // The words are half of the middle names of invented people (contracts/reference/people.ts); the reference engine's alone, as the level is ModSecurity's.
  schema: z.strictObject({ partners: partners(['justice', 'ha-noi', 'ho-chi-minh']), words: words(['Thị', 'Đức', 'Minh', 'Thanh']), paranoia: paranoia(3) }),
  phase: 'at-step:partners.connect',
  needs: (target) => [{ system: edgeAt(target, 'new').id, what: 'admin' }],
  async inject({ target, admin, clock, memory }, params) {
    const edge = admin(edgeAt(target, 'new').id)
    memory['injectedAt'] = clock.nowMs()
    const found = await edge.control({ action: 'waf.get' })
    memory['engine'] = found['engine']
    if (found['engine'] === 'modsecurity') {
      const { exclusions, strict } = found as unknown as WafTuning
      Object.assign(memory, { strict, dropped: exclusions.filter(isOfSync) })
      await edge.control({ action: 'waf.tune', exclusions: exclusions.filter((exclusion) => !isOfSync(exclusion)), strict: { paranoia: params.paranoia, pathPrefix: SYNC, partners: params.partners } })
      return
    }
    const rules = found['rules'] as WafRule[]
    memory['rules'] = rules
    await edge.control({ action: 'waf.set', rules: [...rules.filter((rule) => rule.id !== RULE_ID), ruleFor(params.partners, params.words)] })
  },
  async heal({ target, admin, memory }) {
    const edge = admin(edgeAt(target, 'new').id)
    if (memory['rules']) await edge.control({ action: 'waf.set', rules: memory['rules'] as WafRule[] })
    if (memory['dropped']) await putBack(edge, memory as { strict: WafTuning['strict']; dropped: WafExclusion[] })
  },
  async witness({ target, admin, memory }, params) {
    const onLevels = memory['engine'] === 'modsecurity'
    const touched = await countRows(admin(edgeAt(target, 'new').id), ({ key, fields, sourceAt }) => key.startsWith('block/') && (onLevels
      ? String(fields['path']).startsWith(`${SYNC}/`) && params.partners.includes(String(fields['partner'])) && (sourceAt ?? 0) >= Number(memory['injectedAt'])
      : fields['ruleId'] === RULE_ID))
    return { touched, required: REQUIRED, note: `requests that the new edge blocked ${onLevels ? `at level ${params.paranoia}, of the partners ${params.partners.join(', ')}` : `by the rule ${RULE_ID}`}: ${touched}` }
  },
})

function isOfSync({ pathPrefix }: WafExclusion): boolean { return pathPrefix.startsWith(SYNC) }

/** What a step has tuned meanwhile stays. */
async function putBack(edge: AdminPort, { strict, dropped }: { strict: WafTuning['strict']; dropped: WafExclusion[] }): Promise<void> {
  const now = (await edge.control({ action: 'waf.get' }))['exclusions'] as WafExclusion[]
  const missing = dropped.filter((exclusion) => !now.some((one) => JSON.stringify(one) === JSON.stringify(exclusion)))
  await edge.control({ action: 'waf.tune', exclusions: [...now, ...missing], strict })
}

/** The member's order in the body is the sender's business, so the unit is looked for on either side of the name. */
export function ruleFor(partnerIds: readonly string[], nameWords: readonly string[]): WafRule {
  const unit = `"unitCode":"(?:${partnerIds.map((id) => partnerOf(id).unitCode.replaceAll('.', '\\.')).join('|')})"`
  return {
    id: RULE_ID, title: 'SQL injection: keywords in text', target: 'body', pathPrefix: '/sync', action: 'block',
    pattern: `(?<="applicantName":"[^"]*)(?:${nameWords.join('|')})(?:(?<=${unit}[\\s\\S]*)|(?=[\\s\\S]*${unit}))`,
  }
}
