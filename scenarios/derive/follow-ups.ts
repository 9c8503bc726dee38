/**
 * What follows a dossier: who acts on it, on which of them, after whom. A table; counts and times come with the plan, which knows the seed and thereby
 * every dossier's fate.
 */
import type { Fate } from '../cast/fate.ts'

export type FollowUp = {
  name: string
  actor: 'citizen' | 'staff' | 'partner'
  journey: readonly string[]
  dossiersOf: string
  among?: Fate
  /** Scenarios that handled the same dossier before; the one that made it where none did. */
  after: readonly string[]
}

export const FOLLOW_UPS: readonly FollowUp[] = [
  { name: 'officers-receive', actor: 'staff', journey: ['staff-login', 'receive'], dossiersOf: 'citizens', among: 'received', after: ['citizens'] },
  { name: 'officers-refuse', actor: 'staff', journey: ['staff-login', 'refuse'], dossiersOf: 'citizens', among: 'refused', after: ['citizens'] },
  { name: 'officers-supplement', actor: 'staff', journey: ['staff-login', 'supplement'], dossiersOf: 'citizens', among: 'supplement', after: ['officers-receive'] },
  { name: 'citizens-answer', actor: 'citizen', journey: ['login', 'answer-supplement'], dossiersOf: 'citizens', among: 'supplement', after: ['officers-supplement'] },
  { name: 'citizens-withdraw', actor: 'citizen', journey: ['login', 'withdraw'], dossiersOf: 'citizens', among: 'withdrawn', after: ['officers-receive'] },
  { name: 'officers-process', actor: 'staff', journey: ['staff-login', 'process'], dossiersOf: 'citizens', among: 'finished', after: ['officers-receive', 'citizens-answer'] },
  { name: 'officers-stop', actor: 'staff', journey: ['staff-login', 'stop'], dossiersOf: 'citizens', among: 'stopped', after: ['officers-receive', 'citizens-answer'] },
  { name: 'officers-return', actor: 'staff', journey: ['staff-login', 'return-result'], dossiersOf: 'citizens', among: 'returned', after: ['officers-process'] },
  // When the dossier has ended without a result, or will not any more: paying and refusing at the same moment would be a race, and no finding.
  { name: 'counter', actor: 'staff', journey: ['staff-login', 'pay-at-counter'], dossiersOf: 'citizens', among: 'counter', after: ['officers-refuse', 'citizens-withdraw', 'officers-stop', 'officers-process'] },
  { name: 'refunds', actor: 'staff', journey: ['staff-login', 'refund'], dossiersOf: 'citizens', among: 'refund', after: ['officers-refuse', 'citizens-withdraw', 'officers-stop'] },
  { name: 'desk', actor: 'partner', journey: ['status-sync'], dossiersOf: 'citizens', among: 'desk', after: ['citizens'] },
]
