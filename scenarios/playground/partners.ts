/** Plays the partners (`contracts/api/partners.ts`): VNeID, banks, and the desks and own services of ministries and provinces. */
import { partnerOf } from '../../contracts/reference/partners.ts'
import { PORTAL_HOST } from './front.ts'
import { mayBecome, setStatus, type Records } from './records.ts'
import { json, refuse, type Answerer } from './serve.ts'

export function playVneid(): Answerer {
  return (seen, response) => {
    const url = new URL(seen.path, 'http://vneid')
    if (url.pathname === '/authorize') return json(response, 200, { loginUrl: '/authorize/login?request=r%2B1' })
    if (url.pathname === '/logout') return json(response, 302, {}, { location: `http://${PORTAL_HOST}:8080/` })
    const { request, personId, passcode } = seen.body
    if (request !== 'r+1' || String(personId).slice(-6) !== passcode) return refuse(response, 401, 'LOGIN_REFUSED')
    return json(response, 302, {}, { location: `http://${PORTAL_HOST}:8080/auth/callback?code=${String(personId)}&state=s1` })
  }
}

export function playBank(records: Records): Answerer {
  return (seen, response) => {
    records.debit.set(String(seen.body['reference']), seen.body)
    json(response, 200, { bankReference: `B${records.debit.size}`, paidAt: 0 })
  }
}

/** Paths begin with the partner's id. */
export function playDesk(records: Records): Answerer {
  return (seen, response) => {
    const url = new URL(seen.path, 'http://desk')
    const [, partner, ...rest] = url.pathname.split('/')
    const reference = String(seen.body['reference'])
    if (rest[0] === 'public') {
      const { unitCode } = partnerOf(partner!)
      const dossier = { dossierCode: `${unitCode}-260410-${8_000_001 + records.applied.size}`, unitCode, status: 'newly-registered' }
      records.applied.set(reference, { ...dossier, partner, sent: seen.body })
      return json(response, 201, dossier)
    }
    if (seen.method === 'GET') {
      const forwarded = records.dossier.get(url.searchParams.get('reference')!)
      return forwarded?.['partner'] === partner ? json(response, 200, { dossierCode: forwarded!['dossierCode'], status: forwarded!['status'] }) : refuse(response, 404, 'DOSSIER_UNKNOWN')
    }
    const forwarded = [...records.dossier.values()].find((one) => one['dossierCode'] === seen.body['dossierCode'])
    if (rest[1] === 'dossiers') records.desk.set(reference, { ...seen.body, partner })
    else if (!forwarded) records.event.set(reference, { ...seen.body, partner })
    else if (mayBecome(forwarded, String(seen.body['status']))) setStatus(records, forwarded, String(seen.body['status']), reference, 'partner')
    else return json(response, 201, { sync: 'refused', portalStatus: 409, errorCode: 'TRANSITION_FORBIDDEN', message: null })
    json(response, 201, { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null })
  }
}
