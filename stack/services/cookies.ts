/** Cookies as both portals use them: read one by name, write one, take one back (RFC 6265). No `Secure`: the stack speaks plain HTTP on loopback. */

export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const cut = pair.indexOf('=')
    if (cut > 0 && pair.slice(0, cut).trim() === name) return pair.slice(cut + 1).trim()
  }
  return undefined
}

export function writeCookie(name: string, value: string, options: { maxAgeS?: number; path?: string } = {}): string {
  const age = options.maxAgeS === undefined ? '' : `; Max-Age=${options.maxAgeS}`
  return `${name}=${value}; Path=${options.path ?? '/'}${age}; HttpOnly; SameSite=Lax`
}

export function dropCookie(name: string, path = '/'): string { return writeCookie(name, '', { maxAgeS: 0, path }) }
