/**
 * One row for each partner of the plan: expected, synced, finished at, state; ministries and the utility apart from provinces, unfinished first.
 * Expected comes from the plan, synced and finished at from the verdict alone: without a verdict they are unknown, never counted here.
 */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { Text } from '../../contracts/text.ts'
import type { RunRecords } from './read-run.ts'

/** `surplus`: more than expected · `unknown`: no verdict says it. */
export type PartnerState = 'unfinished' | 'surplus' | 'unknown' | 'absent' | 'complete'
export type PartnerGroup = 'ministries' | 'provinces'
export type PartnerRow = {
  id: string; title: Text; group: PartnerGroup; mode: 'real' | 'simulated' | 'absent'
  expected: number; synced: number | null; finishedAt: string | null
  /** Of the expected, how many the runbook lets the partner hold back. */
  outstanding: number
  state: PartnerState
}

const ORDER: readonly PartnerState[] = ['unfinished', 'surplus', 'unknown', 'absent', 'complete']

export function partnerRows({ plan, verdict }: Pick<RunRecords, 'plan' | 'verdict'>): PartnerRow[] {
  const judged = new Map((verdict?.partners ?? []).map((partner) => [partner.id, partner]))
  const planned = plan?.partners ?? []
  const ids = planned.length > 0 ? planned.map((partner) => partner.id) : [...judged.keys()]
  return ids.map((id, order) => {
    const plannedPartner = planned.find((partner) => partner.id === id)
    const result = judged.get(id)
    const known = PARTNERS.find((partner) => partner.id === id)
    const mode = plannedPartner?.mode ?? result?.mode ?? 'simulated'
    const expected = result?.expected ?? plannedPartner?.expected ?? 0
    const synced = result?.synced ?? null
    return {
      order, id, title: plannedPartner?.title ?? known?.title ?? { vi: id, en: id },
      group: known?.kind === 'province' ? 'provinces' as const : 'ministries' as const, mode, expected, synced,
      finishedAt: result?.finishedAt ?? null, outstanding: plannedPartner?.outstanding ?? 0, state: stateOf(mode, expected, synced),
    }
  }).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.order - b.order).map(({ order: _, ...row }) => row)
}

function stateOf(mode: PartnerRow['mode'], expected: number, synced: number | null): PartnerState {
  if (mode === 'absent') return 'absent'
  if (synced === null) return 'unknown'
  if (synced === expected) return 'complete'
  return synced < expected ? 'unfinished' : 'surplus'
}
