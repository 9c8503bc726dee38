/**
 * `waf.tune {exclusions, paths}`: the firewall of the new edge does not apply these rules under these paths from now on; then the standard set of attacks
 * (`cutover/attacks`) is sent to `paths`, where nothing is, and must still be blocked. The facts name each attack that was not. Rules of an engine that the
 * edge does not have are left out (a runbook may name rules of both). Undo: the exclusions that there were.
 */
import { z } from 'zod'
import type { WafExclusion } from '../../contracts/api/admin.ts'
import { assertAllowed } from '../allow-list.ts'
import { tryAttacks, type Tried } from '../attacks/index.ts'
import { edgeAt, edgeIfAny, hostOf } from '../systems.ts'
import { stepAction } from './step-action.ts'

const Path = z.string().regex(/^\/[\w./-]*$/, 'a path of letters, digits and . _ - /')

const Exclusion = z.strictObject({
  rules: z.array(z.string().regex(/^[\w.-]+$/)).min(1),
  under: Path,
  /** Only these variables are left out of the rules. */
  targets: z.array(z.string().regex(/^[A-Z_]+(?::[\w.-]+)?$/, 'a variable, as ARGS:json.note')).min(1).optional(),
})

export const wafTuneStep = stepAction({
  id: 'waf.tune',
  schema: z.strictObject({ exclusions: z.array(Exclusion).default([]), paths: z.array(Path).min(1).default(['/sync/v1/waf-probe', '/api/waf-probe']) }),
  describe: () => ({ vi: 'Tinh chỉnh tường lửa ứng dụng (WAF) và chứng minh vẫn chặn tấn công', en: 'Tune the web application firewall and prove that attacks are still blocked' }),
  needs: (target) => edgeIfAny(target, 'new')?.admin !== undefined ? [] : [{
    missing: 'the target has no edge whose firewall can be told and asked (admin)', mend: 'have it tuned by hand beforehand, and use a runbook without this step',
  }],
  async run({ ports, plan: { target }, state, facts, memory, signal }, { exclusions, paths }) {
    const edge = edgeAt(target, 'new')
    const admin = ports.admin(edge.id)
    const before = await admin.control({ action: 'waf.get' })
    const there = before['exclusions'] as WafExclusion[]
    memory['exclusions'] = there
    const wanted = exclusions.flatMap(({ rules, under, targets }) => rules.flatMap((ruleId): WafExclusion[] =>
      targets ? targets.map((variable) => ({ ruleId, pathPrefix: under, target: variable })) : [{ ruleId, pathPrefix: under }]))
    const added = wanted.filter((exclusion) => isOf(before, exclusion) && !there.some((one) => isSame(one, exclusion)))
    Object.assign(facts, { edge: edge.id, engine: String(before['engine']), exclusionsBefore: there.length, exclusionsAdded: added.length })
    if (added.length > 0) await admin.control({ action: 'waf.tune', exclusions: [...there, ...added] })

    assertAllowed(`url of system "${edge.id}"`, hostOf(edge.url!), target.allow)
    const { attacks, harmless } = await tryAttacks({ url: edge.url!, edge: edge.id, paths, signal })
    const refused = harmless.filter(({ outcome }) => outcome !== 'passed')
    if (refused.length > 0) throw new Error(`the firewall of ${edge.id} does not let harmless requests pass, so what it blocks proves nothing: ${named(refused)}`)
    const open = attacks.filter(({ outcome }) => outcome !== 'blocked')
    state.waf = { attacks: attacks.length, blocked: attacks.length - open.length }
    Object.assign(facts, { attacks: attacks.length, attacksBlocked: attacks.length - open.length, notBlocked: named(open) || null })
  },
  async undo({ ports, plan: { target }, state, memory }) {
    state.waf = { attacks: null, blocked: null }
    if (!Array.isArray(memory['exclusions'])) return
    await ports.admin(edgeAt(target, 'new').id).control({ action: 'waf.tune', exclusions: memory['exclusions'] as WafExclusion[] })
  },
})

/** OWASP rules have numbers; those of the reference engine have names, and it tells which it has. */
function isOf({ engine, rules }: Record<string, unknown>, { ruleId, target }: WafExclusion): boolean {
  return engine === 'modsecurity' ? /^\d+$/.test(ruleId) : target === undefined && (rules as { id: string }[]).some(({ id }) => id === ruleId)
}

function isSame(one: WafExclusion, other: WafExclusion): boolean {
  return one.ruleId === other.ruleId && one.pathPrefix === other.pathPrefix && one.target === other.target
}

function named(tried: readonly Tried[]): string { return tried.map(({ id, path, outcome }) => `${id} at ${path} (${outcome})`).join(', ') }
