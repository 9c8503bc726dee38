/** Simulated partners of a foreign target: served at the addresses that the file names, with the keys that it names, for as long as the run lasts. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { throwawayCertificate } from '../../cutover/throwaway-certificate.ts'
import { testWorld } from '../testing/world.ts'
import { loadTarget } from './load-target.ts'
import { openForeign } from './open-foreign.ts'

it('they answer, can be administered, and leave nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'simulated-'))
  try {
    const file = join(directory, 'staging.yaml')
    writeFileSync(file, stringify({
      version: 1, name: 'staging', kind: 'foreign', portalHost: 'portal.staging.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' },
      regions: [{ id: 'north', gateway: 'http://127.0.0.1:1', resolver: { host: '127.0.0.1', port: 53, profile: 'honest' } }],
      systems: [
        { id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', url: 'http://127.0.0.1:1' },
        { id: 'partner-ha-noi', role: 'partner', mode: 'simulated', unit: 'partner' }, { id: 'sms', role: 'sms', mode: 'simulated', unit: 'telecom' },
        { id: 'bank-vcb', role: 'bank', mode: 'absent', unit: 'bank' },
      ],
      simulators: { hosts: { 'partner-ha-noi': '127.0.77.1', 'sms': '127.0.77.2' }, port: 18_080, adminPort: 19_090, portalSyncUrl: 'http://127.0.0.1:1', keys: { 'ha-noi': 'env:HA_NOI', 'sms': 'env:SMS' } },
    }))
    const world = testWorld({ cwd: directory, env: { HA_NOI: 'canary-ha-noi', SMS: 'canary-sms' } })
    const stack = await openForeign(loadTarget(world, file), {
      seed: 1, timeScale: 1, scenarioStartMs: Date.now(), simulatorsEntry: join(world.root, 'mocks', 'process.ts'), workDirectory: directory, signal: new AbortController().signal, onProgress: () => {},
    })
    const admins = stack.target.systems.flatMap(({ admin }) => admin ?? [])
    expect(admins).toEqual(['http://127.0.77.1:19090', 'http://127.0.77.2:19090'])
    for (const admin of admins) expect((await fetch(`${admin}/ready`)).status).toBe(200)
    expect(JSON.stringify(stack.target)).not.toContain('canary')
    const { pid } = stack.processes[0]!
    await stack.close()
    expect(() => process.kill(pid, 0)).toThrow()
  } finally { rmSync(directory, { recursive: true, force: true }) }
})

it('they push over TLS to a portal whose authority the file names, and to no other', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'simulated-'))
  const own = throwawayCertificate()
  const portal = createServer({ cert: own.certificate, key: own.key }, (request, response) => { request.resume(); response.writeHead(201, { 'content-type': 'application/json' }).end('{"result":"created"}') }).listen(0, '127.0.0.1')
  await once(portal, 'listening')
  async function pushedTrusting(authority: string | null): Promise<unknown> {
    const file = join(directory, 'staging.yaml')
    writeFileSync(join(directory, 'ca.pem'), authority ?? '')
    writeFileSync(file, stringify({
      version: 1, name: 'staging', kind: 'foreign', portalHost: 'portal.staging.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' }, ...(authority !== null && { certificateAuthority: 'ca.pem' }),
      regions: [{ id: 'north', gateway: 'http://127.0.0.1:1', resolver: { host: '127.0.0.1', port: 53, profile: 'honest' } }],
      systems: [{ id: 'partner-ha-noi', role: 'partner', mode: 'simulated', unit: 'partner' }, { id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', url: 'http://127.0.0.1:1' }],
      simulators: { hosts: { 'partner-ha-noi': '127.0.77.3' }, port: 18_080, adminPort: 19_090, portalSyncUrl: `https://127.0.0.1:${(portal.address() as AddressInfo).port}` },
    }))
    const world = testWorld({ cwd: directory })
    await using stack = await openForeign(loadTarget(world, file), {
      seed: 1, timeScale: 1, scenarioStartMs: Date.now(), simulatorsEntry: join(world.root, 'mocks', 'process.ts'), workDirectory: directory, signal: new AbortController().signal, onProgress: () => {},
    })
    const { url, admin } = stack.target.systems[0]!
    await fetch(`${admin}/control`, { method: 'POST', body: JSON.stringify({ action: 'connect', connected: true }) })
    const answer = await fetch(`${url}/desk/dossiers`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
      reference: 'op-1', dossierCode: 'H01-260410-000001', procedureCode: '9.900001', applicantId: '999000042171', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received', note: '',
    }) })
    return answer.json()
  }
  try {
    expect(await pushedTrusting(own.certificate)).toMatchObject({ sync: 'acknowledged', portalStatus: 201 })
    expect(await pushedTrusting(throwawayCertificate().certificate)).toMatchObject({ sync: 'unknown', errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(await pushedTrusting(null)).toMatchObject({ sync: 'unknown', errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  } finally {
    portal.closeAllConnections()
    portal.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
