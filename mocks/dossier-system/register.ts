/**
 * A partner's book of dossiers and statuses: by code, and by the operation that made them. A status may come before its dossier (they travel apart);
 * the newest of those is kept until the dossier is here. Bounded by a memory: with a dossier goes what was told of it (`forgetCase` for what stands elsewhere).
 */
import { STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import type { Memory } from '../memory.ts'
import type { HeldDossier, HeldStatus, SyncState } from './held.ts'

export type Register = ReturnType<typeof createRegister>

/** Statuses for each dossier, as a rule. */
const STATUSES = 4

export function createRegister(memory: Memory, forgetCase: (dossierCodes: ReadonlySet<string>) => void = () => {}) {
  const dossiers = new Map<string, HeldDossier>()
  /** As stored, for lists page by page. */
  const inOrder: HeldDossier[] = []
  const byReference = new Map<string, HeldDossier>()
  const statuses = new Map<string, HeldStatus>()
  const ahead = new Map<string, HeldStatus>()
  let stored = 0
  /** When the latest was submitted that is forgotten. */
  let goneUntil = -Infinity
  const keptStatuses = memory.keep<HeldStatus>({
    isFinished: isSettled, times: STATUSES,
    forget: (forgotten) => {
      for (const status of forgotten) {
        statuses.delete(status.reference)
        if (ahead.get(status.dossierCode) === status) ahead.delete(status.dossierCode)
      }
    },
  })
  const kept = memory.keep<HeldDossier>({
    isFinished: (dossier) => isSettled(dossier) && !isOpen(dossier.status),
    forget: (forgotten) => {
      const codes = new Set<string>()
      for (const { code, reference, submittedAt } of forgotten) {
        codes.add(code)
        dossiers.delete(code)
        byReference.delete(reference)
        goneUntil = Math.max(goneUntil, submittedAt)
      }
      let left = 0
      for (const dossier of inOrder) if (!forgotten.has(dossier)) { inOrder[left] = dossier; left += 1 }
      inOrder.length = left
      for (const status of statuses.values()) {
        if (!codes.has(status.dossierCode)) continue
        statuses.delete(status.reference)
        keptStatuses.drop(status)
      }
      forgetCase(codes)
    },
  })

  return {
    /** Whether dossiers are forgotten that were submitted then or later. */
    isGone: (from: number): boolean => from <= goneUntil,
    /** The running number of the newest. */
    stored: () => stored,
    dossiers: dossiers as ReadonlyMap<string, HeldDossier>,
    inOrder: inOrder as readonly HeldDossier[],
    statuses: statuses as ReadonlyMap<string, HeldStatus>,
    find: (reference: string) => byReference.get(reference),

    add(dossier: HeldDossier): void {
      dossiers.set(dossier.code, dossier)
      inOrder.push(dossier)
      stored += 1
      dossier.nth = stored
      kept.add(dossier)
      // From before the cutover: many have no reference.
      if (dossier.reference !== '') byReference.set(dossier.reference, dossier)
      const early = ahead.get(dossier.code)
      if (early) dossier.take(early)
      ahead.delete(dossier.code)
    },

    addStatus(status: HeldStatus): void {
      statuses.set(status.reference, status)
      keptStatuses.add(status)
      const dossier = dossiers.get(status.dossierCode)
      if (dossier) return dossier.take(status)
      const early = ahead.get(status.dossierCode)
      if (!early || early.at <= status.at) ahead.set(status.dossierCode, status)
    },
  }
}

/** Nothing is owed to the portal for it. */
function isSettled({ sync }: SyncState): boolean { return sync !== 'unknown' }

/** Something is still to be done before the result. */
export function isOpen(status: string): boolean { return status !== 'done' && (STATUS_TRANSITIONS[status as DossierStatus]?.length ?? 1) > 0 }
