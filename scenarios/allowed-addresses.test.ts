import { BlockList, isIPv4 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forbiddenBlocks } from './allowed-addresses.ts'

/** Node's own reading of the blocks, a list for each family (one list would take IPv4 for IPv6 addresses that map it; Go, so k6, does not). */
function blockList(blocks: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  const family = (address: string) => (isIPv4(address) ? 'ipv4' as const : 'ipv6' as const)
  for (const block of blocks) {
    const [address, prefix] = block.split('/') as [string, string]
    lists[family(address)].addSubnet(address, Number(prefix), family(address))
  }
  return (address) => lists[family(address)].check(address, family(address))
}

const cidr4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`)

describe('forbiddenBlocks', () => {
  test('forbids exactly what is not allowed', () => {
    fc.assert(fc.property(fc.array(cidr4, { maxLength: 4 }), fc.array(fc.ipV4(), { minLength: 5, maxLength: 20 }), (allow, addresses) => {
      const allowed = blockList(allow)
      const forbidden = blockList(forbiddenBlocks(allow))
      for (const address of [...addresses, ...allow.map((block) => block.split('/')[0]!)]) expect(forbidden(address)).toBe(!allowed(address))
    }))
  })

  test('loopback, the default: nothing else, of either family', () => {
    const forbidden = blockList(forbiddenBlocks(['127.0.0.0/8', '::1/128']))
    expect(['127.0.0.1', '127.120.3.4', '127.255.255.255', '::1'].map(forbidden)).toEqual([false, false, false, false])
    expect(['126.255.255.255', '128.0.0.0', '8.8.8.8', '10.0.0.1', '::', '::2', '2001:db8::1'].map(forbidden)).toEqual(Array.from({ length: 7 }, () => true))
  })

  test('a plain address is a block of one', () => {
    const forbidden = blockList(forbiddenBlocks(['192.0.2.7']))
    expect(['192.0.2.7', '192.0.2.6', '192.0.2.8'].map(forbidden)).toEqual([false, true, true])
  })

  test.each(['127.0.0.0/33', '300.1.1.1', 'localhost', '1.2.3', ':::1', '::1/129', '127.0.0.0/x'])('names what is no block: %s', (text) => {
    expect(() => forbiddenBlocks([text])).toThrow(text)
  })
})
