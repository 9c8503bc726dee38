/**
 * HTML as values: the tag `html` escapes every value that is not markup itself, so data from a run (a dossier may hold `<script>`) cannot become markup.
 * In: template with strings, numbers, markup, arrays of these; null, undefined and false print nothing. Out: `Html`.
 */
export class Html {
  readonly text: string
  constructor(text: string) { this.text = text }
  toString(): string { return this.text }
}

export type Printable = Html | string | number | null | undefined | false | readonly Printable[]

export function html(pieces: TemplateStringsArray, ...values: readonly Printable[]): Html {
  let text = pieces[0]!
  values.forEach((value, index) => { text += print(value) + pieces[index + 1]! })
  return new Html(text)
}

/** Markup made by a trusted maker (style sheet, chart library), never data. */
export function trusted(markup: string): Html { return new Html(markup) }

export const nothing = new Html('')

function print(value: Printable): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return (value as readonly Printable[]).map(print).join('')
  return escape(String(value))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

export function escape(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** Control characters and lone surrogates are not allowed in XML; direction overrides would let data reorder what is printed beside it. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
}
