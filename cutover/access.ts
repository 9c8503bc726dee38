/**
 * What reaching a target needs beside its addresses, and what must not get into a record: secrets by reference, the run's pseudonyms, a person who can be
 * asked. The product's own stack needs none of it.
 */
import { createHmac } from 'node:crypto'
import type { Text } from '../contracts/text.ts'

export type Question = { system: string; act: string; text: Text; timeoutMs: number }

export type TargetAccess = {
  /** The value behind `env:…` or `file:…`; throws where there is none. */
  secretOf: (ref: string) => string
  /** The text without any secret's value. */
  blot: (text: string) => string
  /** Null: personal fields are kept as they are, because only invented people are there. */
  pseudonymOf: ((text: string) => string) | null
  /** False: the person says that it was not done. Throws where nobody answers in time. */
  confirm: (question: Question, signal?: AbortSignal) => Promise<boolean>
  /** PEM of a certificate authority beside those of the machine. */
  authority?: string
}

export const OWN_STACK: TargetAccess = {
  secretOf: (ref) => { throw new Error(`the product's own stack has no secret "${ref}"`) },
  blot: (text) => text,
  pseudonymOf: null,
  confirm: () => Promise.reject(new Error('nobody is there to be asked')),
}

const HEX_KEPT = 24

/**
 * Equal texts get equal pseudonyms within a run. What a comparison would take for equal is made equal first (NFC, blanks). k6 makes the same ones
 * (`scenarios/k6/pseudonym.ts`).
 */
export function pseudonymsBy(key: string): (text: string) => string {
  return (text) => `p-${createHmac('sha256', key).update(plain(text)).digest('hex').slice(0, HEX_KEPT)}`
}

function plain(text: string): string { return text.normalize('NFC').replace(/[\s\u00a0]+/g, ' ').trim() }

const SHORTEST = 4

/** Shorter ones stand in too much that is no secret. */
export function blotting(values: readonly string[]): (text: string) => string {
  const secrets = [...new Set(values.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')]))]
    .filter((value) => value.length >= SHORTEST).toSorted((a, b) => b.length - a.length)
  if (secrets.length === 0) return (text) => text
  return (text) => secrets.reduce((left, secret) => left.includes(secret) ? left.replaceAll(secret, '•••') : left, text)
}
