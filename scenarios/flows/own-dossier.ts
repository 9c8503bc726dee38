/**
 * What a citizen does later with a dossier of their own: finds it in their list, waits until its turn has come, and sets a status on the portal
 * (`answer-supplement.ts`, `withdraw.ts`). A dossier that never comes to it is a no of the act (`NOT_HERE`, `NOT_YET`); neither was asked for.
 */
import { handlingPartner } from '../../contracts/reference/procedures.ts'
import { bodyOf, conclude, unreadable, type Conclusion } from '../answer.ts'
import type { Flow, FlowStep, Journey } from './flow.ts'
import { waitFor, type Look, type Waited } from './wait-for.ts'

type OwnDossier = { code: string; procedureCode: string; unitCode: string; status: string }
export type Setting = {
  turn: (status: string) => boolean
  /** Under the dossier's address. */
  resource: 'supplements' | 'withdrawals'
  /** The status that the dossier comes to. */
  status: string
  said: Record<string, string>
}

export function setStatus(journey: Journey, flow: Flow, step: FlowStep, { turn, resource, status, said }: Setting): boolean {
  return journey.perform(flow, step, (op): Conclusion => {
    const { procedure, provinceId } = journey.citizen
    const due = { observed: status, fields: { partner: handlingPartner(procedure, provinceId) } }
    const { there: dossier, refused } = findOwn(journey, op, turn)
    if (!dossier) return { ...refused, ...due }
    const { code, procedureCode, unitCode } = dossier
    const answer = journey.front(op, 'POST', `/api/dossiers/${encodeURIComponent(code)}/${resource}`, { reference: op, ...said })
    const conclusion = conclude(answer, 'portal', { dossierCode: code, procedureCode, unitCode, ...due })
    return conclusion.outcome === 'ok' && typeof bodyOf(answer)?.['status'] !== 'string' ? unreadable(conclusion, 'no status') : conclusion
  }).outcome === 'ok'
}

/** People of the load submit once, so the newest of their list is the one. */
function findOwn(journey: Journey, op: string, turn: Setting['turn']): Waited<OwnDossier> {
  return waitFor(journey, (): Look<OwnDossier> => {
    const answer = journey.front(op, 'GET', '/api/dossiers')
    const conclusion = conclude(answer, 'portal')
    if (conclusion.outcome !== 'ok') return { refused: conclusion }
    const dossiers = bodyOf(answer)?.['dossiers']
    if (!Array.isArray(dossiers)) return { refused: unreadable(conclusion, 'no list of dossiers') }
    if (dossiers.length === 0) return { notYet: 'NOT_HERE: the list of own dossiers is empty', conclusion }
    const { dossierCode, procedureCode, unitCode, status } = dossiers[0] as Record<string, unknown>
    if (typeof dossierCode !== 'string' || typeof status !== 'string') return { refused: unreadable(conclusion, 'no dossier with a status') }
    if (!turn(status)) return { notYet: `NOT_YET: the dossier is "${status}"`, conclusion: { ...conclusion, dossierCode } }
    return { there: { code: dossierCode, procedureCode: String(procedureCode), unitCode: String(unitCode), status } }
  })
}
