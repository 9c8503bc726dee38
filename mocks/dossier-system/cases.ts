/**
 * What is written in a dossier's file beside its status: supplements asked and answered, the result, and what specialised systems have confirmed.
 * Kept apart from the register, since few dossiers of a night have any. The status that belongs to it goes the way of every status of the desk. Forgotten
 * with its dossier, and where one dossier has more of it than a memory takes.
 */
import type { z } from 'zod'
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import type { Confirmation, deskResult } from '../../contracts/partner-api/roles/dossier-system/results.ts'
import type { Supplement, supplementAnswer, supplementAsk } from '../../contracts/partner-api/roles/dossier-system/supplements.ts'
import type { Memory } from '../memory.ts'
import type { World } from '../world.ts'
import type { Attachments } from './attachments.ts'
import { HeldStatus } from './held.ts'
import type { Register } from './register.ts'

export type CaseRefused = 'dossier-unknown' | 'transition-forbidden' | 'reference-taken' | 'nothing-asked' | 'attachment-unknown'
export type SetStatus = (status: { reference: string; dossierCode: string; status: string }, onSet: () => void) => Promise<DeskAnswer | 'dossier-unknown' | 'transition-forbidden' | 'reference-taken' | 'code-taken'>
export type HeldResult = Omit<z.infer<typeof deskResult.request>, 'attachmentId'> & { attachmentId: string | null; returnedAt: number; storedAt: number }
type HeldSupplement = Supplement & { dossierCode: string; storedAt: number }
export type Cases = ReturnType<typeof createCases>

