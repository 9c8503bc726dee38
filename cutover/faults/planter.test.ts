/** The planter: moments, sealed files, errors that end nothing. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Runbook } from '../../contracts/runbook.ts'
import { WitnessLine } from '../../contracts/verdict.ts'
import { systemClock } from '../clock.ts'
import { openAdminStand, type AdminStand } from '../evidence/admin-stand.ts'
import { runbookOf } from '../engine/stage.ts'
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
