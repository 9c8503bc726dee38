/**
 * How ready each ministry's central system is, by the four criteria of 004 (facts section 4): (i) live, (ii) all procedures published and configured,
 * (iii) connected with the portal, (iv) real dossiers have arisen. Only what the document says or its figures show; the rest is unknown. Groups as there:
 * 1 all four, 2 in trial or incomplete, 3 none or no information; the document counts 7 of 17 in group 1 without naming them, so null: not decidable from it.
 */
import { z } from 'zod'

export const CRITERIA = ['live', 'configured', 'connected', 'realDossiers'] as const
export type Criterion = (typeof CRITERIA)[number]

/** `derived`: the document does not say it in words, its figures show it. */
export type Finding = { state: 'yes' | 'no'; basis: 'stated' | 'derived'; source: string } | { state: 'unknown' }
export type Readiness = {
  partnerId: string
  criteria: Readonly<Record<Criterion, Finding>>
  group: 1 | 2 | 3 | null
  /** Procedures configured, of how many (null where the whole is not given), and dossiers on the central system from 1/3 to 29/5/2026. */
  procedures: { configured: number; of: number | null } | null
  dossiers90Days: number | null
}

type Row = [partnerId: string, configured: number | null, of: number | null, dossiers: number | null]

const SOURCE = '004'
const UNKNOWN: Finding = { state: 'unknown' }

const ROWS: readonly Row[] = [
  ['agriculture-environment', 583, 624, 117_615],
  ['science-technology', 499, null, 17_078],
  ['home-affairs', 185, 199, 43_610],
  ['construction', 430, null, 338_346],
  ['industry-trade', 503, null, 48_569],
  ['health', null, null, null],
  ['education-training', null, null, null],
  ['justice', 255, 255, 1_168_391],
  ['state-bank', 261, null, 17_601],
  ['ethnic-religious', 58, null, 1_600],
  ['culture-sports-tourism', 317, null, 0],
  ['finance', 654, 694, null],
  ['defence', 186, null, 16_243],
  ['foreign-affairs', null, null, null],
  ['public-security', 169, 339, 28_119_513],
]

export const READINESS: readonly Readiness[] = ROWS.map(([partnerId, configured, of, dossiers90Days]) => {
  const criteria: Record<Criterion, Finding> = {
    // Dossiers were worked on it for ninety days.
    live: dossiers90Days ? { state: 'yes', basis: 'derived', source: SOURCE } : UNKNOWN,
    configured: configured === null || of === null ? UNKNOWN : { state: configured === of ? 'yes' : 'no', basis: 'stated', source: SOURCE },
    // 15 of 15 (004); 14 by name in 001.
    connected: { state: 'yes', basis: 'stated', source: SOURCE },
    realDossiers: dossiers90Days === null ? UNKNOWN : { state: dossiers90Days > 0 ? 'yes' : 'no', basis: 'stated', source: SOURCE },
  }
  return { partnerId, criteria, group: groupOf(criteria), procedures: configured === null ? null : { configured, of }, dossiers90Days }
})

const BY_PARTNER = new Map(READINESS.map((readiness) => [readiness.partnerId, readiness]))

/** Undefined for those of whom 004 says nothing: provinces, utilities. */
export function readinessOf(partnerId: string): Readiness | undefined { return BY_PARTNER.get(partnerId) }

/** Null where too little is known to tell the groups apart. */
export function groupOf(criteria: Readonly<Record<Criterion, Finding>>): 1 | 2 | 3 | null {
  const states = CRITERIA.map((criterion) => criteria[criterion].state)
  if (states.every((state) => state === 'yes')) return 1
  if (!states.includes('yes')) return 3
  return states.includes('no') ? 2 : null
}

/** How ready a simulated dossier system is started; ready in all where nothing is said. */
export const SimulatedReadiness = z.strictObject({
  live: z.boolean().default(true),
  /** Codes of procedures that are not configured, or all. */
  unconfigured: z.union([z.literal('all'), z.array(z.string())]).default([]),
  /** False: there is no connection that anybody could switch on. */
  connectable: z.boolean().default(true),
})
export type SimulatedReadiness = z.input<typeof SimulatedReadiness>
