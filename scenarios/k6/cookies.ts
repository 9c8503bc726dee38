/** The cookies of one journey, as a header: written anew only when an answer changes them. */
export type Cookies = {
  has: (name: string) => boolean
  /** Value of the `Cookie` header; empty without cookies. */
  header: () => string
  take: (set: SetCookies) => void
}
/** By name, with k6's own names: max_age below 0 takes the cookie back. */
export type SetCookies = Readonly<Record<string, readonly { value: string; max_age: number }[]>>

export function createCookies(): Cookies {
  // A few: k6's engine walks through arrays faster than through the names of an object.
  const names: string[] = []
  const pairs: string[] = []
  let header = ''
  return {
    has: (name) => names.includes(name),
    header: () => header,
    take(set) {
      for (const name of Object.keys(set)) {
        const values = set[name]!
        const { value, max_age: maxAgeS } = values[values.length - 1]!
        const at = names.indexOf(name)
        if (value !== '' && !(maxAgeS < 0)) {
          if (at < 0) names.push(name)
          pairs[at < 0 ? pairs.length : at] = `${name}=${value}`
        } else if (at >= 0) {
          names.splice(at, 1)
          pairs.splice(at, 1)
        }
      }
      header = pairs.join('; ')
    },
  }
}

/**
 * What a `Set-Cookie` header says, where it is plainly one cookie; undefined where it may be several (k6 joins them with commas) or is unusual: those are
 * for k6 to take apart, which costs ten times as much.
 */
export function plainCookie(header: string): SetCookies | undefined {
  const match = PLAIN.exec(header)
  return match ? { [match[1]!]: [{ value: match[2]!, max_age: TAKEN_BACK.test(match[3] ?? '') ? -1 : 0 }] } : undefined
}
const PLAIN = /^([\w.-]+)=([\w.!#$%&'()*+/:<=>?@[\]^`{|}~-]*)(;[^,]*)?$/
const TAKEN_BACK = /;[ \t]*max-age=(0|-\d+)[ \t]*(;|$)/i
