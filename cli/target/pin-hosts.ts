/**
 * Looks up every host of a target that is given by name, once, before the start: from then on harness and load speak to these addresses only, wherever the name
 * may lead later. The portal's own name may lead to either of its two addresses: following it is what a DNS switch is about. Where citizens reach the portal by that
 * name, their regions' resolvers are asked, which need not know what this machine's does; all other names are this machine's to look up.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Target } from '../../contracts/target.ts'
import { placesOf } from '../../cutover/allow-list.ts'
import { askResolver } from '../../cutover/dns-client.ts'
import { isByName } from './regional-entries.ts'

const ASK_MS = 1_000
const ATTEMPTS = 3

export async function pinHosts(target: Target, shown: string): Promise<Target> {
  const names = new Map(placesOf(target).filter(([, host]) => isIP(host) === 0).map(([what, host]) => [host, what] as const))
  if (names.size === 0) return target
  const byResolvers = target.regions.filter((region) => isByName(target, region))
  const problems: Problem[] = []
  const unknown = (what: string, mend: string) => { problems.push({ code: 'TARGET_HOST_UNKNOWN', what, where: shown, mend }) }
  const lookedUp = await Promise.all([...names].map(async ([host, what]): Promise<[string, string[]]> => {
    if (host === target.portalHost && byResolvers.length > 0) return [host, []]
    try { return [host, (await lookup(host, { all: true })).map(({ address }) => address)] } catch (error) {
      unknown(`${what} is at "${host}", which cannot be looked up: ${(error as NodeJS.ErrnoException).code}`, 'correct the name, or give the address')
      return [host, []]
    }
  }))
  const pinned = Object.fromEntries(lookedUp)
  const told = await Promise.all(byResolvers.map(async ({ id, resolver }) => {
    const host = pinned[resolver.host]?.[0] ?? resolver.host
    const at = `${resolver.host}:${resolver.port}`
    const answer = isIP(host) === 0 ? null : await asked(host, resolver.port, target.portalHost)
    if (answer?.address) return [answer.address]
    unknown(
      answer ? `region "${id}" reaches the portal by its name "${target.portalHost}", which its resolver ${at} does not know (${answer.rcode})` : `region "${id}" reaches the portal by its name, and its resolver ${at} does not answer`,
      'correct the resolver of the region or portalHost; tongduyet doctor --target asks every region\'s resolver',
    )
    return []
  }))
  if (problems.length > 0) throw new InputError(problems)
  const both = [target.addresses.old, target.addresses.new].filter((address) => isIP(address) !== 0)
  if (target.portalHost in pinned) pinned[target.portalHost] = [...new Set([...pinned[target.portalHost]!, ...told.flat(), ...both])]
  return { ...target, pinned }
}

async function asked(host: string, port: number, name: string) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askResolver({ host, port, name, timeoutMs: ASK_MS })
    if (answer || attempt === ATTEMPTS) return answer
  }
}
