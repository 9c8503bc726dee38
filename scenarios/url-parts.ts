/** The parts of an absolute http(s) URL. k6's VM has no `URL`. Undefined where the text is none. */
export type UrlParts = { scheme: 'http' | 'https'; host: string; port: number; path: string }

const FORM = /^(https?):\/\/([^/?#:[\]@]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?([/?#].*)?$/i

export function urlParts(text: string): UrlParts | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const scheme = match[1]!.toLowerCase() as UrlParts['scheme']
  const tail = match[4] ?? '/'
  return { scheme, host: match[2]!.toLowerCase(), port: match[3] ? Number(match[3]) : scheme === 'https' ? 443 : 80, path: tail.startsWith('/') ? tail : `/${tail}` }
}

/** One parameter of a URL's query, decoded. */
export function queryParameter(url: string, name: string): string | undefined {
  const fragment = url.indexOf('#')
  const end = fragment < 0 ? url.length : fragment
  const start = url.indexOf('?')
  if (start < 0 || start > end) return undefined
  for (const pair of url.slice(start + 1, end).split('&')) {
    const [key, value = ''] = pair.split('=', 2)
    if (key === name) return decodeURIComponent(value.replace(/\+/g, ' '))
  }
  return undefined
}
