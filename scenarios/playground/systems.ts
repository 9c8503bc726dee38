/**
 * Plays all systems that the load speaks to (portal behind its gateways, VNeID, banks, partners' desks) on loopback sockets, by the contracts in
 * `contracts/api/`, and remembers what it stored under which op. `disturb` may break a request: destroy its socket, answer something else, be slow.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import type { Target } from '../../contracts/target.ts'

export type Seen = { method: string; path: string; op: string; host: string; connection: string; cookie: string; body: Record<string, unknown>; socket: number }
/** `true`: the request is dealt with. */
export type Disturb = (seen: Seen, response: ServerResponse) => boolean

export type PlayedSystems = {
  target: Target
  seen: Seen[]
  /** References stored, by kind of record. */
  stored: Record<'session' | 'dossier' | 'payment' | 'debit' | 'sms' | 'desk' | 'event', Map<string, Record<string, unknown>>>
  close: () => Promise<void>
}

const PORTAL_HOST = 'portal.played.test'
const REGIONS = ['north', 'central', 'south'] as const

export async function playSystems({ servedBy = 'portal', disturb = () => false }: { servedBy?: 'portal' | 'legacy'; disturb?: Disturb } = {}): Promise<PlayedSystems> {
  const seen: Seen[] = []
  const stored: PlayedSystems['stored'] = { session: new Map(), dossier: new Map(), payment: new Map(), debit: new Map(), sms: new Map(), desk: new Map(), event: new Map() }
  const sockets = new WeakMap<object, number>()
  let lastSocket = 0
  const servers: Server[] = []

  const listen = async (answer: Answerer): Promise<string> => {
    const server = createServer((request, response) => {
      if (!sockets.has(request.socket)) sockets.set(request.socket, lastSocket += 1)
      void readBody(request).then((body) => {
        const { headers } = request
        const one: Seen = {
          method: request.method!, path: request.url!, op: String(headers['x-op'] ?? ''), host: headers.host ?? '', connection: headers.connection ?? '',
          cookie: headers.cookie ?? '', body, socket: sockets.get(request.socket)!,
        }
        seen.push(one)
        if (!disturb(one, response)) answer(one, response)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const vneid = await listen(playVneid())
  const gateways = await Promise.all(REGIONS.map(() => listen(playFront(servedBy, vneid, stored))))
  const banks = await Promise.all(['bank-bidv', 'bank-vcb'].map(async (id) => ({ id, url: await listen(playBank(stored)) })))
  const desk = await listen(playDesk(stored))
  const system = (id: string, role: Target['systems'][number]['role'], url: string) => ({ id, role, mode: 'simulated' as const, url, unit: 'unit' })
  return {
    seen, stored,
    target: {
      version: 1, name: 'played', kind: 'reference', allow: ['127.0.0.0/8', '::1/128'], portalHost: PORTAL_HOST, addresses: { old: '127.0.0.1', new: '127.0.0.1' },
      regions: REGIONS.map((id, at) => ({ id, gateway: gateways[at]!, resolver: { host: '127.0.0.1', port: 53, profile: 'honest' as const } })),
      systems: [
        system('vneid', 'vneid', vneid), ...banks.map(({ id, url }) => system(id, 'bank', url)),
        ...PARTNERS.map(({ id }) => system(`partner-${id}`, 'partner', `${desk}/${id}`)),
      ],
    },
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); server.closeAllConnections() })))
    },
  }
}

type Answerer = (seen: Seen, response: ServerResponse) => void

