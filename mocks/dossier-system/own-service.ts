/**
 * A ministry's own service, to which the portal redirects (004 I.2): takes a dossier from a citizen, numbers it, says yes, then syncs it up. Since the
 * citizen was told yes, the portal must get it: it is sent until the portal has taken it or refuses it for good; while the ministry is not connected it
 * is held back, and counts as owed.
 */
import type { z } from 'zod'
import type { SyncDossier } from '../../contracts/api/front.ts'
import type { DeskAnswer, OwnServiceDossier } from '../../contracts/api/partners.ts'
import { dossierCode } from '../../contracts/codes.ts'
import type { DossierStatus } from '../../contracts/status.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import { HeldDossier } from './held.ts'
import type { Push } from './push.ts'
import type { Register } from './register.ts'

/** A range of its own beside the desk's (from 1) and the portal's (from 5,000,001). */
const FIRST_NUMBER = 8_000_001
/** More than these wait for a connection that never comes: they are counted as owed and not sent any more. */
const MAX_HELD_BACK = 100_000
const FIRST_STATUS: DossierStatus = 'newly-registered'
/** Refusals that pass: the WAF's, one asked to come later, the portal not open yet. */
const NOT_FOR_GOOD: ReadonlySet<number | null> = new Set([403, 429, 503])

export type Applied = { created: boolean; dossier: HeldDossier }
type HeldBack = { dossier: HeldDossier; body: string }

export function createOwnService(options: { world: World; unitCode: string; register: Register; push: Push; outbox: Outbox; isConnected: () => boolean }) {
  const { world, unitCode, register, push, outbox } = options
  const heldBack: HeldBack[] = []
  let notSent = 0
  let numbered = 0

  function syncUp({ dossier, body }: HeldBack): void {
    dossier.sync = 'unknown'
    outbox.add(async () => {
      const answer = await push.send('dossiers', dossier.reference, body)
      dossier.portalStatus = answer.portalStatus
      dossier.errorCode = answer.errorCode
      if (!isSettled(answer)) return false
      dossier.sync = answer.sync
      return true
    }, 0, { call: 'push-dossier', subject: dossier.reference })
  }

  return {
    /** Undefined where the reference stands for a dossier that came another way, or is of somebody or something else. */
    take(application: z.infer<typeof OwnServiceDossier>): Applied | undefined {
      const known = register.find(application.reference)
      if (known) return known.origin === 'own-service' && known.procedureCode === application.procedureCode && known.applicantName === application.applicantName ? { created: false, dossier: known } : undefined
      const now = Math.round(world.scenarioNow())
      const dossier = new HeldDossier({
        code: dossierCode(unitCode, hanoiDay(now), FIRST_NUMBER + numbered), reference: application.reference, procedureCode: application.procedureCode, unitCode,
        applicantName: application.applicantName, origin: 'own-service', submittedAt: now, storedAt: world.wallNow(), status: FIRST_STATUS,
      })
      numbered += 1
      register.add(dossier)
      const entry = { dossier, body: JSON.stringify({
        reference: dossier.reference, dossierCode: dossier.code, procedureCode: dossier.procedureCode, unitCode, applicantId: application.personId,
        applicantName: application.applicantName, applicantBirthDate: application.applicantBirthDate, status: FIRST_STATUS, submittedAt: now, note: application.note,
      } satisfies z.infer<typeof SyncDossier>) }
      if (options.isConnected()) syncUp(entry)
      else {
        dossier.sync = 'not-connected'
        if (heldBack.length < MAX_HELD_BACK) heldBack.push(entry)
        else notSent += 1
      }
      return { created: true, dossier }
    },

    /** The ministry is connected now. */
    sendHeldBack(): void { for (const entry of heldBack.splice(0)) syncUp(entry) },
    heldBack: () => heldBack.length + notSent,
  }
}

function isSettled({ sync, portalStatus }: DeskAnswer): boolean {
  return sync === 'acknowledged' || (sync === 'refused' && !NOT_FOR_GOOD.has(portalStatus))
}

/** `260410`, in Hanoi. */
function hanoiDay(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '') }
