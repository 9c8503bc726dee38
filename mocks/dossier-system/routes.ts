/** What a partner's own system offers (contracts/api/partners.ts): the officers' desk, and the door for dossiers that the coordination system forwards. */
import { z } from 'zod'
import { CoordinationDossier } from '../../contracts/api/inside.ts'
import { DeskAnswer, DeskDossier, DeskStatus } from '../../contracts/api/partners.ts'
import { RefusalBody } from '../server/problem.ts'
import { defineRoute, ok, refusal, type Answer, type Route } from '../server/route.ts'
import type { DossierSystem, TakeRefused } from './dossier-system.ts'

const forwarded = defineRoute({
  name: 'forwarded', method: 'POST', path: '/v1/forwarded', takes: 'json', request: CoordinationDossier,
  answers: { 200: z.object({ result: z.enum(['received', 'unchanged']) }), 400: RefusalBody },
  resolve: (system: DossierSystem, dossier) => ok({ result: system.receiveForwarded(dossier) }),
})

const deskDossier = defineRoute({
  name: 'desk-dossier', method: 'POST', path: '/desk/dossiers', takes: 'json', request: DeskDossier,
  answers: { 201: DeskAnswer, 400: RefusalBody, 409: RefusalBody },
  resolve: async (system: DossierSystem, dossier) => deskAnswer(await system.takeDossier(dossier), dossier.dossierCode),
})

const deskStatus = defineRoute({
  name: 'desk-status', method: 'POST', path: '/desk/statuses', takes: 'json', request: DeskStatus,
  answers: { 201: DeskAnswer, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  resolve: async (system: DossierSystem, status) => deskAnswer(await system.setStatus(status), status.dossierCode),
})

export const DOSSIER_SYSTEM_ROUTES: readonly Route<DossierSystem>[] = [forwarded, deskDossier, deskStatus]

function deskAnswer(answer: DeskAnswer | TakeRefused, dossierCode: string): Answer {
  if (answer === 'code-taken') return refusal(409, 'DOSSIER_CODE_TAKEN', `${dossierCode} stands for another dossier here`)
  if (answer === 'dossier-unknown') return refusal(404, 'DOSSIER_UNKNOWN', `${dossierCode} is not held here`)
  if (answer === 'transition-forbidden') return refusal(409, 'TRANSITION_FORBIDDEN', `the process does not let ${dossierCode} take this status now`)
  return ok(answer, 201)
}
