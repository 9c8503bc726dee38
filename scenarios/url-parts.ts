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

/** The same for those who meet the same few hosts again and again: the form is read once for each, at most MAX_ORIGINS of them. */
export function urlReader(): (text: string) => UrlParts | undefined {
  const origins = new Map<string, UrlParts>()
  return (text) => {
    const slash = text.indexOf('/', LONGEST_SCHEME)
    if (slash < 0) return urlParts(text)
    const start = text.slice(0, slash)
    const known = origins.get(start)
    if (known) return { scheme: known.scheme, host: known.host, port: known.port, path: text.slice(slash) }
    const parts = urlParts(start)
    // A query without a path may have slashes: what has a tail of its own is no origin.
    if (!parts || /[?#]/.test(start)) return urlParts(text)
    if (origins.size < MAX_ORIGINS) origins.set(start, parts)
    return urlParts(text)
  }
}
const LONGEST_SCHEME = 'https://'.length
const MAX_ORIGINS = 64

/** One parameter of a URL's query, decoded. */
export function queryParameter(url: string, name: string): string | undefined {
  const fragment = url.indexOf('#')
  const end = fragment < 0 ? url.length : fragment
  const start = url.indexOf('?')
  if (start < 0 || start > end) return undefined
  for (let from = start + 1; ;) {
    const next = url.indexOf('&', from)
    const stop = next < 0 || next > end ? end : next
    const after = from + name.length
    if (url.startsWith(name, from) && (after === stop || (after < stop && url[after] === '='))) {
      const value = url.slice(after + 1, stop)
      return decodeURIComponent(value.includes('+') ? value.replace(/\+/g, ' ') : value)
    }
    if (stop === end) return undefined
    from = stop + 1
  }
}
