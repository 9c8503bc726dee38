/** The cookies of one journey, as a header: written anew only when an answer changes them. */
export type Cookies = {
  has: (name: string) => boolean
  /** Value of the `Cookie` header; empty without cookies. */
  header: () => string
  take: (set: Readonly<Record<string, readonly { value: string; maxAge: number }[]>>) => void
}

export function createCookies(): Cookies {
  const kept: Record<string, string> = {}
  let header = ''
  return {
    has: (name) => kept[name] !== undefined,
    header: () => header,
    take(set) {
      for (const [name, values] of Object.entries(set)) {
        const last = values[values.length - 1]!
        if (last.value === '' || last.maxAge < 0) delete kept[name]
        else kept[name] = last.value
      }
      header = Object.entries(kept).map(([name, value]) => `${name}=${value}`).join('; ')
    },
  }
}
