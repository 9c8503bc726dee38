import { describe, expect, test } from 'vitest'
import { AuthorityAgentConfig, knotConfig, zoneFile } from './config.ts'
import { authoritySpec } from './spec.ts'

const CONFIG = { id: 'dns-authority', timeScale: 140, zone: { origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '10.160.2.9' }, hosts: [{ name: 'portal.dvcqg.test', address: '10.160.2.2', ttlS: 1_800 }] } }

test('the zone goes out with real TTLs', () => {
  const config = AuthorityAgentConfig.parse(CONFIG)
  expect(zoneFile(config, { v: 1, serial: 7, timeScale: 140, hosts: config.zone.hosts }).split('\n')).toEqual([
    '$ORIGIN dvcqg.test.', '@ 1 SOA ns1.dvcqg.test. hostmaster.dvcqg.test. 7 900 300 604800 1', '@ 86400 NS ns1.dvcqg.test.', 'ns1.dvcqg.test. 86400 A 10.160.2.9', 'portal.dvcqg.test. 5 A 10.160.2.2', '',
  ])
  expect(knotConfig(config)).toMatch(/listen: 0\.0\.0\.0@53[\s\S]*domain: dvcqg\.test\./)
})

describe('nothing gets into the zone that could end a record', () => {
  const host = CONFIG.zone.hosts[0]!
  test.each([
    { timeScale: 0 }, { id: 'x y' }, ...[
      { origin: 'dvcqg.test\n@ A 1.2.3.4' }, { origin: 'dvcqg.test.' }, { nameserver: { name: 'ns1', address: 'x' } }, { hosts: [{ ...host, name: 'a b' }] }, { hosts: [{ ...host, address: '10.0.0.1 A' }] },
      { hosts: [{ ...host, ttlS: 0.5 }] }, { hosts: [{ ...host, ttlS: -1 }] },
    ].map((change) => ({ zone: { ...CONFIG.zone, ...change } })),
  ])('%j is refused', (change) => {
    expect(AuthorityAgentConfig.safeParse({ ...CONFIG, ...change }).success).toBe(false)
    expect(() => authoritySpec({ ...CONFIG, ...change } as never, [])).toThrow()
  })
})
