/**
 * The seam of conformance: one requirement of a role's contract, and how to find out whether a system holds it. In: a context (who is asked, with which
 * identities, where callbacks arrive). Out: held, broken (what was expected, what was seen, in which exchange), or not triggerable, which lowers the
 * index and never the score. `demand` and `answered` throw `Broken`; anything else that is thrown is a fault of the check, not of the system.
 */
import type { Text } from '../contracts/text.ts'
import type { Context } from './context.ts'
import type { Exchange } from './exchange.ts'
import type { Need } from './needs.ts'
import type { Speech } from './speech.ts'
import { sameText } from './text-forms.ts'

/** The flows of the cutover that a requirement stands for (the 13 flows, and what lies under all of them). */
export const FLOWS = ['login', 'find-service', 'submit', 'receive', 'supplement', 'pay', 'process', 'return-result', 'feedback', 'sms', 'statistics', 'dossier-sync', 'status-sync'] as const
export type Flow = (typeof FLOWS)[number]

export type Check = {
  /** `<role>.<topic>.<what>`; unique in its role. */
  id: string
  flow: Flow
  requirement: Text
  /** What the fixture must hold so that it can be tried. */
  needs?: readonly Need[]
  /** Whether it says anything of a system that speaks so; by default, of all. */
  applies?: (speech: Speech) => boolean
  run: (context: Context) => Promise<void>
}

export type Demonstration = {
  input: unknown
  /** Asks again with a smaller input; gives the exchange where the failure still shows. */
  again: (input: unknown) => Promise<Exchange | undefined>
}

export class Broken extends Error {
  override readonly name = 'Broken'
  readonly expected: Text
  readonly observed: Text
  readonly exchange: Exchange | undefined
  readonly show: Demonstration | undefined
  constructor(expected: Text, observed: Text, exchange?: Exchange, show?: Demonstration | undefined) {
    super(`expected ${expected.en}; observed ${observed.en}`)
    this.expected = expected
    this.observed = observed
    this.exchange = exchange
    this.show = show
  }
}

/** This system cannot be brought into the situation. */
export class NotTriggerable extends Error {
  override readonly name = 'NotTriggerable'
  readonly why: Text
  constructor(why: Text) {
    super(why.en)
    this.why = why
  }
}

type Said = Text | string

export function demand(condition: unknown, expected: Said, observed: Said, exchange?: Exchange, show?: Demonstration | undefined): asserts condition {
  if (!condition) throw new Broken(textOf(expected), textOf(observed), exchange, show)
}

/** The exchange ended with one of these statuses, and with this code of refusal where one is named. */
export function answered(exchange: Exchange, statuses: number | readonly number[], code?: string): void {
  const wanted = typeof statuses === 'number' ? [statuses] : statuses
  const fits = exchange.status !== null && wanted.includes(exchange.status) && (code === undefined || exchange.code === code)
  if (fits) return
  const words = `${wanted.join(' | ')}${code === undefined ? '' : ` ${code}`}`
  throw new Broken({ vi: `trả lời ${words}`, en: `the answer ${words}` }, seen(exchange), exchange, sameAnswer(exchange))
}

/** A smaller request shows the failure where it is answered in the same way. */
export function sameAnswer(exchange: Exchange): Demonstration | undefined {
  return exchange.repeat && {
    input: exchange.input, again: async (input) => {
      const next = await exchange.repeat!(input)
      return next && next.status === exchange.status && next.code === exchange.code ? next : undefined
    },
  }
}

/** A field of an answer that must be a text; two that are both missing are not the same. */
export function textIn(exchange: Exchange, field: string): string {
  const value: unknown = exchange.json?.[field]
  demand(typeof value === 'string' && value !== '', { vi: `trường ${field} là chữ, không rỗng`, en: `a field ${field} that is a text, not empty` }, JSON.stringify(value) ?? '–', exchange)
  return value
}
export function numberIn(exchange: Exchange, field: string): number {
  const value: unknown = exchange.json?.[field]
  demand(typeof value === 'number' && Number.isFinite(value), { vi: `trường ${field} là số`, en: `a field ${field} that is a number` }, JSON.stringify(value) ?? '–', exchange)
  return value
}
/** A list in an answer, each member an object. */
export function listIn(exchange: Exchange, field: string): any[] {
  const value: unknown = exchange.json?.[field]
  demand(Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null), { vi: `trường ${field} là danh sách`, en: `a field ${field} that is a list` }, (JSON.stringify(value) ?? '–').slice(0, 200), exchange)
  return value
}

/** Each of these fields has this value. */
export function shows(exchange: Exchange, wanted: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(wanted)) demand(exchange.json?.[name] === value, `${name} = ${String(value)}`, `${name} = ${String(exchange.json?.[name])}`, exchange)
}

/** Texts that may come back composed or decomposed. */
export function says(exchange: Exchange, field: string, text: string): void { demand(sameText(exchange.json?.[field], text), `${field} = ${text}`, `${field} = ${String(exchange.json?.[field])}`, exchange) }

/** The same as it was answered before, in all that the contract has it say. */
export function repeats(exchange: Exchange, before: Exchange, fields: readonly string[]): void {
  for (const name of fields) demand(JSON.stringify(exchange.json?.[name]) === JSON.stringify(before.json?.[name]), `${name} = ${JSON.stringify(before.json?.[name])}`, `${name} = ${JSON.stringify(exchange.json?.[name])}`, exchange)
}

/** A moment (ms, UTC) of this very check; hours off, it is of another time zone. */
export function isNow(value: unknown, field: string, nowMs: number, exchange: Exchange | undefined): void {
  const off = typeof value === 'number' ? value - nowMs : Number.NaN
  demand(Math.abs(off) < NOW_MS, { vi: `${field} trong vòng nửa giờ quanh lúc này (ms, UTC)`, en: `${field} within half an hour of now (ms, UTC)` }, Number.isNaN(off) ? `${field} = ${String(value)}` : `${field}: ${Math.round(off / 60_000)} min`, exchange)
}
const NOW_MS = 30 * 60_000

export function seen(exchange: Exchange): Text {
  if (exchange.status === null) return { vi: `không có trả lời (${exchange.error})`, en: `no answer (${exchange.error})` }
  return textOf(`${exchange.status}${exchange.code === null ? '' : ` ${exchange.code}`}`)
}

export function notTriggerable(vi: string, en: string): never { throw new NotTriggerable({ vi, en }) }

function textOf(said: Said): Text { return typeof said === 'string' ? { vi: said, en: said } : said }
