import { describe, expect, test } from 'vitest'
import type { WafTuning } from '../../../contracts/api/admin.ts'
import { EdgeAgentConfig } from './config.ts'
import { firewallConfig, frontConfig, tlsFrontConfig } from './nginx-config.ts'
import { edgeSpec } from './spec.ts'
import { wafConfig } from './waf-config.ts'

const CONFIG = { id: 'edge-new', upstream: 'http://10.160.3.4:8080', origins: { '10.160.7.4': { region: null, partner: 'justice' }, '10.160.7.5': { region: null, partner: 'ha-noi' } } }
const TUNING: WafTuning = { paranoia: 2, exclusions: [], strict: null }

test('nginx is told where the portal is, how long to wait and how strict to be', () => {
  const config = EdgeAgentConfig.parse({ ...CONFIG, upstreamTimeoutMs: 1_234, workers: 3 })
  expect(firewallConfig(config, 7)).toMatch(/server 10\.160\.3\.4:8080[\s\S]*proxy_read_timeout 1234ms[\s\S]*return 200 '7'/)
  expect(firewallConfig(config, 7)).toContain('worker_processes 3;')
  expect(frontConfig(config)).toMatch(/listen 8080[\s\S]*X-Served-By edge-new/)
  expect(wafConfig(TUNING, config.origins)).toContain('setvar:tx.paranoia_level=2"')
})

test('over TLS it is the same front but for where it listens', () => {
  const config = EdgeAgentConfig.parse(CONFIG)
  const tls = tlsFrontConfig(config, { port: 8443 })
  expect(tls).toMatch(/listen 8443 ssl[\s\S]*ssl_certificate \/etc[\s\S]*ssl_session_tickets off/)
  const rest = (text: string) => text.split('\n').filter((line) => !/^ *(listen|ssl_|pid)/u.test(line))
  expect(rest(tls)).toEqual(rest(frontConfig(config)))
  expect(frontConfig(config)).not.toContain('ssl')
})

test('an exclusion takes out a rule or one variable of it, under its path', () => {
  const text = wafConfig({ ...TUNING, exclusions: [{ ruleId: '942100', pathPrefix: '/sync' }, { ruleId: '931100', pathPrefix: '/auth', target: 'ARGS:iss' }] }, CONFIG.origins)
  expect(text).toContain('SecRule REQUEST_FILENAME "@beginsWith /sync" "id:11000,phase:1,pass,nolog,t:none,ctl:ruleRemoveById=942100"')
  expect(text).toContain('SecRule REQUEST_FILENAME "@beginsWith /auth" "id:11001,phase:1,pass,nolog,t:none,ctl:ruleRemoveTargetById=931100;ARGS:iss"')
})

test('strict: a level of its own under a path, for some partners by their addresses', () => {
  const strict = { paranoia: 3, pathPrefix: '/sync' }
  expect(wafConfig({ ...TUNING, strict }, CONFIG.origins)).toContain('SecRule REQUEST_FILENAME "@beginsWith /sync" "id:10000,phase:1,pass,nolog,t:none,setvar:tx.paranoia_level=3"')
  expect(wafConfig({ ...TUNING, strict: { ...strict, partners: ['justice'] } }, CONFIG.origins))
    .toMatch(/"@beginsWith \/sync" "id:10000,[^"]*chain"\nSecRule REMOTE_ADDR "@ipMatch 10\.160\.7\.4" "t:none,setvar:tx\.paranoia_level=3"/)
  expect(() => wafConfig({ ...TUNING, strict: { ...strict, partners: ['nobody'] } }, CONFIG.origins)).toThrow('no address of the partner nobody')
})

describe('nothing gets into a configuration that could end a word of it', () => {
  test.each([
    { id: 'edge; include /etc/passwd' }, { id: 'Edge' }, { upstream: 'http://10.160.3.4:8080;}' }, { upstream: 'http://portal:8080' }, { upstream: 'http://10.160.3.4:8080/path' },
    { origins: { '10.160.7.4,0.0.0.0/0': { region: null, partner: 'justice' } } }, { port: 0 }, { workers: 0 },
    { tuning: { ...TUNING, paranoia: 5 } }, { tuning: { ...TUNING, exclusions: [{ ruleId: '942100"', pathPrefix: '/sync' }] } },
    { tuning: { ...TUNING, exclusions: [{ ruleId: '942100', pathPrefix: '/sync" "id:1' }] } }, { tuning: { ...TUNING, exclusions: [{ ruleId: '942100', pathPrefix: 'sync' }] } },
    { tuning: { ...TUNING, exclusions: [{ ruleId: '942100', pathPrefix: '/sync', target: 'ARGS:a,deny' }] } },
    { tuning: { ...TUNING, strict: { paranoia: 3, pathPrefix: '/a b' } } }, { unknown: true },
    { tls: { certificate: 'no certificate', key: 'no key' } },
  ])('%j is refused', (change) => {
    expect(EdgeAgentConfig.safeParse({ ...CONFIG, ...change }).success).toBe(false)
    expect(() => edgeSpec({ ...CONFIG, ...change } as never, [])).toThrow()
  })
})
