/**
 * The own system of a ministry, a utility or a province: officers take dossiers and set statuses at its desk, the coordination system forwards direct
 * submissions and what others set on them, citizens apply on its own service (own-service.ts). What the desk takes is stored here first and then pushed
 * to the portal at once where the partner is connected. Where the push stays unknown, an outbox sends the same bytes again until the portal has said yes
 * or no; what was refused, or kept while not connected, is never sent by itself: its officer was told that it failed. Disconnecting stops new pushes;
 * the outbox still finishes.
 */
import type { z } from 'zod'
import type { SyncDossier, SyncStatus } from '../../contracts/api/front.ts'
import type { CoordinationDossier } from '../../contracts/api/inside.ts'
import type { DeskAnswer, DeskDossier, DeskStatus } from '../../contracts/api/partners.ts'
import { STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import { createOutbox } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import { HeldDossier, HeldStatus, type SyncState } from './held.ts'
import { createOwnService } from './own-service.ts'
import { openPush, type PushOptions } from './push.ts'
import { createRegister } from './register.ts'

export type DossierSystemOptions = { world: World; unitCode: string; push: PushOptions; firstRetryMs?: number }
export type DossierSystem = ReturnType<typeof createDossierSystem>
export type TakeRefused = 'code-taken' | 'dossier-unknown' | 'transition-forbidden'

/** Of the connections that a push may use, some stay free for the desk. */
const OUTBOX_CONCURRENCY = 6

export function createDossierSystem({ world, unitCode, push: pushOptions, firstRetryMs = 500 }: DossierSystemOptions) {
  const register = createRegister()
  const push = openPush(pushOptions)
  const outbox = createOutbox({ firstRetryMs, concurrency: OUTBOX_CONCURRENCY })
  let connected = false
  const ownService = createOwnService({ world, unitCode, register, push, outbox, isConnected: () => connected })

  async function deliver(held: SyncState & { reference: string }, kind: 'dossiers' | 'statuses', body: string): Promise<DeskAnswer> {
    if (!connected) return note(held, { sync: 'not-connected', portalStatus: null, errorCode: null, message: null })
    const answer = note(held, await push.send(kind, held.reference, body))
    if (answer.sync === 'unknown') {
      outbox.add(async () => note(held, await push.send(kind, held.reference, body)).sync !== 'unknown', firstRetryMs)
    }
    return answer
  }

  return {
    register,
    apply: ownService.take,
    connect(next: boolean): void {
      connected = next
      if (connected) ownService.sendHeldBack()
    },
    isConnected: () => connected,

    async takeDossier(desk: z.infer<typeof DeskDossier>): Promise<DeskAnswer | TakeRefused> {
      let held = register.dossiers.get(desk.dossierCode)
      if (held && held.reference !== desk.reference) return 'code-taken'
      if (held && isUnderWay(held)) return answerOf(held)
      if (!held) {
        held = new HeldDossier({
          code: desk.dossierCode, reference: desk.reference, procedureCode: desk.procedureCode, unitCode, applicantName: desk.applicantName,
          origin: 'desk', submittedAt: Math.round(world.scenarioNow()), storedAt: world.wallNow(), status: desk.status,
        })
        register.add(held)
      }
      return deliver(held, 'dossiers', JSON.stringify({
        reference: desk.reference, dossierCode: desk.dossierCode, procedureCode: desk.procedureCode, unitCode,
        applicantId: desk.applicantId, applicantName: desk.applicantName, applicantBirthDate: desk.applicantBirthDate,
        status: desk.status, submittedAt: held.submittedAt, note: desk.note,
      } satisfies z.infer<typeof SyncDossier>))
    },

    async setStatus(desk: z.infer<typeof DeskStatus>): Promise<DeskAnswer | TakeRefused> {
      const dossier = register.dossiers.get(desk.dossierCode)
      if (!dossier) return 'dossier-unknown'
      let held = register.statuses.get(desk.reference)
      if (held && isUnderWay(held)) return answerOf(held)
      if (!held) {
        if (isForbidden(dossier.status, desk.status)) return 'transition-forbidden'
        held = new HeldStatus({
          reference: desk.reference, dossierCode: dossier.code, status: desk.status, source: 'desk', at: Math.round(world.scenarioNow()), storedAt: world.wallNow(),
        })
        register.addStatus(held)
      }
      return deliver(held, 'statuses', JSON.stringify({
        reference: held.reference, dossierCode: held.dossierCode, status: held.status, at: held.at,
      } satisfies z.infer<typeof SyncStatus>))
    },

    receiveForwarded(dossier: CoordinationDossier): 'received' | 'unchanged' {
      if (register.dossiers.has(dossier.dossierCode)) return 'unchanged'
      register.add(new HeldDossier({
        code: dossier.dossierCode, reference: dossier.reference, procedureCode: dossier.procedureCode, unitCode: dossier.unitCode,
        applicantName: dossier.applicantName, origin: 'forwarded', submittedAt: dossier.submittedAt, storedAt: world.wallNow(), status: dossier.status,
      }))
      return 'received'
    },

    /** What staff and citizens set on the national systems: told, not asked. Once for each reference, also before the dossier itself has come. */
    receiveStatuses(statuses: readonly SyncStatus[]): void {
      for (const { reference, dossierCode, status, at, source } of statuses) {
        if (!register.statuses.has(reference)) register.addStatus(new HeldStatus({ reference, dossierCode, status, source: source ?? 'staff', at, storedAt: world.wallNow() }))
      }
    },

    pending: () => outbox.pending() + ownService.heldBack(),
    async close(): Promise<void> {
      outbox.close()
      await push.close()
    },
  }
}

/** The partner knows the process as the portal does; names that are not the process's own pass, for the portal to judge. */
function isForbidden(from: string, to: string): boolean {
  const next = STATUS_TRANSITIONS[from as DossierStatus] as readonly string[] | undefined
  return next !== undefined && from !== to && to in STATUS_TRANSITIONS && !next.includes(to)
}

/** A yes stays a yes: a second, slower attempt that broke does not take it back. */
function note(held: SyncState, answer: DeskAnswer): DeskAnswer {
  if (held.sync !== 'acknowledged') {
    held.sync = answer.sync
    held.portalStatus = answer.portalStatus
    held.errorCode = answer.errorCode
  }
  return answer
}

/** Sent again by its officer: what is done or in the outbox is only told again, the rest is tried once more. */
function isUnderWay(held: SyncState): boolean { return held.sync === 'acknowledged' || held.sync === 'unknown' }

function answerOf(held: SyncState): DeskAnswer {
  return { sync: held.sync!, portalStatus: held.portalStatus, errorCode: held.errorCode, message: null }
}
