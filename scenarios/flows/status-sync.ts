/**
 * An officer moves an earlier dossier on at the partner's desk; the partner pushes the new status to the portal. Same yes and no as dossier-sync.
 * An officer without an account on the coordination system (000 2(5)) does so with a citizen's dossier: finds it by its reference where the partner
 * has it, puts it in process, and finishes it.
 */
import { bodyOf, conclude, unreadable, type Conclusion } from '../answer.ts'
import type { DeskHandling } from '../cast/desk.ts'
import { deskConclusion } from './desk-answer.ts'
import type { Flow, FlowStep, Journey } from './flow.ts'
import { waitFor, type Look, type Waited } from './wait-for.ts'

const PUSH = { step: 'push-status', kind: 'sync.status' } as const
const PUSH_DONE = { step: 'push-done', kind: 'sync.status' } as const

export const statusSync: Flow = {
  id: 'status-sync',
  title: { vi: 'Đồng bộ trạng thái', en: 'Status sync' },
  actor: 'partner',
  steps: [PUSH, PUSH_DONE],
  run: (journey) => {
    const { push } = journey
    if (push.kind === 'status') return pushStatus(journey, PUSH, () => ({ there: push.dossierCode }), push.status)
    if (push.kind !== 'handling') throw new Error('status-sync needs dossiersOf: the scenario whose dossiers are reported on')
    let found: Waited<string> | undefined
    const find = (op: string) => (found ??= findAtDesk(journey, op, push))
    return pushStatus(journey, PUSH, find, 'in-process') && pushStatus(journey, PUSH_DONE, find, 'done')
  },
}

function pushStatus(journey: Journey, step: FlowStep, find: (op: string) => Waited<string>, status: string): boolean {
  const { partner, unitCode } = journey.push
  return journey.perform(statusSync, step, (op): Conclusion => {
    const said = { unitCode, observed: status, fields: { partner } }
    const { there: dossierCode, refused } = find(op)
    if (dossierCode === undefined) return { ...refused, ...said }
    const answer = journey.system(op, `partner-${partner}`, 'POST', '/desk/statuses', { reference: op, dossierCode, status })
    return deskConclusion(answer, partner, { dossierCode, ...said })
  }).outcome === 'ok'
}

function findAtDesk(journey: Journey, op: string, { partner, reference }: DeskHandling): Waited<string> {
  const system = `partner-${partner}`
  return waitFor(journey, (): Look<string> => {
    const answer = journey.system(op, system, 'GET', `/desk/dossiers?reference=${encodeURIComponent(reference)}`)
    const conclusion = conclude(answer, system)
    if (answer.status === 404) return { notYet: 'NOT_HERE: the partner has no dossier of this reference', conclusion }
    if (conclusion.outcome !== 'ok') return { refused: conclusion }
    const dossierCode = bodyOf(answer)?.['dossierCode']
    return typeof dossierCode === 'string' ? { there: dossierCode } : { refused: unreadable(conclusion, 'no dossier code') }
  })
}
