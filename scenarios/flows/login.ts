/**
 * Login through VNeID, an OpenID Connect code flow followed redirect by redirect, as a browser does. Yes = the portal has set a session cookie.
 * Foreigners and companies log in the same way; the line says what they are, since theirs fail for reasons of their own (000 2(7)).
 */
import { bodyOf, conclude, unreadable, type Answer, type Conclusion } from '../answer.ts'
import { queryParameter } from '../url-parts.ts'
import type { Flow, Journey } from './flow.ts'

const STEP = { step: 'login', kind: 'login' } as const

export const login: Flow = {
  id: 'login',
  title: { vi: 'Đăng nhập qua VNeID', en: 'Login through VNeID' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(login, STEP, (op) => {
    const conclusion = logIn(journey, op)
    const { kind, representative } = journey.citizen.person
    // Nothing for citizens, who are nearly all.
    if (kind !== undefined) conclusion.fields = { personKind: kind, ...(representative?.foreign && { foreignRepresentative: true }) }
    return conclusion
  }).outcome === 'ok',
}

function logIn(journey: Journey, op: string): Conclusion {
  const begun = journey.front(op, 'GET', `/auth/login?reference=${encodeURIComponent(op)}&return=%2F`)
  if (!isRedirect(begun)) return stopped(begun, 'portal')
  const page = journey.follow(op, begun.location)
  const loginUrl = bodyOf(page)?.['loginUrl']
  if (page.status !== 200 || typeof loginUrl !== 'string') return stopped(page, 'vneid')

  const { personId } = journey.citizen.person
  const passcode = personId.slice(-6)
  const granted = journey.system(op, 'vneid', 'POST', '/authorize/login', { request: queryParameter(loginUrl, 'request') ?? '', personId, passcode })
  if (!isRedirect(granted)) return stopped(granted, 'vneid')

  const back = journey.follow(op, granted.location)
  if (!isRedirect(back)) return stopped(back, 'portal')
  // By itself a redirect is no yes.
  const conclusion: Conclusion = { outcome: 'ok', system: back.servedBy ?? 'portal', http: { status: back.status, remote: back.remote } }
  return journey.hasCookie('sid') ? conclusion : unreadable(conclusion, 'the portal set no session cookie')
}

function isRedirect(answer: Answer): answer is Answer & { location: string } {
  return answer.status >= 300 && answer.status < 400 && answer.location !== null
}

/** The chain broke before its end; a 2xx where a redirect was due is as unclear as no answer. */
function stopped(answer: Answer, system: string): Conclusion {
  const conclusion = conclude(answer, system)
  return conclusion.outcome === 'ok' ? unreadable(conclusion, 'the login does not lead on') : conclusion
}
