import { expect, test } from 'vitest'
import { lastReached } from './last-reached.ts'

const systems = { 'edge-new': 'http://10.160.3.31:8080', 'edge-old': 'http://10.160.3.32:8080' }
const byName = { systems, gateways: { north: { kept: 'http://portal.dvcqg.test:8080' } } }

test.each([
  ['the gateway, which has an address of its own', { systems, gateways: { north: { kept: 'http://kept.north.gateway.test:8080' } } }, { remote: '127.64.3.1', error: 'reset (1220)' }, 'gateway-north'],
  ['the gateway that the harness has put before the portal\'s name', { ...byName, entries: { north: {} } }, { remote: '127.0.0.1', error: 'reset (1220)' }, 'gateway-north'],
  ['the edge to which it was connected', byName, { remote: '10.160.3.32', error: 'request timeout (1050)' }, 'edge-old'],
  ['the resolver that gave no address', byName, { remote: '', error: 'lookup: no such host (1101)' }, 'resolver-north'],
  ['nobody knows whom, where nothing took the connection', byName, { remote: '', error: 'dial: connection refused (1212)' }, 'unknown'],
  ['nobody knows whom, at an address of no system', byName, { remote: '10.160.3.99', error: 'reset (1220)' }, 'unknown'],
])('%s', (_, load, answer, system) => { expect(lastReached('north', load, answer)).toBe(system) })
