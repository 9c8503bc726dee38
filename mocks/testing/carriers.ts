/** The ways in which a request can be carried to an endpoint: a socket, the fast path alone, msw. What comes back is brought to one form, to be compared. */
import { getResponse, type HttpHandler } from 'msw'
import { RESET, type Endpoint } from '../server/endpoint.ts'

export type Ask = { method: string; path: string; body?: string; headers?: Record<string, string> }
export type Answer = { status: number; headers: Record<string, string | null>; body: string } | 'reset'

const COMPARED = ['content-type', 'location', 'cache-control', 'www-authenticate', 'allow', 'retry-after']

export async function overSocket(url: string, { path, ...init }: Ask): Promise<Answer> {
  return fetch(url + path, { ...init, redirect: 'manual' }).then(taken, () => 'reset' as const)
}

/** As the fast server does it, between the request's last byte and the answer's first. */
export async function inProcess(endpoint: Endpoint, { method, path: url, body = '', headers = {} }: Ask): Promise<Answer> {
  // Any client writes the URL down as the standard says before it sends it.
  const { pathname, search } = new URL(url, 'http://partner.test')
  const given = new Map(Object.entries(headers))
  const reply = await endpoint.reply({
    method, path: pathname, query: search.slice(1), body: method === 'GET' || method === 'HEAD' ? '' : body.toWellFormed(),
    header: (name) => given.get(name),
  })
  if (reply === RESET) return 'reset'
  const text = reply.text ?? (reply.body === undefined ? undefined : JSON.stringify(reply.body))
  const sent = new Headers({ ...(text !== undefined && { 'content-type': 'application/json' }), ...reply.headers })
  return { status: reply.status, headers: namedIn(sent), body: method === 'HEAD' ? '' : text ?? '' }
}

export async function throughMsw(base: string, handlers: HttpHandler[], { path, ...init }: Ask): Promise<Answer> {
  const response = await getResponse(handlers, new Request(base + path, init))
  if (!response) throw new Error(`no handler for ${path}`)
  return response.type === 'error' ? 'reset' : taken(response)
}

async function taken(response: Response): Promise<Answer> {
  return { status: response.status, headers: namedIn(response.headers), body: await response.text() }
}

/** ECDSA signs with a random number, so the signatures of equal tokens differ. */
export function comparable(answer: Answer): Answer {
  return answer === 'reset' ? answer : { ...answer, body: answer.body.replace(/("id_token":"[^."]+\.[^."]+)\.[^"]+"/, '$1"') }
}

function namedIn(headers: Headers): Record<string, string | null> {
  return Object.fromEntries(COMPARED.map((name) => [name, headers.get(name)]))
}
