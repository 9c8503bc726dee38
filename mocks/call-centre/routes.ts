/** What the call centre offers (contracts/partner-api/roles/call-centre.ts). */
import { askCall, callFigures, hangUp, readCall } from '../../contracts/partner-api/roles/call-centre.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { callStateOf, type CallCentre } from './calls.ts'

export const CALL_CENTRE_ROUTES: readonly Route<CallCentre>[] = [
  defineRoute({
    ...askCall,
    resolve: (centre: CallCentre, request) => {
      const asked = centre.ask(request)
      return asked ? ok(callStateOf(asked.call), asked.created ? 201 : 200) : refusalOf(askCall, 'REFERENCE_TAKEN', request.reference)
    },
  }),

  defineRoute({
    ...readCall,
    resolve: (centre: CallCentre, { reference }) => {
      const call = centre.calls.get(reference)
      return call ? ok(callStateOf(call)) : refusalOf(readCall, 'CALL_UNKNOWN', reference)
    },
  }),

  defineRoute({
    ...hangUp,
    resolve: (centre: CallCentre, { reference }) => {
      const ended = centre.hangUp(reference)
      return typeof ended === 'string' ? refusalOf(hangUp, ended, reference) : ok(callStateOf(ended))
    },
  }),

  defineRoute({ ...callFigures, subject: ({ day }) => day, resolve: (centre: CallCentre, { day }) => ok(centre.figures(day)) }),
]
