/**
 * How staff act on a citizen's dossier on the coordination system (`contracts/api/staff.ts`): find it by its reference, wait until its turn has come,
 * act. A dossier that never comes is a no of the act (`NOT_HERE`), one that stays where it is another (`NOT_YET`); neither was asked for.
 */
import { STATUS_OF_ACTION, type StaffAction } from '../../contracts/staff-actions.ts'
import { bodyOf, conclude, unreadable, type Conclusion } from '../answer.ts'
import type { Handled } from '../cast/officer.ts'
import type { Fate } from '../cast/fate.ts'
import type { Flow, FlowStep, Journey } from './flow.ts'
import { waitFor, type Look, type Waited } from './wait-for.ts'

export type StaffDossier = { code: string; procedureCode: string; unitCode: string; status: string; feeVnd: number; paid: boolean }
/** Whether the turn of an act has come, by the dossier's status and what else will happen to it. */
export type Turn = (status: string, fates: () => ReadonlySet<Fate>) => boolean

export const AT_ONCE: Turn = () => true
export const WHEN_NEW: Turn = (status) => status === 'newly-registered'
export const WHEN_RECEIVED: Turn = (status) => status === 'received'
export const WHEN_DONE: Turn = (status) => status === 'done'
/** Where a supplement is asked for, the dossier goes on only when it has come. */
export const WHEN_COMPLETE: Turn = (status, fates) => status === 'in-process' || (status === 'received' && !fates().has('supplement'))

/** Ended without a result: nothing is owed any more, and what was paid is paid back. */
export function isOver(status: string): boolean { return status === 'not-received' || status === 'withdrawn' || status === 'stopped' }

/** `withPayment`: asks for `paid` too, which costs the coordination system a question to the payments. */
export function findDossier(journey: Journey, op: string, turn: Turn, { withPayment = false } = {}): Waited<StaffDossier> {
  const { reference, fates } = handledBy(journey)
  const path = `/staff/v1/dossiers?reference=${encodeURIComponent(reference)}${withPayment ? '&payment=1' : ''}`
  return waitFor(journey, (): Look<StaffDossier> => {
    const answer = journey.system(op, 'coordination', 'GET', path)
    const conclusion = conclude(answer, 'coordination')
    if (answer.status === 404) return { notYet: 'NOT_HERE: the coordination system has no dossier of this reference', conclusion }
    if (conclusion.outcome !== 'ok') return { refused: conclusion }
    const { dossierCode, procedureCode, unitCode, status, feeVnd, paid } = bodyOf(answer) ?? {}
    if (typeof dossierCode !== 'string' || typeof unitCode !== 'string' || typeof status !== 'string') return { refused: unreadable(conclusion, 'no dossier with a status') }
    if (!turn(status, fates)) return { notYet: `NOT_YET: the dossier is "${status}"`, conclusion: { ...conclusion, dossierCode, unitCode } }
    return { there: { code: dossierCode, procedureCode: String(procedureCode), unitCode, status, feeVnd: Number(feeVnd ?? 0), paid: paid === true } }
  })
}

/** One step that finds the dossier and takes the action. */
export function takeAction(journey: Journey, flow: Flow, step: FlowStep, action: StaffAction, note: string, turn: Turn): boolean {
  return journey.perform(flow, step, (op): Conclusion => {
    const said = { observed: STATUS_OF_ACTION[action], fields: { partner: handledBy(journey).partner } }
    const { there: dossier, refused } = findDossier(journey, op, turn)
    if (!dossier) return { ...refused, ...said }
    const answer = journey.system(op, 'coordination', 'POST', `/staff/v1/dossiers/${encodeURIComponent(dossier.code)}/actions`, { reference: op, action, note })
    const conclusion = conclude(answer, 'coordination', { ...placeOf(dossier), ...said })
    return conclusion.outcome === 'ok' && typeof bodyOf(answer)?.['status'] !== 'string' ? unreadable(conclusion, 'no status') : conclusion
  }).outcome === 'ok'
}

export function placeOf({ code, procedureCode, unitCode }: StaffDossier) { return { dossierCode: code, procedureCode, unitCode } }

export function handledBy(journey: Journey): Handled {
  const { handles } = journey.officer
  if (!handles) throw new Error('acting on a dossier needs dossiersOf: the scenario whose citizens submitted it')
  return handles
}
