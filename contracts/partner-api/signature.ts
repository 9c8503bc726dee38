/** Signs and checks messages by the scheme of a contract profile: HMAC over the body, or over the time and the body. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SignatureScheme } from './contract-profile.ts'

/** How far the time in a signature may be from the receiver's own. */
export const TIMESTAMP_TOLERANCE_S = 300

export function sign(scheme: SignatureScheme, key: string, body: string, nowMs: number): Record<string, string> {
  if (scheme.over === 'body') return { [scheme.header]: digest(scheme, key, body) }
  const timestamp = String(Math.floor(nowMs / 1000))
  return { [scheme.header]: digest(scheme, key, `${timestamp}.${body}`), [scheme.timestampHeader!]: timestamp }
}

/** What is wrong with the signature, or undefined where it is right. `header` is asked in lower case. */
export function signatureProblem(scheme: SignatureScheme, key: string | undefined, body: string, header: (name: string) => string | undefined, nowMs: number): string | undefined {
  const given = header(scheme.header.toLowerCase())
  if (!given) return `the header ${scheme.header} is missing`
  if (key === undefined) return 'nobody is known under the name of the sender'
  if (scheme.over === 'body') return sameText(given, digest(scheme, key, body)) ? undefined : `${scheme.header} does not fit the body`
  const timestamp = header(scheme.timestampHeader!.toLowerCase()) ?? ''
  if (!/^\d{1,12}$/.test(timestamp)) return `the header ${scheme.timestampHeader} is missing or no time in seconds`
  if (!sameText(given, digest(scheme, key, `${timestamp}.${body}`))) return `${scheme.header} does not fit the time and the body`
  return Math.abs(nowMs / 1000 - Number(timestamp)) > TIMESTAMP_TOLERANCE_S ? `${scheme.timestampHeader} is more than ${TIMESTAMP_TOLERANCE_S} s off` : undefined
}

function digest({ algorithm, encoding, prefix }: SignatureScheme, key: string, text: string): string {
  return prefix + createHmac(algorithm === 'hmac-sha512' ? 'sha512' : 'sha256', key).update(text).digest(encoding)
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
