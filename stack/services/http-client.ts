/**
 * Calls from one service to another: JSON over kept-alive connections (undici), with a wall-clock time-out for the whole call.
 * Out: status and parsed body, whatever the status. Throws CallTimedOut after `timeoutMs`, CallFailed where no answer came.
 */
import { Agent, request } from 'undici'

export class CallTimedOut extends Error { override readonly name = 'CallTimedOut' }
export class CallFailed extends Error { override readonly name = 'CallFailed' }

export type CallAnswer = { status: number; body: any; location: string | undefined }
export type HttpClient = {
  postJson: (url: string, body: unknown, timeoutMs: number, headers?: Record<string, string>) => Promise<CallAnswer>
  postForm: (url: string, form: Record<string, string>, timeoutMs: number) => Promise<CallAnswer>
  get: (url: string, timeoutMs: number, headers?: Record<string, string>) => Promise<CallAnswer>
  close: () => Promise<void>
}

const CONNECTIONS_A_HOST = 16

export function createHttpClient(): HttpClient {
  const agent = new Agent({ connections: CONNECTIONS_A_HOST, keepAliveTimeout: 30_000, connect: { timeout: 5_000 } })

  async function call(url: string, options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string }, timeoutMs: number): Promise<CallAnswer> {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeoutMs)
    try {
      const answer = await request(url, { ...options, dispatcher: agent, signal: abort.signal })
      const text = await answer.body.text()
      const location = answer.headers['location']
      return { status: answer.statusCode, body: parsed(text), location: Array.isArray(location) ? location[0] : location }
    } catch (error) {
      if (abort.signal.aborted) throw new CallTimedOut(`${options.method} ${url} had no answer within ${timeoutMs} ms`, { cause: error })
      throw new CallFailed(`${options.method} ${url}: ${(error as Error).message}`, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    postJson: (url, body, timeoutMs, headers = {}) => call(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }, timeoutMs),
    postForm: (url, form, timeoutMs) => call(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString() }, timeoutMs),
    get: (url, timeoutMs, headers = {}) => call(url, { method: 'GET', headers }, timeoutMs),
    close: () => agent.destroy(),
  }
}

function parsed(text: string): unknown {
  try { return text === '' ? undefined : JSON.parse(text) } catch { return undefined }
}
