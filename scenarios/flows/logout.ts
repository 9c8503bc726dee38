/** Logging out on both sides: the portal ends its session and names VNeID's end-session address, which is visited too. Yes = both sides agreed. */
import { bodyOf, conclude } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'logout', kind: 'logout' } as const

export const logout: Flow = {
  id: 'logout',
  partOf: 'login',
  title: { vi: 'Đăng xuất', en: 'Logout' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(logout, STEP, (op) => {
    const answer = journey.front(op, 'POST', '/auth/logout')
    const conclusion = conclude(answer, 'portal')
    const endSessionUrl = bodyOf(answer)?.['endSessionUrl']
    if (conclusion.outcome !== 'ok' || typeof endSessionUrl !== 'string' || endSessionUrl === '') return conclusion
    const ended = journey.follow(op, endSessionUrl)
    // VNeID sends the browser back to the portal; that page is not part of the operation.
    return ended.status >= 300 && ended.status < 400 ? conclusion : { ...conclude(ended, 'vneid'), ...(ended.status < 300 && { system: conclusion.system }) }
  }).outcome === 'ok',
}
