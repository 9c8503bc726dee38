import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMON_REFUSALS } from '../../contracts/partner-api/operation.ts'
import { MAGIC, magicKey } from '../../contracts/partner-api/magic.ts'
import { roleOf } from '../../contracts/partner-api/roles/index.ts'
import { makeSimulators, type MadeSimulators } from '../make.ts'
import { startFastServer, stopServer } from '../server/fast-server.ts'
import { createConduct } from './conduct.ts'

const SYSTEMS: Record<string, string> = { 'vneid': 'vneid', 'bank': 'bank-vcb', 'sms': 'sms', 'dossier-system': 'partner-justice', 'civil-status': 'civil-status', 'land': 'land', 'tax': 'tax', 'post': 'post' }
const operationOf = (role: string, name: string) => {
  const contract = roleOf(role)!
  return [...contract.operations, ...contract.calls].find((one) => one.name === name)
}
const isCall = (role: string, name: string) => roleOf(role)!.calls.some((call) => call.name === name)
const AT_DOORS = MAGIC.filter((row) => !isCall(row.role, row.operation))
const ON_CALLS = MAGIC.filter((row) => isCall(row.role, row.operation))

describe('the table of magic identifiers', () => {
  it('names each once, and operations and refusals that the contracts have', () => {
    expect(new Set(MAGIC.map(({ id }) => id)).size).toBe(MAGIC.length)
    for (const { id, role, operation, effect: { status, code } } of MAGIC) {
      const contract = operationOf(role, operation)
      expect(contract, id).toBeDefined()
      const refusal = code === undefined ? undefined : contract!.refuses?.[code] ?? COMMON_REFUSALS[code as keyof typeof COMMON_REFUSALS]
      expect(refusal?.status, id).toBe(status)
    }
  })
  it('holds values that belong to nobody', () => {
    for (const { id, field, value } of MAGIC) {
      const belongsToNobody = { personId: /^9999999\d{5}$/, phone: /^\+849999\d{5}$/, amountVnd: /^999000\d{3}$/, dossierCode: /^999000\d{3}$/ }[field]
      expect(String(value), id).toMatch(belongsToNobody!)
    }
  })
  it('knows phones in both forms and dossiers by their number', () => {
    expect([magicKey('phone', '+84999900503'), magicKey('phone', '84999900503'), magicKey('phone', '0999900503')]).toEqual(Array.from({ length: 3 }, () => '0999900503'))
    expect(magicKey('dossierCode', 'H01-260410-999000503')).toBe(magicKey('dossierCode', '999000503'))
  })
})

describe('over sockets', () => {
  let made: MadeSimulators
  let plain: MadeSimulators
  const urls = new Map<string, string>()
  const closers: (() => Promise<void>)[] = []
  const config = {
    hosts: Object.fromEntries(Object.values(SYSTEMS).map((id) => [id, '127.0.0.1'])), port: 0, adminPort: 0, portalSyncUrl: 'http://127.0.0.1:9', baseUrl: 'http://127.0.0.1:9',
    keys: Object.fromEntries(Object.values(SYSTEMS).map((id) => [id, 'k'])), vneidClient: { clientId: 'portal', clientSecret: 's', redirectUris: [] }, seed: 1, timeScale: 1, scenarioStartMs: Date.now(),
  }
  beforeAll(async () => {
    made = await makeSimulators(config, { movable: true, magic: true, journalSize: 10 })
    plain = await makeSimulators(config, { movable: true, magic: false, journalSize: 10 })
    for (const [name, { simulators }] of [['magic', made], ['plain', plain]] as const) {
      for (const [id, simulator] of simulators) {
        const server = await startFastServer(simulator.endpoint, { host: '127.0.0.1', port: 0 })
        urls.set(`${name} ${id}`, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
        closers.push(() => stopServer(server))
      }
    }
  })
  afterAll(async () => { await Promise.all(closers.map((close) => close())); await made.close(); await plain.close() })

  /** The contract's first example of the operation, with the field set. A fresh reference, so that what came before does not answer. */
  function ask(where: 'magic' | 'plain', role: string, operation: string, field: string, value: string | number, nth: string): Promise<Response> {
    const { method, path, examples, takes } = operationOf(role, operation)!
    // An operation of pages has no example of its own.
    const example = (examples[0]?.request ?? { request: 'none' }) as Record<string, unknown>
    const set = field === 'dossierCode' ? `H01-260410-${value}` : value
    const fresh = Object.fromEntries(['reference', 'transactionCode', 'messageId'].filter((name) => name in example).map((name) => [name, `m-${nth}`]))
    return fetch(urls.get(`${where} ${SYSTEMS[role]!}`)! + path, { method, redirect: 'manual', ...(takes === 'form'
      ? { body: new URLSearchParams({ ...example as Record<string, string>, [field]: String(set) }) }
      : { body: JSON.stringify({ ...example, ...fresh, [field]: set }), headers: { 'content-type': 'application/json' } }) })
  }
  const lastAsked = ({ journals }: MadeSimulators, role: string) => journals.all(SYSTEMS[role]!).findLast(({ direction }) => direction === 'in')!
  const journalOf = (role: string) => lastAsked(made, role)
  const neighbour = (value: string | number) => typeof value === 'number' ? value + 150 : value.slice(0, -3) + String(Number(value.slice(-3)) + 150)

  it.each(AT_DOORS.map((row) => [row.id, row] as const))('%s happens, to that value alone, and never in a rehearsal', async (id, { role, operation, field, value, effect }) => {
    const answer = ask('magic', role, operation, field, value, `${id}-a`.slice(-20))
    if (effect.reset) await expect(answer).rejects.toThrow('fetch failed')
    else if (effect.delayMs) {
      // Its wait ends when the clock is moved, and not before.
      for (;;) {
        const turn = new Promise<undefined>((resolve) => { setImmediate(() => { made.world.advance!(effect.delayMs! / 4); resolve(undefined) }) })
        if (await Promise.race([answer, turn])) break
      }
      expect(journalOf(role).behaviour).toBe(`magic ${id}`)
    } else {
      const response = await answer
      expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([effect.status, effect.code])
      expect(response.headers.get('retry-after')).toBe(effect.code === 'THROTTLED' ? '2' : null)
    }
    expect(journalOf(role).behaviour).toBe(`magic ${id}`)
    await ask('magic', role, operation, field, neighbour(value), `${id}-b`.slice(-20))
    expect(journalOf(role)).not.toHaveProperty('behaviour')
    await ask('plain', role, operation, field, value, `${id}-c`.slice(-20))
    expect(lastAsked(plain, role)).not.toHaveProperty('behaviour')
  })

  it.each(ON_CALLS.map((row) => [row.id, row] as const))('%s plans the call so, for that value alone', (_, { role, operation, field, value, effect }) => {
    const conduct = createConduct(made.world, { system: 'x', role, routes: [], calls: [operation] })
    const { lose, ...rest } = effect
    expect(conduct.plan(operation, 'r', { [field]: field === 'dossierCode' ? `H01-260410-${value}` : value })).toEqual({ ...rest, ...(lose && { drop: true }) })
    expect(conduct.plan(operation, 'r', { [field]: neighbour(value) })).toBeUndefined()
    expect(createConduct(plain.world, { system: 'x', role, routes: [], calls: [operation] }).plan(operation, 'r', { [field]: value })).toBeUndefined()
  })
})
