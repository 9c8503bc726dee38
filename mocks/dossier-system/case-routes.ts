/** Supplements, results and the confirmations of specialised systems (contracts/partner-api/roles/dossier-system/supplements.ts, results.ts). */
import { confirmation, confirmations, deskResult, result } from '../../contracts/partner-api/roles/dossier-system/results.ts'
import { SENDER_HEADER } from '../../contracts/partner-api/roles/specialised.ts'
import { supplementAnswer, supplementAsk, supplements } from '../../contracts/partner-api/roles/dossier-system/supplements.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { attachmentOf } from './attachments.ts'
import { deskAnswer, refusedAs } from './desk-answer.ts'
import type { DossierSystem } from './dossier-system.ts'

export const CASE_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({ ...supplementAsk, resolve: async (system: DossierSystem, asked) => deskAnswer(await system.cases.ask(asked), asked.dossierCode) }),

  defineRoute({
    ...supplementAnswer,
    resolve: (system: DossierSystem, given) => {
      const answered = system.cases.answer(given)
      return typeof answered === 'string' ? refusedAs(answered, given.dossierCode) : ok({ dossierCode: given.dossierCode, status: answered.status }, answered.created ? 201 : 200)
    },
  }),

  defineRoute({
    ...supplements,
    resolve: (system: DossierSystem, { dossierCode }) => system.register.dossiers.has(dossierCode)
      ? ok({ supplements: (system.cases.supplements.get(dossierCode) ?? []).map(({ reference, text, askedAt, answer }) => ({ reference, text, askedAt, answer })) })
      : refusalOf(supplements, 'DOSSIER_UNKNOWN', dossierCode),
  }),

  defineRoute({
    ...confirmation,
    resolve: (system: DossierSystem, confirmed, { header }) => {
      if ((header(SENDER_HEADER) ?? confirmed.system) !== confirmed.system) return refusalOf(confirmation, 'SENDER_MISMATCH', confirmed.system)
      const outcome = system.cases.confirm(confirmed)
      return outcome === 'received' || outcome === 'unchanged' || outcome === 'late' ? ok({ result: outcome }) : refusedAs(outcome, confirmed.dossierCode)
    },
  }),

  defineRoute({
    ...confirmations,
    resolve: (system: DossierSystem, { dossierCode }) => system.register.dossiers.has(dossierCode)
      ? ok({ confirmations: [...system.cases.confirmations.get(dossierCode)?.values() ?? []] })
      : refusalOf(confirmations, 'DOSSIER_UNKNOWN', dossierCode),
  }),

  defineRoute({
    ...deskResult,
    resolve: async (system: DossierSystem, returned) => {
      const answer = await system.cases.returnResult(returned)
      const file = typeof answer !== 'string' && returned.attachmentId !== undefined ? system.attachments.whole(returned.attachmentId, returned.dossierCode) : undefined
      if (file) system.pushFile(file)
      return deskAnswer(answer, returned.dossierCode)
    },
  }),

  defineRoute({
    ...result,
    resolve: (system: DossierSystem, { dossierCode }) => {
      if (!system.register.dossiers.has(dossierCode)) return refusalOf(result, 'DOSSIER_UNKNOWN', dossierCode)
      const held = system.cases.results.get(dossierCode)
      if (!held) return refusalOf(result, 'RESULT_NOT_READY', dossierCode)
      const file = held.attachmentId === null ? undefined : system.attachments.files.get(held.attachmentId)
      return ok({ dossierCode, outcome: held.outcome, note: held.note, returnedAt: held.returnedAt, attachment: file ? attachmentOf(file) : null })
    },
  }),
]
