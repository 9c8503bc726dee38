/** Every partner brought all its dossiers onto the portal: synced == expected, with the moment of its last acknowledged push (scenario clock). */
import type { Verdict } from '../../../contracts/verdict.ts'
import type { z } from 'zod'
import type { Case } from '../case.ts'
import { isHistoryWhole, neverOffered } from '../offered.ts'
import { type CriterionRule, listed, result } from './criterion.ts'

type PartnerResult = z.infer<typeof Verdict>['partners'][number]

/** `synced` counts dossiers that the portal holds, whether the partner heard the yes or not; `finishedAt` is null while some are missing. */
export function partnerResults(kase: Case): Promise<(PartnerResult & { lastAt: string | null })[]> {
  // Asked for by the criterion, the figures and the verdict itself.
  let results = known.get(kase)
  if (!results) known.set(kase, results = count(kase))
  return results
}

const known = new WeakMap<Case, ReturnType<typeof partnerResults>>()

async function count({ db, plan, times }: Case): ReturnType<typeof partnerResults> {
  const rows = await db.rows<{ partner: string; synced: number; last: number | null }>(`
    SELECT o.partner, count(*) FILTER (coalesce(s.n0, 0) >= 1) AS synced, max(CASE WHEN o.outcome = 'ok' THEN o.completed END) AS last
    FROM ops o LEFT JOIN seen s ON s.id = o.id WHERE o.kind = 'sync.dossier' AND o.partner IS NOT NULL GROUP BY o.partner`)
  const found = new Map(rows.map((row) => [row.partner, row]))
  return plan.partners.map(({ id, mode, expected }) => {
    const { synced = 0, last = null } = found.get(id) ?? {}
    const lastAt = last === null ? null : times.scenarioIso(last)
    return { id, mode, expected, synced, finishedAt: synced === expected ? lastAt : null, lastAt }
  })
}

export const partners: CriterionRule = {
  id: 'partners.complete',
  async check(kase) {
    const all = await partnerResults(kase)
    if (all.length === 0) return []
    const open = all.filter((partner) => partner.mode !== 'absent' && partner.synced !== partner.expected)
    const sum = (of: (partner: PartnerResult) => number) => all.reduce((total, partner) => total + of(partner), 0)
    const portalRead = kase.plan.target.systems.filter((system) => system.role === 'portal').every((system) => kase.states.get(`evidence/${system.id}.ndjson`)?.whole)
    // Without the whole history nobody knows which partner a dossier on the portal came from; an interrupted night had no time for all, and a broken journal does not say whether it was.
    const told = portalRead && kase.times.whole && !kase.times.interrupted && isHistoryWhole(kase)
    const missing = await neverOffered(kase)
    const generatorAlone = open.length > 0 && open.every((partner) => partner.expected - partner.synced === (missing.get(partner.id) ?? 0))
    return [result('partners.complete', open.length === 0 && portalRead ? 'pass' : told && !generatorAlone ? 'fail' : 'inconclusive', `${all.length} partners, ${sum((partner) => partner.expected)} dossiers on the portal`,
      !portalRead ? 'the portal was not read' : open.length === 0 ? `${sum((partner) => partner.synced)} dossiers` : `${open.length} unfinished: ${listed(open.map((partner) => `${partner.id} ${partner.synced}/${partner.expected}, last at ${partner.lastAt ?? 'never'}`), 60)}${generatorAlone ? '; the load generator never offered the others' : ''}`)]
  },
}
