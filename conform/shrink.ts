/** The smallest request that still shows a failure: fields dropped and texts shortened one after the other, asked again each time, within a bound and a time. */
import type { Demonstration } from './check.ts'
import type { Exchange } from './exchange.ts'

const MAX_ASKED = 14
const SHORT = 8

/** Where asking again is broken off, the smallest that was found until then. */
export async function shrink(show: Demonstration): Promise<Exchange | undefined> {
  let asked = 0
  let smallest: Exchange | undefined
  let input = show.input
  const holds = async (candidate: unknown): Promise<boolean> => {
    if (asked >= MAX_ASKED) return false
    asked += 1
    const exchange = await show.again(candidate)
    if (!exchange) return false
    smallest = exchange
    return true
  }
  const step = async (): Promise<boolean> => {
    for (const candidate of smaller(input)) {
      if (!await holds(candidate)) continue
      input = candidate
      return true
    }
    return false
  }
  try { while (await step()) if (asked >= MAX_ASKED) break } catch { /* Its time is over, or the system leads elsewhere. */ }
  return smallest
}

/** One step smaller, in each possible way. */
export function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    if (value.length > 1) yield value.slice(0, 1)
    for (const [index, member] of value.entries()) for (const next of smaller(member)) yield value.with(index, next)
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    for (const [name] of entries) yield Object.fromEntries(entries.filter(([other]) => other !== name))
    for (const [name, member] of entries) for (const next of smaller(member)) yield { ...value, [name]: next }
  } else if (typeof value === 'string' && value.length > SHORT && !/^(https?:|tdc-|\d)/.test(value)) {
    yield value.slice(0, Math.ceil(value.length / 2))
  }
}
