/** HTML from templates: what is put in is escaped, except what is HTML already. */
export type Html = { html: string }

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function html(pieces: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  return { html: pieces.reduce((text, piece, i) => text + shown(values[i - 1]!) + piece) }
}

function shown(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map((one) => one.html).join('')
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]!)
}
