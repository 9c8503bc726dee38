/**
 * What came back from a request, and what it means for the operation: 2xx is a yes; a definite refusal that stored nothing is a no (4xx, the
 * portal frozen or closed, the WAF's block); time-out, reset and any other answer leave it unknown, for the other side may have done it.
 */
import type { Outcome } from '../contracts/operation.ts'

export type Answer = {
  /** 0 where none came. */
  status: number
  /** The network's error, where no answer came. */
  error: string | null
  remote: string
  /** Header `x-served-by`. */
  servedBy: string | null
  location: string | null
  content: Content
}

/** An answer's body. `json` throws where it is none. k6's own answers are such: they read it in Go, twice as fast as its engine does. */
export type Content = { json(): unknown }

/** What an operation came to, as far as its client can tell; becomes a history line. */
export type Conclusion = {
  outcome: Outcome
  system: string
  http?: { status: number; remote: string }
  error?: string
  dossierCode?: string
  procedureCode?: string
  unitCode?: string
  amountVnd?: number
  fields?: Fields
  observed?: string
}
export type Fields = Record<string, string | number | boolean | null>

/** Codes with which a portal says 503 and has stored nothing. */
const REFUSED_503: readonly string[] = ['PORTAL_FROZEN', 'PORTAL_CLOSED']
const REQUEST_TIMEOUT = 408

export function outcomeOf(answer: Answer): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300) return 'ok'
  if (status >= 400 && status < 500 && status !== REQUEST_TIMEOUT) return 'fail'
  if (status === 503 && REFUSED_503.includes(refusalOf(answer)?.code ?? '')) return 'fail'
  return 'info'
}

/** What the client knows of the operation besides how it ended. */
export type Said = Omit<Conclusion, 'outcome' | 'system' | 'http' | 'error'>

/**
 * `system`: who is taken to have answered where the answer does not say it. `said` itself becomes the conclusion, and more may be added to it: each copy of one
 * costs k6's engine 5 µs.
 */
export function conclude(answer: Answer, system: string, said: Said = {}): Conclusion {
  const conclusion = said as Conclusion
  const outcome = outcomeOf(answer)
  const { status, remote, servedBy } = answer
  conclusion.outcome = outcome
  conclusion.system = servedBy ?? system
  if (status > 0) conclusion.http = { status, remote }
  if (outcome !== 'ok') conclusion.error = errorText(answer)
  return conclusion
}

/** A yes whose content cannot be used: nobody knows what was stored. */
export function unreadable(conclusion: Conclusion, what: string): Conclusion {
  return { ...conclusion, outcome: 'info', error: `ANSWER_UNREADABLE: ${what}` }
}

/** Looked up once: k6's engine goes a long way to a global. */
const { isArray } = Array

export function bodyOf(answer: Answer): Record<string, unknown> | undefined {
  try {
    const body: unknown = answer.content.json()
    return typeof body === 'object' && body !== null && !isArray(body) ? body as Record<string, unknown> : undefined
  } catch { return undefined }
}

/** `{error: {code, message}}` of a body. */
export function refusalOf(answer: Answer): { code: string; message: string } | undefined {
  const error = bodyOf(answer)?.['error']
  if (typeof error !== 'object' || error === null) return undefined
  const { code, message } = error as Record<string, unknown>
  return typeof code === 'string' ? { code, message: typeof message === 'string' ? message : '' } : undefined
}

function errorText(answer: Answer): string {
  if (answer.status === 0) return answer.error ?? 'no answer'
  const refusal = refusalOf(answer)
  if (refusal) return refusal.message ? `${refusal.code}: ${refusal.message}` : refusal.code
  return `HTTP ${answer.status}`
}
