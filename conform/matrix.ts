/**
 * Who may take part in the cutover: for each partner, contract version and flow what the results say. `ready`: every requirement held, and a known key of the
 * partner vouches for it. `ready-with-waiver`: what is missing is covered by waivers in force, or the result is self-declared and such ones were said to
 * count. `not-ready`: a requirement is broken. `not-tested`: something could not be tried, stands in no result, nobody vouches for it, or the newest result was
 * altered or signed by somebody else; a missing measurement is never a pass. Of several results of a partner the newest counts.
 */
import { z } from 'zod'
import { Text } from '../contracts/text.ts'
import { FLOWS, type Flow } from './check.ts'
import type { ConformResult } from './result.ts'

/** What a waiver names for a result that no known key of its partner has signed. */
export const VOUCHED = 'signature'

export const Waiver = z.strictObject({
  partner: z.string().min(1),
  /** Beginning of the ids of the requirements that it covers, or `signature`. */
  requirement: z.string().min(1), reason: Text, owner: z.string().min(1), until: z.iso.date(),
})
export type Waiver = z.infer<typeof Waiver>
export const Waivers = z.strictObject({ version: z.literal(1), waivers: z.array(Waiver) })

export const READINESS = ['ready', 'ready-with-waiver', 'not-ready', 'not-tested'] as const
export type Readiness = (typeof READINESS)[number]
export type Judged = { result: ConformResult; label: 'signed' | 'self-declared' | 'foreign' | 'altered' }
export type Requirement = { id: string; flow: Flow }
export type MatrixRow = {
  partner: string; role: string | null; contract: string | null; /** Null: there is no result at all. */ label: Judged['label'] | null
  flows: Partial<Record<Flow, Readiness>>; overall: Readiness; waivers: Waiver[]; index: number; score: number | null
  /** Requirements of the contract that stand in no way in the result; null where this version of the contract is not known here. */
  missing: string[] | null
}
export type MatrixOptions = {
  waivers: readonly Waiver[]
  /** In Viet Nam. */
  today: string
  /** Partners that are to take part; one of which there is no result is not tested. */
  expected?: readonly string[] | undefined
  /** All that a whole result says something of; undefined for a role or contract version that is not known. */
  requirementsOf: (about: ConformResult['about']) => readonly Requirement[] | undefined
  /** Self-declared results count, though never as more than ready with waiver. */
  acceptSelfDeclared?: boolean | undefined
}

const WORST: readonly Readiness[] = ['not-ready', 'not-tested', 'ready-with-waiver', 'ready']
const NOTHING = { flows: {}, overall: 'not-tested', waivers: [], index: 0, score: null, missing: [] } as const satisfies Partial<MatrixRow>

export function matrixOf(results: readonly Judged[], options: MatrixOptions): MatrixRow[] {
  const newest = new Map<string, Judged>()
  for (const judged of results) {
    const { about } = judged.result
    const key = [about.partner, about.role, about.contract.role, about.contract.version, about.contract.profile].join(' ')
    const before = newest.get(key)
    if (!before || before.result.about.endedAt <= about.endedAt) newest.set(key, judged)
  }
  const rows = [...newest.values()].map((judged) => rowOf(judged, options))
  const missing = [...new Set(options.expected)].filter((partner) => !rows.some((row) => row.partner === partner))
    .map((partner): MatrixRow => ({ ...NOTHING, waivers: [], missing: [], partner, role: null, contract: null, label: null }))
  return [...rows, ...missing].toSorted((a, b) => a.partner < b.partner ? -1 : a.partner > b.partner ? 1 : (a.contract ?? '') < (b.contract ?? '') ? -1 : 1)
}

function rowOf({ result, label }: Judged, { waivers, today, requirementsOf, acceptSelfDeclared }: MatrixOptions): MatrixRow {
  const { about, outcomes, summary } = result
  const contract = `${about.contract.role} ${about.contract.version}${about.contract.profile === null ? '' : ` (${about.contract.profile})`}`
  const of = { partner: about.partner, role: about.role, contract, label }
  // Nothing of it can be believed.
  if (label === 'altered' || label === 'foreign') return { ...NOTHING, ...of, waivers: [], missing: [] }
  const inForce = waivers.filter(({ partner, until }) => partner === about.partner && until >= today)
  const used = new Set<Waiver>()
  const waived = (fits: (waiver: Waiver) => boolean) => {
    const waiver = inForce.find(fits)
    if (waiver) used.add(waiver)
    return waiver !== undefined
  }
  const vouched: Readiness = label === 'signed' ? 'ready' : waived(({ requirement }) => requirement === VOUCHED) || acceptSelfDeclared ? 'ready-with-waiver' : 'not-tested'
  const required = requirementsOf(about)
  const said = new Set(outcomes.map(({ id }) => id))
  const missing = required?.filter(({ id }) => !said.has(id)) ?? null
  const each = [
    ...outcomes.map(({ id, flow, outcome }) => ({ flow, readiness: outcome === 'held' ? vouched : waived(({ requirement }) => id.startsWith(requirement)) ? 'ready-with-waiver' as const : outcome === 'broken' ? 'not-ready' as const : 'not-tested' as const })),
    ...(missing ?? []).map(({ id, flow }) => ({ flow, readiness: waived(({ requirement }) => id.startsWith(requirement)) ? 'ready-with-waiver' as const : 'not-tested' as const })),
  ]
  const flows = Object.fromEntries(FLOWS.flatMap((flow) => {
    const members = each.filter((one) => one.flow === flow)
    return members.length === 0 ? [] : [[flow, worst([...members.map(({ readiness }) => readiness), ...(vouched === 'ready' ? [] : [vouched])])]]
  })) as MatrixRow['flows']
  // Only a part of the checks was wanted, or the contract is not known: what was left out is not known either.
  const unknown = about.part !== null || missing === null
  return { ...of, flows, overall: worst([...Object.values(flows), ...(unknown ? ['not-tested' as const] : [])]), waivers: [...used], index: summary.index, score: summary.score, missing: missing?.map(({ id }) => id) ?? null }
}

function worst(all: readonly Readiness[]): Readiness { return WORST.find((one) => all.includes(one)) ?? 'not-tested' }
