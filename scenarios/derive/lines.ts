/** The lines of a derivation: every figure on the way from the documents to a rate, with how it came about and where from. */
import type { Text } from '../../contracts/text.ts'
import { figureOf, type PublishedFigures } from './figures.ts'
import type { Rate } from './mix.ts'

export type DerivationLine = {
  what: Text
  value: number
  unit: Text
  /** The calculation, with its figures. */
  how: Text
  /** A figure of a document, something that no document gives, or the outcome of lines above. */
  basis: { source: string } | { assumption: Text } | { computed: true }
}

export type ResolvedRate = { value: number; how: Text; basis: DerivationLine['basis'] }

export function resolveRate(rate: Rate, figures: PublishedFigures): ResolvedRate {
  if ('value' in rate) return { value: rate.value, how: same('–'), basis: { assumption: rate.assumption } }
  const [part, whole] = [figureOf(figures, rate.figure), figureOf(figures, rate.per)]
  return {
    value: part.value / whole.value, how: texts((number) => `${number(part.value)} / ${number(whole.value)}`),
    basis: { source: part.source === whole.source ? part.source : `${part.source}, ${whole.source}` },
  }
}

const NUMBERS = { vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 3 }), en: new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 }) }

/** A number as each language writes it. */
export function shownNumber(value: number): Text { return { vi: NUMBERS.vi.format(value), en: NUMBERS.en.format(value) } }

export function texts(write: (number: (value: number) => string) => string): Text {
  return { vi: write((value) => NUMBERS.vi.format(value)), en: write((value) => NUMBERS.en.format(value)) }
}

export function same(text: string): Text { return { vi: text, en: text } }
