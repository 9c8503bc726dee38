/**
 * Looks up every host of a target that is given by name, once, before the start: from then on harness and load speak to these addresses only, wherever the name
 * may lead later. The portal's own name may lead to either of its two addresses: following it is what a DNS switch is about.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Target } from '../../contracts/target.ts'
import { placesOf } from '../../cutover/allow-list.ts'

export async function pinHosts(target: Target, shown: string): Promise<Target> {
  const names = new Map(placesOf(target).filter(([, host]) => isIP(host) === 0).map(([what, host]) => [host, what] as const))
  if (names.size === 0) return target
  const problems: Problem[] = []
  const pinned = await Promise.all([...names].map(async ([host, what]): Promise<[string, string[]]> => {
    try { return [host, (await lookup(host, { all: true })).map(({ address }) => address)] } catch (error) {
      problems.push({ code: 'TARGET_HOST_UNKNOWN', what: `${what} is at "${host}", which cannot be looked up: ${(error as NodeJS.ErrnoException).code}`, where: shown, mend: 'correct the name, or give the address' })
      return [host, []]
    }
  }))
  if (problems.length > 0) throw new InputError(problems)
  const both = [target.addresses.old, target.addresses.new].filter((address) => isIP(address) !== 0)
  return { ...target, pinned: Object.fromEntries(pinned.map(([host, addresses]) => [host, host === target.portalHost ? [...new Set([...addresses, ...both])] : addresses])) }
}
