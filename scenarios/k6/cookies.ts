/** The cookies of one journey, as a header: written anew only when an answer changes them. */
export type Cookies = {
  has: (name: string) => boolean
  /** Value of the `Cookie` header; empty without cookies. */
  header: () => string
  take: (set: SetCookies) => void
  /**
   * Takes what a `Set-Cookie` header plainly says: one cookie, or several (k6 joins them with commas) where each comma stands behind attributes. False, and
   * nothing taken, where it is unusual or a comma may belong to a value or a date: those are for k6 to take apart, which costs ten times as much.
   */
  takePlain: (header: string) => boolean
  /** Another journey begins. */
  forget: () => void
}
/** By name, with k6's own names: max_age below 0 takes the cookie back. */
export type SetCookies = Readonly<Record<string, readonly { value: string; max_age: number }[]>>

export function createCookies(): Cookies {
  // A few: k6's engine walks through arrays faster than through the names of an object.
  const names: string[] = []
  const pairs: string[] = []
  let header = ''
  const put = (name: string, value: string, takenBack: boolean) => {
    const at = names.indexOf(name)
    if (value !== '' && !takenBack) {
      if (at < 0) names.push(name)
      pairs[at < 0 ? pairs.length : at] = `${name}=${value}`
    } else if (at >= 0) {
      names.splice(at, 1)
      pairs.splice(at, 1)
    }
  }
  // Cut by hand: what a regular expression matched costs k6's engine more to hand out than to find.
  const putPlain = (text: string) => {
    const cut = text.indexOf('=')
    const end = text.indexOf(';')
    if (end < 0) put(text.slice(0, cut), text.slice(cut + 1), false)
    else put(text.slice(0, cut), text.slice(cut + 1, end), TAKEN_BACK.test(text))
  }
  const write = () => { header = pairs.length < 2 ? pairs[0] ?? '' : pairs.join('; ') }
  return {
    has: (name) => names.includes(name),
    header: () => header,
    take(set) {
      const all = keys(set)
      for (let at = 0; at < all.length; at += 1) {
        const name = all[at]!
        const values = set[name]!
        const { value, max_age: maxAgeS } = values[values.length - 1]!
        put(name, value, maxAgeS < 0)
      }
      write()
    },
    takePlain(text) {
      if (PLAIN.test(text)) putPlain(text)
      else {
        const pieces = text.split(', ')
        for (let at = 0; at < pieces.length; at += 1) if (!PLAIN.test(pieces[at]!) || (at < pieces.length - 1 && !pieces[at]!.includes(';'))) return false
        for (let at = 0; at < pieces.length; at += 1) putPlain(pieces[at]!)
      }
      write()
      return true
    },
    forget() {
      if (names.length === 0) return
      names.length = 0
      pairs.length = 0
      header = ''
    },
  }
}

/** Looked up once: k6's engine goes a long way to a global. */
const { keys } = Object
const PLAIN = /^[\w.-]+=[\w.!#$%&'()*+/:<=>?@[\]^`{|}~-]*(?:;[^,]*)?$/
const TAKEN_BACK = /;[ \t]*max-age=(0|-\d+)[ \t]*(;|$)/i