export function createCases({ world, memory, register, attachments, setStatus }: { world: World; memory: Memory; register: Register; attachments: Attachments; setStatus: SetStatus }) {
  const supplements = new Map<string, HeldSupplement[]>()
  /** By the reference that asked, and by the one that answered. */
  const asked = new Map<string, HeldSupplement>()
  const answered = new Map<string, HeldSupplement>()
  const results = new Map<string, HeldResult>()
  const confirmations = new Map<string, Map<string, Confirmation>>()
  const keptSupplements = memory.keep<HeldSupplement>({
    isFinished: ({ answer }) => answer !== null, times: 2,
    forget: (forgotten) => {
      for (const dossierCode of new Set(Array.from(forgotten, (one) => one.dossierCode))) {
        const rest = supplements.get(dossierCode)?.filter((one) => !forgotten.has(one)) ?? []
        if (rest.length > 0) supplements.set(dossierCode, rest)
        else supplements.delete(dossierCode)
      }
      for (const supplement of forgotten) forgetReferences(supplement)
    },
  })
  const keptConfirmations = memory.keep<Confirmation>({
    times: 2, forget: (forgotten) => {
      for (const confirmation of forgotten) {
        const ofDossier = confirmations.get(confirmation.dossierCode)
        ofDossier?.delete(keyOf(confirmation))
        if (ofDossier?.size === 0) confirmations.delete(confirmation.dossierCode)
      }
    },
  })
  const now = () => Math.round(world.scenarioNow())

  function forgetReferences(supplement: HeldSupplement): void {
    asked.delete(supplement.reference)
    if (supplement.answer) answered.delete(supplement.answer.reference)
  }

  function addSupplement(supplement: HeldSupplement): HeldSupplement {
    keptSupplements.add(supplement)
    const others = supplements.get(supplement.dossierCode)
    if (others) others.push(supplement)
    else supplements.set(supplement.dossierCode, [supplement])
    return supplement
  }

  /** Its own status under the reference is one thing, another dossier's or another status another. */
  function isTaken(reference: string, dossierCode: string, status: string): boolean {
    const known = register.statuses.get(reference)
    return known !== undefined && (known.dossierCode !== dossierCode || known.status !== status)
  }

  return {
    supplements: supplements as ReadonlyMap<string, readonly HeldSupplement[]>,
    results: results as ReadonlyMap<string, HeldResult>,
    confirmations: confirmations as ReadonlyMap<string, ReadonlyMap<string, Confirmation>>,

    async ask({ reference, dossierCode, text }: z.infer<typeof supplementAsk.request>): Promise<DeskAnswer | CaseRefused | 'code-taken'> {
      const known = asked.get(reference)
      if (known ? known.dossierCode !== dossierCode || known.text !== text : register.statuses.has(reference)) return 'reference-taken'
      return setStatus({ reference, dossierCode, status: 'supplement-asked' }, () => {
        asked.set(reference, addSupplement({ reference, dossierCode, text, askedAt: now(), storedAt: world.wallNow(), answer: null }))
      })
    },

    answer({ reference, dossierCode, text, attachmentIds }: z.infer<typeof supplementAnswer.request>): { created: boolean; status: string } | CaseRefused {
      const dossier = register.dossiers.get(dossierCode)
      if (!dossier) return 'dossier-unknown'
      const known = answered.get(reference)
      if (known) return known.dossierCode === dossierCode && known.answer!.text === text && String(known.answer!.attachmentIds) === String(attachmentIds) ? { created: false, status: dossier.status } : 'reference-taken'
      // The coordination system may have told the status of this very answer already.
      const told = register.statuses.get(reference)
      if (told && (told.dossierCode !== dossierCode || told.source !== 'citizen')) return 'reference-taken'
      if (!told && dossier.status !== 'supplement-asked') return 'nothing-asked'
      if (!attachmentIds.every((id) => attachments.whole(id, dossierCode))) return 'attachment-unknown'
      const at = now()
      const open = supplements.get(dossierCode)?.findLast((supplement) => supplement.answer === null)
        // Asked for on the national systems, where its text stayed.
        ?? addSupplement({ reference: '', dossierCode, text: '', askedAt: dossier.statusAt ?? at, storedAt: world.wallNow(), answer: null })
      open.answer = { reference, text, attachmentIds, answeredAt: at }
      answered.set(reference, open)
      if (!told) register.addStatus(new HeldStatus({ reference, dossierCode, status: 'in-process', source: 'citizen', at, storedAt: world.wallNow() }))
      return { created: true, status: dossier.status }
    },

    async returnResult({ reference, dossierCode, outcome, attachmentId = null, note }: Omit<z.infer<typeof deskResult.request>, 'attachmentId'> & { attachmentId?: string | null | undefined }): Promise<DeskAnswer | CaseRefused | 'code-taken'> {
      if (!register.dossiers.has(dossierCode)) return 'dossier-unknown'
      const known = results.get(dossierCode)
      if (known && known.reference !== reference) return 'transition-forbidden'
      if (known ? known.outcome !== outcome || known.attachmentId !== attachmentId || known.note !== note : isTaken(reference, dossierCode, 'result-returned')) return 'reference-taken'
      if (attachmentId !== null && !attachments.whole(attachmentId, dossierCode)) return 'attachment-unknown'
      return setStatus({ reference, dossierCode, status: 'result-returned' }, () => {
        results.set(dossierCode, { reference, dossierCode, outcome, attachmentId, note, returnedAt: now(), storedAt: world.wallNow() })
      })
    },

    confirm(confirmation: Confirmation): 'received' | 'unchanged' | 'late' | CaseRefused {
      if (!register.dossiers.has(confirmation.dossierCode)) return 'dossier-unknown'
      let ofDossier = confirmations.get(confirmation.dossierCode)
      if (!ofDossier) confirmations.set(confirmation.dossierCode, ofDossier = new Map())
      const key = keyOf(confirmation)
      const known = ofDossier.get(key)
      if (known && confirmation.sequence <= known.sequence) return confirmation.sequence === known.sequence ? 'unchanged' : 'late'
      ofDossier.set(key, confirmation)
      if (known) keptConfirmations.drop(known, true)
      keptConfirmations.add(confirmation)
      return 'received'
    },

    /** With their dossiers. */
    forget(dossierCodes: ReadonlySet<string>): void {
      for (const dossierCode of dossierCodes) {
        for (const supplement of supplements.get(dossierCode) ?? []) { forgetReferences(supplement); keptSupplements.drop(supplement) }
        for (const confirmation of confirmations.get(dossierCode)?.values() ?? []) keptConfirmations.drop(confirmation)
        supplements.delete(dossierCode)
        confirmations.delete(dossierCode)
        results.delete(dossierCode)
      }
    },
  }
}

function keyOf({ system, number }: Confirmation): string { return `${system}/${number}` }
