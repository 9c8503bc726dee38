/** The planter: moments, sealed files, errors that end nothing. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { StackPlatform } from '../../contracts/platform.ts'
import type { Runbook } from '../../contracts/runbook.ts'
import { WitnessLine } from '../../contracts/verdict.ts'
import { systemClock } from '../clock.ts'
import { openAdminStand, type AdminStand } from '../evidence/admin-stand.ts'
import { runbookOf, TARGET } from '../engine/stage.ts'
import { parseFault } from './index.ts'
import { createFaultPlanter } from './planter.ts'

let stand: AdminStand
afterEach(() => stand.close())

const open = async (sms: 'there' | 'gone' = 'there') => {
  stand = await openAdminStand({
    sms: { role: 'sms', ...(sms === 'gone' ? { admin: 'http://127.0.0.1:1' } : {}) },
    notifications: { role: 'notifications', handlers: { evidence: () => [{ key: 'sms/1', status: 'timeout', fields: {}, seenAt: 1 }] } },
    'bank-vcb': { role: 'bank' }, payments: { role: 'payments' },
  })
}
const planter = (...wishes: string[]) => plantedIn(undefined, wishes)
const plantedIn = (runbook: Runbook | undefined, wishes: string[]) => createFaultPlanter({
  faults: wishes.map((wish) => parseFault(wish)), plan: { seed: 7, ...(runbook && { runbook }) }, target: stand.target, admin: stand.client.of, folder: stand.folder, clock: systemClock({ startedAtMs: 0, timeScale: 1, scenarioStartMs: 0 }),
})
const lines = () => readFileSync(stand.folder.witness, 'utf8').split('\n').filter(Boolean).map((line) => WitnessLine.parse(JSON.parse(line)))

describe('createFaultPlanter', () => {
  it('plants at its step, once; witnesses while it is there; heals in reverse, once', async () => {
    await open()
    const faults = planter('sms-timeout', 'bank-timeout')
    await faults.start()
    await faults.beforeStep('portal.open')
    expect(stand.controls).toEqual([])
    await faults.beforeStep('dns.switch')
    await faults.beforeStep('dns.switch')
    expect(stand.controls.map(({ system }) => system)).toEqual(['sms', 'bank-vcb'])
    await faults.witness()
    await faults.heal()
    await faults.heal()
    expect(stand.controls.map(({ system }) => system)).toEqual(['sms', 'bank-vcb', 'bank-vcb', 'sms'])
    expect(lines().map(({ fault, event, touched }) => [fault, event, touched])).toEqual([
      ['sms-timeout', 'injected', undefined], ['bank-timeout', 'injected', undefined], ['sms-timeout', 'witnessed', 0], ['bank-timeout', 'witnessed', 0],
      ['bank-timeout', 'healed', undefined], ['sms-timeout', 'healed', undefined],
    ])
    expect(JSON.parse(readFileSync(stand.folder.faults, 'utf8'))).toEqual([parseFault('sms-timeout'), parseFault('bank-timeout')])
  })

  it('a fault whose step the runbook does not have begins with the run', async () => {
    await open()
    const open_ = { id: 'open', do: { 'portal.open': {} } }
    await plantedIn(runbookOf([open_]), ['sms-timeout']).start()
    expect(stand.controls.map(({ system }) => system)).toEqual(['sms'])
    await plantedIn(runbookOf([open_, { id: 'switch', do: { 'dns.switch': { name: 'portal' } } }]), ['bank-timeout']).start()
    expect(stand.controls.map(({ system }) => system)).toEqual(['sms'])
  })

  describe('a fault that lasts a while', () => {
    /** A platform that only notes what it is asked for. */
    function noting(fails: readonly string[] = []) {
      const asked: string[] = []
      const note = (what: string) => async (...names: unknown[]) => {
        asked.push([what, ...names].join(' '))
        if (fails.includes(what)) throw new Error(`${what} is not to be had`)
      }
      return { asked, platform: { pause: note('pause'), unpause: note('unpause'), cut: note('cut'), mend: note('mend'), lose: note('lose'), calm: note('calm') } as unknown as StackPlatform }
    }
    const shared = (platform: StackPlatform | undefined, ...wishes: string[]) => createFaultPlanter({
      faults: wishes.map((wish) => parseFault(wish)), plan: { seed: 7 }, target: stand.target, admin: stand.client.of, folder: stand.folder,
      clock: systemClock({ startedAtMs: 0, timeScale: 1, scenarioStartMs: 0 }), live: { touched: () => ({ unknown: 4, slow: 0 }), latencyMs: () => null }, ...(platform && { platform }),
    })
    const openEdge = async () => { stand = await openAdminStand({ 'edge-new': { role: 'edge', url: `http://${TARGET.addresses.new}:8080`, handlers: { evidence: () => [{ key: 'request/1', status: '502', fields: {}, seenAt: 1, sourceAt: Date.now() + 60_000 }] } } }) }
    const until = async (event: string) => { while (!lines().some((line) => line.event === event)) await new Promise((resolve) => setTimeout(resolve, 5)) }

    it('begins at its share of the load, is over by itself, and is witnessed all the same', async () => {
      await openEdge()
      const { asked, platform } = noting()
      const faults = shared(platform, 'container-pause:part=payments,at=0.2,seconds=0.05')
      await faults.prepare()
      await faults.start()
      await faults.beforeStep('dns.switch')
      expect(asked).toEqual([])
      faults.loadBegins(500)
      await until('healed')
      expect(asked).toEqual(['pause payments', 'unpause payments'])
      await faults.witness()
      await faults.heal()
      expect(lines().map(({ event, touched, required }) => [event, touched, required])).toEqual([['injected', undefined, undefined], ['healed', undefined, undefined], ['witnessed', 4, 3]])
      expect(lines()[2]!.note).toMatch(/in its \d\.\d s 4 operations whose end clients never learned; 0 requests/u)
      expect(asked).toHaveLength(2)
    })

    it('is taken away at the end of the load where that comes first, and never begins where its moment does not come', async () => {
      await openEdge()
      const { asked, platform } = noting()
      const faults = shared(platform, 'container-pause:at=0.01,seconds=600', 'container-pause:part=feedback')
      faults.loadBegins(20_000)
      await until('injected')
      await faults.witness()
      await faults.heal()
      expect(asked).toEqual(['pause portal', 'unpause portal'])
      expect(lines().map(({ event }) => event)).toEqual(['injected', 'witnessed', 'healed'])
    })

    it('is made ready before the load, and ends the run there where it cannot be', async () => {
      await openEdge()
      const { asked, platform } = noting()
      await shared(platform, 'network-cut').prepare()
      expect(asked).toEqual(['cut partners edge-new', 'mend partners edge-new'])
      await expect(shared(noting(['lose']).platform, 'network-loss').prepare()).rejects.toThrow('lose is not to be had')
      await expect(shared(undefined, 'network-cut').prepare()).rejects.toThrow('does not let its parts be touched')
    })
  })

  it('what was never planted is neither witnessed nor healed', async () => {
    await open()
    const faults = planter('sms-timeout')
    await faults.start()
    await faults.witness()
    await faults.heal()
    expect(lines()).toEqual([])
    expect(stand.controls).toEqual([])
  })

  it('a fault that cannot be planted is an error line; the others are planted, and healing it is still tried', async () => {
    await open('gone')
    const faults = planter('sms-timeout', 'bank-timeout')
    await faults.beforeStep('dns.switch')
    await faults.witness()
    await faults.heal()
    expect(lines().map(({ fault, event }) => [fault, event])).toEqual([
      ['sms-timeout', 'error'], ['bank-timeout', 'injected'], ['sms-timeout', 'witnessed'], ['bank-timeout', 'witnessed'], ['bank-timeout', 'healed'], ['sms-timeout', 'error'],
    ])
    expect(lines()[0]!.note).toMatch(/^inject: sms: /)
  })

  it('a run without faults leaves the sealed files empty', async () => {
    await open()
    planter()
    expect(readFileSync(stand.folder.faults, 'utf8')).toBe('[]\n')
    expect(lines()).toEqual([])
  })
})
