/** The record types that operations leave (`contracts/kinds.ts`) and the systems that could hold one another's records by mistake. */
import { KINDS } from '../../contracts/kinds.ts'
import type { SystemRole } from '../../contracts/target.ts'

export const RECORD_TYPES: readonly string[] = [...new Set(Object.values(KINDS).flatMap((rule) =>
  [rule.recordType, ...rule.copies.map((copy) => copy.recordType)].filter((type) => type !== null)))]

/** Types whose rows say when they were written (`transactions.ts`). */
export const TIMED_TYPES: readonly string[] = ['dossier', 'event', 'sms', 'paid', 'receipt']

/** 1-based index as stored; 0 stands for every other key (services, caches, logs). */
export function recordTypeIndex(type: string): number { return RECORD_TYPES.indexOf(type) + 1 }

/**
 * Systems of one group are rivals: a record that is due in one of them and lies in another is "elsewhere" (design section 5). A bit each.
 * Payments, notifications and coordination have no rival; that the portal keeps a row of a payment is no misrouting.
 */
export function rivalGroup(role: SystemRole | null): number {
  switch (role) {
    case 'portal': case 'legacy': return 1
    case 'partner': return 2
    case 'bank': return 4
    default: return 0
  }
}

/** Roles that keep records of operations: read once before the run, and once in the end. */
export const RECORD_KEEPERS: ReadonlySet<SystemRole> = new Set<SystemRole>(['portal', 'legacy', 'coordination', 'payments', 'notifications', 'feedback', 'vneid', 'bank', 'sms', 'partner'])