function playFront(servedBy: string, vneid: string, stored: PlayedSystems['stored']): Answerer {
  const number = (status: string) => (servedBy === 'legacy' ? '1' : status)
  return (seen, response) => {
    const { path, method, body } = seen
    const url = new URL(path, 'http://front')
    const sid = /sid=([^;]+)/.exec(seen.cookie)?.[1]
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}) => json(response, status, value, { 'x-served-by': servedBy, ...headers })
    const mine = [...stored.dossier.values()].filter((dossier) => dossier['person'] === sid?.split('!')[0])
    const code = /^\/api\/(?:dossiers|payments)\/([^/]+)/.exec(url.pathname)?.[1] ?? ''
    if (url.pathname === '/auth/login') return answer(302, {}, { location: `${vneid}/authorize?reference=${url.searchParams.get('reference')}`, 'set-cookie': 'state=s1; Path=/' })
    if (url.pathname === '/auth/callback') {
      if (!seen.cookie.includes('state=s1')) return answer(400, { error: { code: 'STATE_WRONG', message: 'no state' } })
      const session = `${url.searchParams.get('code')}!${stored.session.size}`
      stored.session.set(seen.op, { session })
      return answer(302, {}, { location: '/auth/done', 'set-cookie': `sid=${session}; Path=/; HttpOnly` })
    }
    if (url.pathname === '/api/services') {
      return answer(200, { services: PROCEDURES.filter((one) => one.title.vi === url.searchParams.get('q')).map((one) => ({ procedureCode: one.code, title: one.title.vi, unitCode: 'H01', feeVnd: one.feeVnd })) })
    }
    if (!sid) return answer(401, { error: { code: 'SESSION_MISSING', message: 'log in' } })
    if (url.pathname === '/auth/logout') return answer(200, { endSessionUrl: `${vneid}/logout` }, { 'set-cookie': 'sid=; Path=/; Max-Age=0' })
    if (method === 'POST' && url.pathname === '/api/dossiers') {
      const fee = PROCEDURES.find((one) => one.code === body['procedureCode'])!.feeVnd
      const dossier = { dossierCode: `H01-260410-${String(stored.dossier.size + 1).padStart(6, '0')}`, procedureCode: body['procedureCode'], unitCode: 'H01', status: number('newly-registered'), feeVnd: fee, submittedAt: 0, dueAt: null }
      stored.dossier.set(String(body['reference']), { ...dossier, person: sid.split('!')[0], sent: body })
      return answer(201, dossier)
    }
    if (url.pathname === '/api/dossiers') return answer(200, { dossiers: mine.toReversed() })
    if (url.pathname.endsWith('/payments')) {
      const dossier = mine.find((one) => one['dossierCode'] === code)!
      const transactionCode = `T${stored.payment.size + 1}`
      stored.payment.set(String(body['reference']), { transactionCode, bank: body['bank'], amountVnd: dossier['feeVnd'], looks: 0 })
      return answer(201, { transactionCode, qr: `QR:${transactionCode}`, amountVnd: dossier['feeVnd'], bank: body['bank'], expiresAt: 0 })
    }
    if (url.pathname.startsWith('/api/payments/')) {
      const payment = [...stored.payment.values()].find((one) => one['transactionCode'] === code)!
      payment['looks'] = Number(payment['looks']) + 1
      return answer(200, { transactionCode: code, status: Number(payment['looks']) >= 2 ? 'paid' : 'qr-issued' })
    }
    if (url.pathname.endsWith('/messages')) {
      stored.sms.set(String(body['reference']), { phone: body['phone'] })
      return answer(202, { messageId: `M${stored.sms.size}`, status: 'accepted' })
    }
    const dossier = mine.find((one) => one['dossierCode'] === code)
    return dossier ? answer(200, dossier) : answer(404, { error: { code: 'DOSSIER_UNKNOWN', message: code } })
  }
}

function playVneid(): Answerer {
  return (seen, response) => {
    const url = new URL(seen.path, 'http://vneid')
    if (url.pathname === '/authorize') return json(response, 200, { loginUrl: '/authorize/login?request=r%2B1' })
    if (url.pathname === '/logout') return json(response, 302, {}, { location: `http://${PORTAL_HOST}:8080/` })
    const { request, personId, passcode } = seen.body
    if (request !== 'r+1' || String(personId).slice(-6) !== passcode) return json(response, 401, { error: { code: 'LOGIN_REFUSED', message: 'wrong' } })
    return json(response, 302, {}, { location: `http://${PORTAL_HOST}:8080/auth/callback?code=${String(personId)}&state=s1` })
  }
}

function playBank(stored: PlayedSystems['stored']): Answerer {
  return (seen, response) => {
    stored.debit.set(String(seen.body['reference']), seen.body)
    json(response, 200, { bankReference: `B${stored.debit.size}`, paidAt: 0 })
  }
}

function playDesk(stored: PlayedSystems['stored']): Answerer {
  return (seen, response) => {
    const kind = seen.path.endsWith('/desk/dossiers') ? 'desk' : 'event'
    stored[kind].set(String(seen.body['reference']), { ...seen.body, partner: seen.path.split('/')[1] })
    json(response, 201, { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null })
  }
}

export function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text === '' ? {} : JSON.parse(text) as Record<string, unknown>
}
