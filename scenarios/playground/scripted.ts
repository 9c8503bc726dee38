/** A journey in memory for tests of acts: scripted answers, and what was asked and concluded. */
import { personOf } from '../../contracts/reference/people.ts'
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import { staffAccountOf } from '../../contracts/reference/staff.ts'
import type { Answer, Conclusion } from '../answer.ts'
import type { Journey } from '../flows/flow.ts'

/** `text`: where the answer is no JSON, or torn. */
type Scripted = Partial<Omit<Answer, 'content'>> & { json?: unknown; text?: string }
type Request = { to: string; method: string; path: string; body?: object }

export const CITIZEN: Journey['citizen'] = { person: personOf(1), region: 'north', cohort: 'kept', provinceId: 'ha-noi', procedure: PROCEDURES[3]!, bank: 'bank-vcb', acts: [] }
export const OFFICER: Journey['officer'] = {
  account: staffAccountOf('H01', 'province', 7), region: 'north', handles: { reference: 'citizens.0.submit.0123456789', partner: 'ha-noi', fates: () => new Set(['received']), bank: 'bank-vcb' },
}

/** A journey in memory: `answers` maps `METHOD path` (query left out) to what comes back, in order. */
export function scripted(answers: Record<string, Scripted[]>, given: Partial<Pick<Journey, 'learnt' | 'push' | 'citizen' | 'officer'>> = {}) {
  const concluded: Record<string, Conclusion> = {}
  const requests: Request[] = []
  let pausedMs = 0
  let stoodByMs = 0
  const cookies = new Set<string>()
  const send = (to: string, method: string, path: string, body?: object): Answer => {
    requests.push({ to, method, path, ...(body && { body }) })
    const key = `${method} ${path.split('?')[0]}`
    const next = answers[key]?.length === 1 ? answers[key]![0] : answers[key]?.shift()
    if (!next) throw new Error(`nothing scripted for ${key}`)
    if (path.startsWith('/auth/callback') && next.status === 302) cookies.add('sid')
    const { json, text = JSON.stringify(json ?? {}), ...rest } = next
    return { status: 200, error: null, remote: '127.0.0.1', servedBy: to === 'front' ? 'portal' : null, location: null, content: { json: () => JSON.parse(text) as unknown }, ...rest }
  }
  const journey: Journey = {
    citizen: given.citizen ?? CITIZEN,
    officer: given.officer ?? OFFICER,
    push: given.push ?? { kind: 'status', partner: 'health', region: 'north', unitCode: 'G06', dossierCode: 'G06-260410-7000001', status: 'done' },
    learnt: given.learnt ?? {},
    front: (_, method, path, body) => send('front', method, path, body),
    system: (_, id, method, path, body) => send(id, method, path, body),
    follow: (_, link, body) => { const url = new URL(link); return send(url.host === 'portal.test' ? 'front' : url.host, body ? 'POST' : 'GET', url.pathname + url.search, body) },
    hasCookie: (name) => cookies.has(name),
    pause: (ms) => { pausedMs += ms },
    standBy: (ms) => { stoodByMs += ms },
    perform: (_, step, act) => {
      const conclusion = act(`op.${step.step}`)
      if (conclusion) concluded[step.step] = conclusion
      return conclusion
    },
  }
  return { journey, concluded, requests, paused: () => pausedMs, stoodBy: () => stoodByMs }
}
