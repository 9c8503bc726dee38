/** Query strings and forms (application/x-www-form-urlencoded): of a name that comes twice the last counts, and what is no percent-encoded UTF-8 is refused. */
export function parseForm(text: string): Record<string, string> | undefined {
  const values: Record<string, string> = {}
  if (text === '') return values
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const cut = pair.indexOf('=')
    const name = decode(cut < 0 ? pair : pair.slice(0, cut))
    const value = cut < 0 ? '' : decode(pair.slice(cut + 1))
    if (name === undefined || value === undefined) return undefined
    put(values, name, value)
  }
  return values
}

export function formatForm(values: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== null) form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  return form.toString()
}

/** Also under the name `__proto__`, as JSON.parse does it. */
export function put<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}

function decode(text: string): string | undefined {
  if (/^[\w.~*-]*$/.test(text)) return text
  // Bytes beyond ASCII must come percent-encoded: as they stand nobody knows their encoding any more.
  if (!/^[\x20-\x7e]*$/.test(text)) return undefined
  try { return decodeURIComponent(text.replaceAll('+', ' ')) } catch { return undefined }
}
