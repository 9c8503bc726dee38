/** What the desk is told: how the push ended, or why nothing was taken. */
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import { refusal, type Answer } from '../server/route.ts'
import type { CaseRefused } from './cases.ts'
import type { TakeRefused } from './dossier-system.ts'

export function deskAnswer(answer: DeskAnswer | TakeRefused | CaseRefused, dossierCode: string): Answer {
  return typeof answer === 'string' ? refusedAs(answer, dossierCode) : { status: 201, body: answer }
}

export function refusedAs(refused: TakeRefused | CaseRefused, dossierCode: string): Answer {
  switch (refused) {
    case 'code-taken': return refusal(409, 'DOSSIER_CODE_TAKEN', `${dossierCode} stands for another dossier here`)
    case 'dossier-unknown': return refusal(404, 'DOSSIER_UNKNOWN', `${dossierCode} is not held here`)
    case 'transition-forbidden': return refusal(409, 'TRANSITION_FORBIDDEN', `the process does not let ${dossierCode} take this status now`)
    case 'reference-taken': return refusal(409, 'REFERENCE_TAKEN', 'the reference was used for something else')
    case 'nothing-asked': return refusal(409, 'NOTHING_ASKED', `${dossierCode} does not wait for a supplement`)
    case 'attachment-unknown': return refusal(422, 'ATTACHMENT_UNKNOWN', `a file is not of ${dossierCode} or has not come whole`)
  }
}
