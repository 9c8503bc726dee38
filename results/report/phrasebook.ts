/**
 * The sentences of the judge in Vietnamese. It records each sentence once, in English, with names and numbers in it; `phrases.ts` has a
 * translation of every form. In: a recorded text. Out: the Vietnamese one, or null where the form is not known: then
 * the text is printed as recorded and marked as English, never guessed.
 */
import { PHRASES } from './phrases.ts'
import { printNumber } from './print-values.ts'

type Form = { pattern: RegExp; names: string[]; vi: string }
// Forms with more fixed words are tried first.
const FORMS: readonly Form[] = PHRASES.toSorted(([a], [b]) => fixed(b) - fixed(a)).map(([en, vi]) => {
  const names = [...en.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  return { names, vi, pattern: new RegExp(`^${en.split(/\{\w+\}/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)')}$`, 's') }
})

/** Longer texts are lists; what they hold is data. Also bounds the work of matching. */
const LONGEST = 3_000

export function inVietnamese(text: string): string | null {
  if (text.length > LONGEST) return null
  if (/^\d+(?:\.\d+)?\s?(?:%|ms|VND)?$/.test(text)) return numbers(text)
  for (const { pattern, names, vi } of FORMS) {
    const match = pattern.exec(text)
    if (match) return vi.replace(/\{(\w+)\}/g, (_, name: string) => inside(match[names.indexOf(name) + 1]!))
  }
  return null
}

/** What stands in a sentence may be a phrase itself, or several; names and quotations stay. */
function inside(text: string): string {
  return inVietnamese(text) ?? (text.includes('; ') ? text.split('; ').map((part) => inVietnamese(part) ?? part).join('; ') : text)
}

function numbers(text: string): string {
  return text.replace(/\d+(?:\.\d+)?/g, (digits) => printNumber(Number(digits), 'vi', digits.split('.')[1]?.length ?? 0))
}

function fixed(template: string): number { return template.replace(/\{\w+\}/g, '').length }
