import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { SYSTEMS, type PartnerSystem } from '../contracts/reference/systems.ts'
import { makeSimulators } from '../mocks/make.ts'
import { SIMULATORS } from '../mocks/registry.ts'
import { run } from './run.ts'
import { testWorld } from './testing/world.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('tongduyet partners', () => {
  it('lists every system that can be simulated, each once, with a contract whose document is there', async () => {
    const world = testWorld()
    expect(await run(['partners', '--json'], world)).toBe(0)
    const listed = JSON.parse(world.out()) as PartnerSystem[]
    expect(listed.map(({ system }) => system).toSorted()).toEqual([...SIMULATORS.keys()].toSorted())
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length)
    for (const { id, contract } of listed) {
      expect(existsSync(join(root, contract.openapi)), `${id}: ${contract.openapi}`).toBe(true)
      expect(JSON.parse(readFileSync(join(root, contract.openapi), 'utf8'))).toMatchObject({ openapi: '3.1.0', info: { version: contract.version } })
    }
  })

  it('keeps what it said of the fifty of the documented night', async () => {
    const world = testWorld()
    await run(['partners', '--json'], world)
    expect((JSON.parse(world.out()) as PartnerSystem[]).slice(0, PARTNERS.length).map(({ id, kind, unitCode, region, title }) => ({ id, kind, unitCode, region, title }))).toEqual(PARTNERS)
  })

  it('tells kinds apart, and says how ready ministries are', () => {
    const count = (kind: string) => SYSTEMS.filter((system) => system.kind === kind).length
    expect(Object.fromEntries([...new Set(SYSTEMS.map(({ kind }) => kind))].map((kind) => [kind, count(kind)]))).toMatchObject({
      ministry: 15 + 9, province: 34, utility: 1, identity: 1, bank: 2, gateway: 1, treasury: 1, specialised: 3, 'post': 1, 'call-centre': 1, 'exchange-node': 1,
    })
    expect(SYSTEMS.find(({ id }) => id === 'justice')?.readiness?.group).toBe(1)
  })

  it('names the role by which each simulator answers', async () => {
    const ids = SYSTEMS.filter(({ kind, id }) => kind !== 'province' || id === 'ha-noi').map(({ system }) => system)
    const { simulators, close } = await makeSimulators({
      hosts: Object.fromEntries(ids.map((id) => [id, '127.0.0.1'])), port: 9, adminPort: 9, portalSyncUrl: 'http://127.0.0.1:9', baseUrl: 'http://127.0.0.1:9', seed: 1, timeScale: 1, scenarioStartMs: 0,
      keys: Object.fromEntries(ids.map((id) => [id, 'k'])), vneidClient: { clientId: 'c', clientSecret: 's', redirectUris: [] },
    }, { movable: false, magic: false, journalSize: 1 })
    try {
      for (const { system, contract } of SYSTEMS.filter(({ system: id }) => simulators.has(id))) {
        const document = JSON.parse(readFileSync(join(root, contract.openapi), 'utf8')) as { paths: Record<string, Record<string, { operationId: string }>> }
        const promised = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`))
        expect(simulators.get(system)!.endpoint.routes.map(({ name, method, path }) => `${name} ${method} ${path}`).toSorted(), system).toEqual(promised.toSorted())
      }
    } finally { await close() }
  })

  it('prints a table in either language', async () => {
    const world = testWorld()
    expect(await run(['partners', '--lang', 'en'], world)).toBe(0)
    expect(world.out()).toMatch(/justice +ministry +G08 +north +dossier-system \d\.\d +1 +Ministry of Justice/)
    expect(world.out()).toMatch(/bank-treasury +treasury +- +- +bank \d\.\d +- +State Treasury/)
  })
})
