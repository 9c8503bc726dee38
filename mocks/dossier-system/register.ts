/**
 * A partner's book of dossiers and statuses: by code, and by the operation that made them. A status may come before its dossier (they travel apart);
 * the newest of those is kept until the dossier is here.
 */
import type { HeldDossier, HeldStatus } from './held.ts'

export type Register = ReturnType<typeof createRegister>

export function createRegister() {
  const dossiers = new Map<string, HeldDossier>()
  /** As stored, for lists page by page. */
  const inOrder: HeldDossier[] = []
  const byReference = new Map<string, HeldDossier>()
  const statuses = new Map<string, HeldStatus>()
  const ahead = new Map<string, HeldStatus>()
  return {
    dossiers: dossiers as ReadonlyMap<string, HeldDossier>,
    inOrder: inOrder as readonly HeldDossier[],
    statuses: statuses as ReadonlyMap<string, HeldStatus>,
    find: (reference: string) => byReference.get(reference),

    add(dossier: HeldDossier): void {
      dossiers.set(dossier.code, dossier)
      inOrder.push(dossier)
      // From before the cutover: many have no reference.
      if (dossier.reference !== '') byReference.set(dossier.reference, dossier)
      const early = ahead.get(dossier.code)
      if (early) dossier.take(early)
      ahead.delete(dossier.code)
    },

    addStatus(status: HeldStatus): void {
      statuses.set(status.reference, status)
      const dossier = dossiers.get(status.dossierCode)
      if (dossier) return dossier.take(status)
      const early = ahead.get(status.dossierCode)
      if (!early || early.at <= status.at) ahead.set(status.dossierCode, status)
    },
  }
}
