/** One simulator served on a free port of 127.0.0.1, with a client for JSON beside, which says what it is told by the simulator's wire. For tests of its routes over real sockets. */
import type { AddressInfo } from 'node:net'
import type { EvidenceRow } from '../contracts/evidence.ts'
import { startFastServer, stopServer } from './server/fast-server.ts'
import { refusal } from './server/route.ts'
import type { Simulator } from './simulator.ts'
import { clientSpeech, type Said } from './testing/client-speech.ts'

export type JsonAnswer = { status: number; headers: Headers; body: any }
export type Served = {
  url: string
  get: (path: string, headers?: Record<string, string>) => Promise<JsonAnswer>
  /** A canonical signature among the headers is put through the wire like the rest. */
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<JsonAnswer>
  postForm: (path: string, form: Record<string, string>) => Promise<JsonAnswer>
  evidence: (keyPrefix: string) => EvidenceRow[]
  close: () => Promise<void>
}

/** `make` is told the address, which some partners put into what they answer. */
export async function serveSimulator(make: (url: string) => Simulator | Promise<Simulator>): Promise<Served> {
  let simulator: Simulator | undefined
  const server = await startFastServer({
    reply: (request) => simulator!.endpoint.reply(request),
    refuse: (status, code, message) => simulator?.endpoint.refuse?.(status, code, message) ?? refusal(status, code, message),
  }, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  simulator = await make(url)
  const speak = clientSpeech(simulator.endpoint.wire)
  const ask = async (canonical: Said): Promise<JsonAnswer> => {
    const { said: { path, ...init }, heard } = speak(canonical)
    const response = await fetch(url + path, { redirect: 'manual', ...init })
    const text = await response.text()
    return { headers: response.headers, ...heard(response.status, text === '' ? undefined : JSON.parse(text)) }
  }
  return {
    url,
    get: (path, headers = {}) => ask({ method: 'GET', path, headers }),
    post: (path, body, headers = {}) => ask({ method: 'POST', path, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
    postForm: (path, form) => ask({ method: 'POST', path, body: new URLSearchParams(form).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    evidence: (keyPrefix) => simulator.evidence().filter((row) => row.key.startsWith(`${keyPrefix}/`)),
    close: async () => { await stopServer(server); await simulator.close() },
  }
}
