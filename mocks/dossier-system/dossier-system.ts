/**
 * The own system of a ministry, a utility or a province: officers take dossiers and set statuses at its desk, the coordination system forwards direct
 * submissions and what others set on them, citizens apply on its own service (own-service.ts). What the desk takes is stored here first and then pushed
 * to the portal at once where the partner is connected (delivery.ts). Where the push stays unknown, an outbox sends the same bytes again until the portal
 * has said yes or no; what was refused, or kept while not connected, is never sent by itself: its officer was told that it failed. Disconnecting stops
 * new pushes; the outbox still finishes. Files, supplements, results: attachments.ts, cases.ts.
 */
import type { z } from 'zod'
import type { SyncDossier, SyncStatus } from '../../contracts/api/front.ts'
import type { CoordinationDossier } from '../../contracts/api/inside.ts'
import type { DeskAnswer, DeskDossier, DeskStatus } from '../../contracts/api/partners.ts'
import type { SimulatedReadiness } from '../../contracts/reference/readiness.ts'
import { STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import type { PlanCall } from '../delivery/call-plan.ts'
import type { World } from '../world.ts'
import { createAttachments } from './attachments.ts'
import { createCases } from './cases.ts'
import { createDelivery } from './delivery.ts'
import { createFilePush } from './file-push.ts'
import { HeldDossier, HeldStatus, type SyncState } from './held.ts'
import { createOwnService } from './own-service.ts'
import { openPush, type PushOptions } from './push.ts'
import { createReadinessGate } from './readiness.ts'
import { createRegister } from './register.ts'

export type DossierSystemOptions = {
  world: World
  /** Its id, by which it is named where it had to forget. */
  system?: string
  unitCode: string; push: PushOptions; firstRetryMs?: number
  readiness?: SimulatedReadiness | undefined
  /** What behaviours make of its pushes. */
  plan?: PlanCall | undefined
  /** Files go up to the portal too; the reference portal does not take them. */
  pushAttachments?: boolean | undefined
}
export type DossierSystem = ReturnType<typeof createDossierSystem>
export type TakeRefused = 'code-taken' | 'reference-taken' | 'dossier-unknown' | 'transition-forbidden'

export function createDossierSystem({ world, system, unitCode, push: pushOptions, firstRetryMs = 500, readiness, plan, pushAttachments = false }: DossierSystemOptions) {
  const memory = world.memoryOf(system ?? `partner-${pushOptions.partnerId}`)
  const register = createRegister(memory, forgetCase)
  const push = openPush({ ...pushOptions, wire: world.wireOf('dossier-system') })
  const gate = createReadinessGate(readiness)
  let connected = false
  const isConnected = () => connected
  const { outbox, deliver } = createDelivery({ push, firstRetryMs, plan, after: world.after, isConnected })
  const ownService = createOwnService({ world, unitCode, register, push, outbox, isConnected })
  const attachments = createAttachments({ wallNow: world.wallNow, memory })
  const filePush = createFilePush({ attachments, push, outbox, enabled: () => pushAttachments && connected })
  const cases = createCases({ world, memory, register, attachments, setStatus })

  function forgetCase(dossierCodes: ReadonlySet<string>): void {
    cases.forget(dossierCodes)
    filePush.forget(attachments.forget(dossierCodes))
  }

  async function setStatus(desk: DeskStatus, onSet?: () => void): Promise<DeskAnswer | TakeRefused> {
    const dossier = register.dossiers.get(desk.dossierCode)
    if (!dossier) return 'dossier-unknown'
    let held = register.statuses.get(desk.reference)
    if (held && (held.dossierCode !== desk.dossierCode || held.status !== desk.status)) return 'reference-taken'
    if (held && isUnderWay(held)) return answerOf(held)
    if (!held) {
      if (isForbidden(dossier.status, desk.status)) return 'transition-forbidden'
      held = new HeldStatus({
        reference: desk.reference, dossierCode: dossier.code, status: desk.status, source: 'desk', at: Math.round(world.scenarioNow()), storedAt: world.wallNow(),
      })
      register.addStatus(held)
      onSet?.()
    }
    return deliver(held, 'statuses', JSON.stringify({
      reference: held.reference, dossierCode: held.dossierCode, status: held.status, at: held.at,
    } satisfies z.infer<typeof SyncStatus>))
  }

  return {
    unitCode,
    world,
    memory,
    register,
    attachments,
    cases,
    gate,
    pushFile: filePush.push,
    apply: ownService.take,
    connect(next: boolean): void {
      connected = next && gate.connectable
      if (connected) ownService.sendHeldBack()
    },
    isConnected,

    async takeDossier(desk: z.infer<typeof DeskDossier>): Promise<DeskAnswer | TakeRefused> {
      let held = register.dossiers.get(desk.dossierCode)
      if (held && held.reference !== desk.reference) return 'code-taken'
      if (!held && register.find(desk.reference)) return 'reference-taken'
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

    setStatus,

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

/** Sent again by its officer: what is done or in the outbox is only told again, the rest is tried once more. */
function isUnderWay(held: SyncState): boolean { return held.sync === 'acknowledged' || held.sync === 'unknown' }

function answerOf(held: SyncState): DeskAnswer {
  return { sync: held.sync!, portalStatus: held.portalStatus, errorCode: held.errorCode, message: null }
}
