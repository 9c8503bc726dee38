/** Plays the portal behind a gateway (`contracts/api/front.ts`): sessions, services, dossiers, payments, messages, feedback. State is in `records`. */
import type { ServerResponse } from 'node:http'
import { feedbackUnit } from '../../contracts/reference/feedback-units.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { handlingPartner, PROCEDURES, procedureOf } from '../../contracts/reference/procedures.ts'
import { mayBecome, setStatus, type Fields, type Records } from './records.ts'
import { json, refuse, type Answerer } from './serve.ts'

export const PORTAL_HOST = 'portal.played.test'

export type Front = { servedBy: 'portal' | 'legacy'; vneid: string; desk: string; records: Records }

export function playFront({ servedBy, vneid, desk, records }: Front): Answerer {
  const number = (status: string) => (servedBy === 'legacy' ? '1' : status)
  return (seen, response) => {
    const { path, method, body } = seen
    const url = new URL(path, 'http://front')
    const sid = /sid=([^;]+)/.exec(seen.cookie)?.[1]
    response.setHeader('x-served-by', servedBy)
    if (url.pathname === '/auth/login') return json(response, 302, {}, { location: `${vneid}/authorize?reference=${url.searchParams.get('reference')}`, 'set-cookie': 'state=s1; Path=/' })
    if (url.pathname === '/auth/callback') {
      if (!seen.cookie.includes('state=s1')) return refuse(response, 400, 'STATE_WRONG')
      const session = `${url.searchParams.get('code')}!${records.session.size}`
      records.session.set(seen.op, { session })
      // Two at once, as the portal has it.
      return json(response, 302, {}, { 'location': '/auth/done', 'set-cookie': ['state=; Path=/; Max-Age=0', `sid=${session}; Path=/; HttpOnly`] })
    }
    if (url.pathname === '/api/services') return json(response, 200, { services: servicesOf(url, desk) })
    if (!sid) return refuse(response, 401, 'SESSION_MISSING')
    if (url.pathname === '/auth/logout') return json(response, 200, { endSessionUrl: `${vneid}/logout` }, { 'set-cookie': 'sid=; Path=/; Max-Age=0' })
    const person = sid.split('!')[0]!
    if (method === 'POST' && url.pathname === '/api/dossiers') return submit(records, person, number('newly-registered'), body, response)
    if (url.pathname.startsWith('/api/feedback')) return feedback(records, person, url.pathname, method, body, response)
    if (url.pathname.startsWith('/api/payments/')) return payment(records, url.pathname.split('/')[3]!, response)
    const mine = [...records.dossier.values()].filter((dossier) => dossier['person'] === person)
    if (url.pathname === '/api/dossiers') return json(response, 200, { dossiers: mine.toReversed() })
    const dossier = mine.find((one) => one['dossierCode'] === url.pathname.split('/')[3])
    if (!dossier) return refuse(response, 404, 'DOSSIER_UNKNOWN')
    return ofDossier(records, dossier, url.pathname.split('/')[4], body, response)
  }
}

function servicesOf(url: URL, desk: string) {
  return PROCEDURES.filter((one) => one.title.vi === url.searchParams.get('q')).map((one) => ({
    procedureCode: one.code, title: one.title.vi, unitCode: partnerOf(handlingPartner(one, url.searchParams.get('province')!)).unitCode, feeVnd: one.feeVnd,
    redirectUrl: one.redirected ? `${desk}/${one.ministry}/public/v1/dossiers` : null,
  }))
}

function submit(records: Records, person: string, status: string, body: Fields, response: ServerResponse): void {
  const procedure = procedureOf(String(body['procedureCode']))!
  if (procedure.redirected) return refuse(response, 409, 'REDIRECTED')
  const partner = handlingPartner(procedure, String(body['provinceId']))
  const { unitCode } = partnerOf(partner)
  const dossier = {
    dossierCode: `${unitCode}-260410-${String(records.dossier.size + 1).padStart(6, '0')}`, procedureCode: procedure.code, unitCode, status, feeVnd: procedure.feeVnd, submittedAt: 0, dueAt: null,
  }
  records.dossier.set(String(body['reference']), { ...dossier, person, partner, sent: body })
  json(response, 201, dossier)
}

function ofDossier(records: Records, dossier: Fields, resource: string | undefined, body: Fields, response: ServerResponse): void {
  const reference = String(body['reference'])
  switch (resource) {
    case undefined: return json(response, 200, dossier)
    case 'payments': {
      const transactionCode = `T${records.payment.size + 1}`
      records.payment.set(reference, { transactionCode, dossierCode: dossier['dossierCode'], bank: body['bank'], amountVnd: dossier['feeVnd'], looks: 0 })
      return json(response, 201, { transactionCode, qr: `QR:${transactionCode}`, amountVnd: dossier['feeVnd'], bank: body['bank'], expiresAt: 0 })
    }
    case 'messages':
      records.sms.set(reference, { phone: body['phone'] })
      return json(response, 202, { messageId: `M${records.sms.size}`, status: 'accepted' })
    case 'supplements': case 'withdrawals': {
      const next = resource === 'supplements' ? 'in-process' : 'withdrawn'
      if (!mayBecome(dossier, next) || (resource === 'supplements' && dossier['status'] !== 'supplement-asked')) return refuse(response, 409, 'TRANSITION_FORBIDDEN')
      setStatus(records, dossier, next, reference, 'citizen')
      return json(response, 201, { dossierCode: dossier['dossierCode'], status: next })
    }
    default: return refuse(response, 404, 'ROUTE_UNKNOWN')
  }
}

function payment(records: Records, transactionCode: string, response: ServerResponse): void {
  const found = [...records.payment.values()].find((one) => one['transactionCode'] === transactionCode)!
  found['looks'] = Number(found['looks']) + 1
  json(response, 200, { transactionCode, status: Number(found['looks']) >= 2 ? 'paid' : 'qr-issued' })
}

function feedback(records: Records, person: string, path: string, method: string, body: Fields, response: ServerResponse): void {
  if (method === 'POST') {
    const item = { feedbackCode: `PA-260410-${records.feedback.size + 1}`, unitCode: feedbackUnit(String(body['topic']), String(body['provinceId'])), status: 'sent', answer: null }
    records.feedback.set(String(body['reference']), { ...item, person, topic: body['topic'], text: body['text'] })
    return json(response, 201, item)
  }
  const found = [...records.feedback.values()].find((one) => one['feedbackCode'] === path.split('/')[3] && one['person'] === person)
  return found ? json(response, 200, found) : refuse(response, 404, 'FEEDBACK_UNKNOWN')
}
