/** One simulator served on a free port of 127.0.0.1, with a client for JSON beside. For tests of its routes over real sockets. */
import type { AddressInfo } from 'node:net'
import type { EvidenceRow } from '../contracts/evidence.ts'
import { startFastServer, stopServer } from './server/fast-server.ts'
import type { Simulator } from './simulator.ts'

export type JsonAnswer = { status: number; headers: Headers; body: any }
export type Served = {
  url: string
  get: (path: string, headers?: Record<string, string>) => Promise<JsonAnswer>
  post: (path: string, body: unknown) => Promise<JsonAnswer>
  postForm: (path: string, form: Record<string, string>) => Promise<JsonAnswer>
  evidence: (keyPrefix: string) => EvidenceRow[]
  close: () => Promise<void>
}

/** `make` is told the address, which some partners put into what they answer. */
export async function serveSimulator(make: (url: string) => Simulator | Promise<Simulator>): Promise<Served> {
  let simulator: Simulator | undefined
  const server = await startFastServer({ routes: [], served: () => 0, behave: () => {}, reply: (request) => simulator!.endpoint.reply(request) }, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  simulator = await make(url)
  const ask = async (path: string, init: RequestInit): Promise<JsonAnswer> => {
    const response = await fetch(url + path, { redirect: 'manual', ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    url,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    postForm: (path, form) => ask(path, { method: 'POST', body: new URLSearchParams(form) }),
    evidence: (keyPrefix) => simulator.evidence().filter((row) => row.key.startsWith(`${keyPrefix}/`)),
    close: async () => { await stopServer(server); await simulator.close() },
  }
}
