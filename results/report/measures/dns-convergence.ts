/**
 * How each region's resolver moved to the new address. In: tables `answer` and `operation`, the plan's target, clock, and the moment of the
 * switch (wall). Out: per region the share of answers with the new address over scenario time, when the old one was last seen, and how many
 * front operations the old portal still served after the switch.
 */
import type { Plan } from '../../../contracts/plan.ts'
import { scenarioNowMs, type ClockPlan } from '../../../contracts/scenario-clock.ts'
import { literal, type RecordTables } from './record-table.ts'

export type RegionConvergence = {
  region: string
  profile: string
  answers: number
  /** Scenario epoch ms and share of answers with the new address, 0 to 1. */
  curve: { at: number; share: number }[]
  firstNewAt: number | null
  lastOldAt: number | null
  /** Whether the last answers were all the new address; null without answers. */
  converged: boolean | null
  oldPortalAfterSwitch: number | null
}
export type DnsConvergence = { switchedAt: number | null; bucketScenarioMs: number; regions: RegionConvergence[] }

/** Short enough to show the TTL, long enough to hold several answers. */
const BUCKET_SCENARIO_MS = 120_000

export async function dnsConvergence(tables: RecordTables, plan: Plan, clock: ClockPlan, switchedWallMs: number | null): Promise<DnsConvergence> {
  const { addresses, portalHost } = plan.target
  const bucketWallMs = BUCKET_SCENARIO_MS / clock.timeScale
  const ofPortal = `rtrim(name, '.') = ${literal(portalHost)}`
  const curves = await tables.rows(`SELECT resolver, CAST(floor((seenAt - ${clock.startedAtMs}) / ${bucketWallMs}) AS INTEGER) AS bucket,
      count(*) AS answers, count(*) FILTER (address = ${literal(addresses.new)}) AS fresh FROM answer WHERE ${ofPortal} GROUP BY ALL ORDER BY resolver, bucket`)
  const ends = await tables.rows(`SELECT resolver, count(*) AS answers, min(seenAt) FILTER (address = ${literal(addresses.new)}) AS firstNew,
      max(seenAt) FILTER (address = ${literal(addresses.old)}) AS lastOld, max(seenAt) AS lastSeen FROM answer WHERE ${ofPortal} GROUP BY resolver`)
  const served = switchedWallMs === null ? [] : await tables.rows(`SELECT region, count(*) AS n FROM operation
    WHERE system = 'legacy' AND invokedAt >= ${switchedWallMs} GROUP BY region`)
  const scenario = (wallMs: unknown) => (wallMs === null || wallMs === undefined ? null : scenarioNowMs(clock, Number(wallMs)))
  return {
    switchedAt: scenario(switchedWallMs), bucketScenarioMs: BUCKET_SCENARIO_MS,
    regions: plan.target.regions.map(({ id, resolver }) => {
      const end = ends.find((row) => row['resolver'] === `resolver-${id}`)
      return {
        region: id, profile: resolver.profile, answers: Number(end?.['answers'] ?? 0),
        curve: curves.filter((row) => row['resolver'] === `resolver-${id}`).map((row) => ({
          at: clock.scenarioStartMs + (Number(row['bucket']) + 0.5) * BUCKET_SCENARIO_MS, share: Number(row['fresh']) / Number(row['answers']),
        })),
        firstNewAt: scenario(end?.['firstNew']), lastOldAt: scenario(end?.['lastOld']),
        converged: end ? end['firstNew'] !== null && (end['lastOld'] === null || Number(end['lastOld']) < Number(end['lastSeen'])) : null,
        oldPortalAfterSwitch: switchedWallMs === null ? null : Number(served.find((row) => row['region'] === id)?.['n'] ?? 0),
      }
    }),
  }
}
