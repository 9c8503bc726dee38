/**
 * The statuses of a dossier on the new systems, their order and the transitions that the process allows (facts section 4,
 * general knowledge, replaceable). The old portal has numbers of its own; the migration's mapping file translates them.
 */
import { z } from 'zod'

export const DOSSIER_STATUSES = [
  'newly-registered', 'received', 'not-received', 'in-process', 'supplement-asked', 'financial-obligation',
  'withdrawn', 'stopped', 'done', 'result-returned',
] as const
export const DossierStatus = z.enum(DOSSIER_STATUSES)
export type DossierStatus = z.infer<typeof DossierStatus>

/** How far a dossier has come; of two statuses the higher rank is the newer where no time decides. */
export const STATUS_RANK: Record<DossierStatus, number> = {
  'newly-registered': 0, 'received': 1, 'not-received': 1, 'in-process': 2, 'supplement-asked': 2, 'financial-obligation': 2,
  'withdrawn': 3, 'stopped': 3, 'done': 3, 'result-returned': 4,
}

/** Allowed next statuses; staying is always allowed. */
export const STATUS_TRANSITIONS: Record<DossierStatus, readonly DossierStatus[]> = {
  'newly-registered': ['received', 'not-received', 'in-process', 'supplement-asked', 'financial-obligation', 'withdrawn', 'done', 'result-returned'],
  'received': ['in-process', 'supplement-asked', 'financial-obligation', 'withdrawn', 'stopped', 'done', 'result-returned'],
  'not-received': [],
  'in-process': ['supplement-asked', 'financial-obligation', 'withdrawn', 'stopped', 'done', 'result-returned'],
  'supplement-asked': ['in-process', 'withdrawn', 'stopped', 'done'],
  'financial-obligation': ['in-process', 'withdrawn', 'stopped', 'done'],
  'withdrawn': [],
  'stopped': [],
  'done': ['result-returned'],
  'result-returned': [],
}
