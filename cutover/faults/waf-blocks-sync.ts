/**
 * `waf-blocks-sync`: a new rule of the firewall takes ordinary Vietnamese names for an attack, so that it blocks a share of some partners'
 * pushes (001 3(2)). The rules that were there are kept. Witness: the edge's own log of what it blocked by this rule.
 */
import { z } from 'zod'
import type { WafRule } from '../../contracts/api/admin.ts'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { edgeAt } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault } from './fault.ts'
import { partners, words } from './params.ts'

export const RULE_ID = 'sqli-keywords-vi'
const REQUIRED = 3

export const wafBlocksSync = fault({
  id: 'waf-blocks-sync',
  title: INCIDENTS['waf-blocks-sync'].title,
  // The words are half of the middle names of invented people (contracts/reference/people.ts).
  schema: z.strictObject({ partners: partners(['justice', 'ha-noi', 'ho-chi-minh']), words: words(['Thị', 'Đức', 'Minh', 'Thanh']) }),
  phase: 'at-step:partners.connect',
  needs: (target) => [{ system: edgeAt(target, 'new').id, what: 'admin' }],
  async inject({ target, admin, memory }, params) {
    const edge = admin(edgeAt(target, 'new').id)
    const { rules } = await edge.control({ action: 'waf.get' }) as { rules: WafRule[] }
    memory['rules'] = rules
    await edge.control({ action: 'waf.set', rules: [...rules.filter((rule) => rule.id !== RULE_ID), ruleFor(params.partners, params.words)] })
  },
  async heal({ target, admin, memory }) {
    if (memory['rules']) await admin(edgeAt(target, 'new').id).control({ action: 'waf.set', rules: memory['rules'] as WafRule[] })
  },
  async witness({ target, admin }) {
    const touched = await countRows(admin(edgeAt(target, 'new').id), (row) => row.key.startsWith('block/') && row.fields['ruleId'] === RULE_ID)
    return { touched, required: REQUIRED, note: `requests that the new edge blocked by the rule ${RULE_ID}: ${touched}` }
  },
})

/** The member's order in the body is the sender's business, so the unit is looked for on either side of the name. */
export function ruleFor(partnerIds: readonly string[], nameWords: readonly string[]): WafRule {
  const unit = `"unitCode":"(?:${partnerIds.map((id) => partnerOf(id).unitCode.replaceAll('.', '\\.')).join('|')})"`
  return {
    id: RULE_ID, title: 'SQL injection: keywords in text', target: 'body', pathPrefix: '/sync', action: 'block',
    pattern: `(?<="applicantName":"[^"]*)(?:${nameWords.join('|')})(?:(?<=${unit}[\\s\\S]*)|(?=[\\s\\S]*${unit}))`,
  }
}
