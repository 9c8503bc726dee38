/**
 * Whether a host may be asked: CIDR blocks and addresses, or names written as they are. A name is not looked up: what it resolves to can change, so it
 * must be listed by that name.
 */
import { BlockList, isIP } from 'node:net'

export function isAllowed(host: string, allow: readonly string[]): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (allow.includes(bare)) return true
  const family = isIP(bare)
  if (family === 0) return false
  const kind = (version: number) => version === 4 ? 'ipv4' as const : 'ipv6' as const
  const list = new BlockList()
  for (const entry of allow) {
    const [address = '', prefix] = entry.split('/')
    if (isIP(address) !== family) continue
    if (prefix === undefined) list.addAddress(address, kind(family))
    else list.addSubnet(address, Number(prefix), kind(family))
  }
  return list.check(bare, kind(family))
}
