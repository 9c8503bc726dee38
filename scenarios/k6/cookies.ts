/** The cookies of one journey, as a header: written anew only when an answer changes them. */
export type Cookies = {
  has: (name: string) => boolean
  /** Value of the `Cookie` header; empty without cookies. */
  header: () => string
  take: (set: SetCookies) => void
}
/** By name, as k6 has them: below 0 an answer takes the cookie back. */
export type SetCookies = Readonly<Record<string, readonly { value: string; maxAge: number }[]>>

export function createCookies(): Cookies {
  const kept: Record<string, string> = {}
  let header = ''
  return {
    has: (name) => kept[name] !== undefined,
    header: () => header,
    take(set) {
      for (const name in set) {
        const values = set[name]!
        const { value, maxAge } = values[values.length - 1]!
        if (value === '' || maxAge < 0) delete kept[name]
        else kept[name] = value
      }
      header = ''
      for (const name in kept) header += header === '' ? `${name}=${kept[name]}` : `; ${name}=${kept[name]}`
    },
  }
}

/**
 * What a `Set-Cookie` header says, where it is plainly one cookie; undefined where it may be several (k6 joins them with commas) or is unusual: those are
 * for k6 to take apart, which costs ten times as much.
 */
export function plainCookie(header: string): SetCookies | undefined {
  const match = PLAIN.exec(header)
  return match ? { [match[1]!]: [{ value: match[2]!, maxAge: TAKEN_BACK.test(match[3] ?? '') ? -1 : 0 }] } : undefined
}
const PLAIN = /^([\w.-]+)=([\w.!#$%&'()*+/:<=>?@[\]^`{|}~-]*)(;[^,]*)?$/
const TAKEN_BACK = /;[ \t]*max-age=(0|-\d+)[ \t]*(;|$)/i
