/**
 * Who may take part in the cutover: for each partner, contract version and flow what the results say. `ready`: every requirement held. `ready-with-waiver`:
 * those that did not are covered by waivers in force. `not-ready`: a requirement is broken. `not-tested`: something could not be tried, or the newest result was
 * altered; a missing measurement is never a pass. Of several results of a partner the newest counts.
 */
import { z } from 'zod'
import { Text } from '../contracts/text.ts'
import { FLOWS, type Flow } from './check.ts'
import type { ConformResult } from './result.ts'

export const Waiver = z.strictObject({
  partner: z.string().min(1),
  /** Beginning of the ids of the requirements that it covers. */
  requirement: z.string().min(1), reason: Text, owner: z.string().min(1), until: z.iso.date(),
})
export type Waiver = z.infer<typeof Waiver>
export const Waivers = z.strictObject({ version: z.literal(1), waivers: z.array(Waiver) })

export const READINESS = ['ready', 'ready-with-waiver', 'not-ready', 'not-tested'] as const
export type Readiness = (typeof READINESS)[number]
export type Judged = { result: ConformResult; label: 'signed' | 'self-declared' | 'altered' }
/** `label` null: there is no result at all. */
export type MatrixRow = { partner: string; role: string | null; contract: string | null; label: Judged['label'] | null; flows: Partial<Record<Flow, Readiness>>; overall: Readiness; waivers: Waiver[]; index: number; score: number | null }

const WORST: readonly Readiness[] = ['not-ready', 'not-tested', 'ready-with-waiver', 'ready']

/** `expected`: partners that are to take part; one of which there is no result is not tested. */
export function matrixOf(results: readonly Judged[], waivers: readonly Waiver[], today: string, expected: readonly string[] = []): MatrixRow[] {
  const newest = new Map<string, Judged>()
  for (const judged of results) {
    const { about } = judged.result
    const key = [about.partner, about.role, about.contract.role, about.contract.version, about.contract.profile].join(' ')
    const before = newest.get(key)
    if (!before || before.result.about.endedAt <= about.endedAt) newest.set(key, judged)
  }
  const rows = [...newest.values()].map((judged) => rowOf(judged, waivers, today))
  const missing = [...new Set(expected)].filter((partner) => !rows.some((row) => row.partner === partner))
    .map((partner): MatrixRow => ({ partner, role: null, contract: null, label: null, flows: {}, overall: 'not-tested', waivers: [], index: 0, score: null }))
  return [...rows, ...missing].toSorted((a, b) => a.partner < b.partner ? -1 : a.partner > b.partner ? 1 : (a.contract ?? '') < (b.contract ?? '') ? -1 : 1)
}

function rowOf({ result, label }: Judged, waivers: readonly Waiver[], today: string): MatrixRow {
  const { about, outcomes, summary } = result
  const contract = `${about.contract.role} ${about.contract.version}${about.contract.profile === null ? '' : ` (${about.contract.profile})`}`
  // Nothing of it can be believed.
  if (label === 'altered') return { partner: about.partner, role: about.role, contract, label, flows: {}, overall: 'not-tested', waivers: [], index: 0, score: null }
  const inForce = waivers.filter(({ partner, until }) => partner === about.partner && until >= today)
  const used = new Set<Waiver>()
  const flows: Partial<Record<Flow, Readiness>> = {}
  for (const flow of FLOWS) {
    const members = outcomes.filter((outcome) => outcome.flow === flow)
    if (members.length === 0) continue
    const each = members.map(({ id, outcome }): Readiness => {
      if (outcome === 'held') return 'ready'
      const waiver = inForce.find(({ requirement }) => id.startsWith(requirement))
      if (waiver) used.add(waiver)
      return waiver ? 'ready-with-waiver' : outcome === 'broken' ? 'not-ready' : 'not-tested'
    })
    flows[flow] = worst(each)
  }
  // Only a part of the checks was wanted: what was left out is not known.
  const overall = worst([...Object.values(flows), ...(about.part === null ? [] : ['not-tested' as const])])
  return { partner: about.partner, role: about.role, contract, label, flows, overall, waivers: [...used], index: summary.index, score: summary.score }
}

function worst(all: readonly Readiness[]): Readiness { return WORST.find((one) => all.includes(one)) ?? 'not-tested' }
