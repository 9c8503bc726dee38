/**
 * Asks an endpoint what its OpenAPI document makes one think of, good and bad (`requests.ts`), and holds each answer against the document: listed status,
 * declared body, a code in every refusal, no 500, no reset. Throws the smallest request that shows a mistake. For tests.
 */
import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import type { OpenApiDocument } from '../../contracts/partner-api/openapi.ts'
import { sign } from '../../contracts/partner-api/signature.ts'
import { RESET, type Endpoint } from '../server/endpoint.ts'
import { createAnswerCheck, type AnswerCheck } from './answer-check.ts'
import { requestsOf, type FuzzRequest } from './requests.ts'

export type FuzzOptions = {
  numRuns: number; seed: number
  /** Addresses that requests may name. */
  urls: readonly string[]
  /** Of whoever signs. */
  key: string
}

/** Without sockets. Gives the pairs of operation and status that were met. */
export async function fuzzEndpoint(endpoint: Endpoint, document: OpenApiDocument, { numRuns, seed, urls, key }: FuzzOptions): Promise<Set<string>> {
  const check = createAnswerCheck(document)
  const memory = new Map<string, string>()
  const met = new Set<string>()
  await fc.assert(fc.asyncProperty(requestsOf(document, urls), async (made) => {
    const { method, path, query, body, headers } = prepared(made, memory, document, key)
    const reply = await endpoint.reply({ method, path, query, body, header: (name) => headers[name] })
    if (reply === RESET) throw new Error('a reset that nobody asked for')
    const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body))
    const sent = new Map(Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
    check({ method, path, status: reply.status, header: (name) => sent.get(name.toLowerCase()) ?? (name === 'content-type' && reply.body !== undefined ? 'application/json' : undefined), text })
    remember(memory, reply.body, sent.get('location'))
    met.add(`${made.operation} ${reply.status}`)
  }), { numRuns, seed })
  return met
}

/** Over sockets, with bytes that are no UTF-8 and bodies that are too large among them. */
export async function fuzzServer(port: number, document: OpenApiDocument, { numRuns, seed, urls, key }: FuzzOptions): Promise<void> {
  const check = createAnswerCheck(document)
  const sendable = requestsOf(document, urls).filter(({ path, query }) => /^[\x21-\x7e]*$/.test(path + query))
  await fc.assert(fc.asyncProperty(sendable, fc.constantFrom('as it is', 'as it is', 'broken UTF-8', 'huge'), async (made, how) => {
    const ask = prepared(made, new Map(), document, key)
    // Huge not beside a first line that is refused already: who is refused while he still sends may not read why.
    const body = how === 'huge' && ask.path.length + ask.query.length < 4_000 ? Buffer.alloc(1_200_000, 'x')
      : how === 'broken UTF-8' || ask.body === undefined ? Buffer.from([...Buffer.from(ask.body ?? '{"a":"'), 0xc3, 0x28]) : Buffer.from(ask.body)
    check(await overSocket(port, ask, body))
  }), { numRuns, seed })
}

/** With what earlier answers gave in the place of `recall(NAME)`, and signed where the operation is and nothing else was put there. */
function prepared(made: FuzzRequest, memory: ReadonlyMap<string, string>, document: OpenApiDocument, key: string): FuzzRequest {
  const recalled = (text: string, write: (value: string) => string) => text.replace(/recall(?:\(|%28)(\w+)(?:\)|%29)/g, (_, name: string) => write(memory.get(name) ?? 'none'))
  const asForm = made.headers['content-type'] === 'application/x-www-form-urlencoded'
  const request = {
    ...made, path: recalled(made.path, encoded), query: recalled(made.query, encoded),
    body: made.body === undefined ? undefined : recalled(made.body, (value) => asForm ? encoded(value) : JSON.stringify(value).slice(1, -1)),
    headers: Object.fromEntries(Object.entries(made.headers).map(([name, value]) => [name, recalled(value, (text) => text)])),
  }
  const signed = Object.values(document.paths).some((item) => Object.values(item).some(({ operationId, security }) => operationId === made.operation && (security as object[]).some((scheme) => 'signature' in scheme)))
  if (!signed || 'x-signature' in request.headers || request.body === undefined) return request
  const { 'x-partner': _partner, 'x-bank': _bank, ...headers } = request.headers
  return { ...request, headers: { ...headers, ...sign(DEFAULT_SIGNATURE, key, request.body, Date.now()) } }
}

function encoded(value: string): string { return encodeURIComponent(value.toWellFormed()) }

function remember(memory: Map<string, string>, body: unknown, location: string | undefined): void {
  const parameters = (url: string) => { for (const [name, value] of URL.canParse(url) ? new URL(url).searchParams : []) memory.set(name, value) }
  if (location) parameters(location)
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    for (const [name, item] of Object.entries(value)) {
      if (typeof item === 'string') { memory.set(name, item); parameters(item) } else walk(item)
    }
  }
  if (body !== undefined && !('error' in (body as object))) walk(body)
}

function overSocket(port: number, { method, path, query, headers }: FuzzRequest, body: Buffer): Promise<Parameters<AnswerCheck>[0]> {
  return new Promise((resolve, reject) => {
    const bodiless = ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method.toUpperCase())
    const outgoing = httpRequest({ host: '127.0.0.1', port, agent: false, method, path: (path || '/') + (query && `?${query}`), headers: { ...headers, ...(bodiless ? {} : { 'content-length': body.length }) } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => { text += piece })
        .on('end', () => resolve({ method: method.toUpperCase(), path: path || '/', status: response.statusCode!, header: (name) => response.headers[name.toLowerCase()] as string | undefined, text }))
    })
    outgoing.on('error', reject)
    outgoing.end(bodiless ? undefined : body)
  })
}
