/** An officer logs in to the coordination system with an account of the unit and level that the dossier needs. Yes = a token. */
import { bodyOf, conclude, unreadable } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'staff-login', kind: 'staff.login' } as const

export const staffLogin: Flow = {
  id: 'staff-login',
  partOf: 'login',
  title: { vi: 'Cán bộ đăng nhập hệ thống điều phối', en: 'Staff login to the coordination system' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => journey.perform(staffLogin, STEP, (op) => {
    const { account, passcode, unitCode } = journey.officer.account
    const answer = journey.system(op, 'coordination', 'POST', '/staff/v1/sessions', { account, passcode })
    const conclusion = conclude(answer, 'coordination', { unitCode, fields: { account } })
    if (conclusion.outcome !== 'ok') return conclusion
    const token = bodyOf(answer)?.['token']
    if (typeof token !== 'string') return unreadable(conclusion, 'no token')
    journey.learnt.staff = { token }
    return conclusion
  }).outcome === 'ok',
}
