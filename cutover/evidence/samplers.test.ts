/** What is sampled all along a run: DNS answers asked of every region, processes by real /stats and /proc. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../contracts/evidence.ts'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { systemClock } from '../clock.ts'
import { TARGET } from '../engine/stage.ts'
import type { DnsAnswer } from '../ports.ts'
import { openAdminStand, type AdminStand } from './admin-stand.ts'
import { startDnsWatch } from './dns-watch.ts'
import { startProcessSampler } from './processes.ts'

let stand: AdminStand
afterEach(() => stand.close())
const clock = systemClock({ startedAtMs: Date.now(), timeScale: 140, scenarioStartMs: 0 })
const rowsOf = (path: string): EvidenceRow[] => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1, -1).map((line) => EvidenceRow.parse(JSON.parse(line)))

describe('startDnsWatch', () => {
  it('writes each region\'s answers until it is closed, a missing answer too', async () => {
    stand = await openAdminStand({ portal: { role: 'portal' } })
    const answers: (DnsAnswer | null)[] = [{ rcode: 'NOERROR', address: '127.0.0.2', ttlS: 60 }, null, { rcode: 'SERVFAIL', address: null, ttlS: null }]
    let north = 0
    let reached!: () => void
    const enough = new Promise<void>((resolve) => { reached = resolve })
    const watch = await startDnsWatch({
      target: { ...stand.target, regions: TARGET.regions }, folder: stand.folder, clock, intervalMs: 1,
      dns: { ask: async (region) => { if (region === 'north' && ++north === 4) reached(); return region === 'south' ? null : north <= answers.length ? answers[north - 1]! : { rcode: 'NOERROR', address: '127.0.0.3', ttlS: 0 } } },
    })
    await enough
    await watch.close()
    for (const region of ['north', 'south']) expect(await checkRecordFile(stand.folder.evidenceOf(`resolver-${region}`))).toMatchObject({ whole: true })
    expect(rowsOf(stand.folder.evidenceOf('resolver-north')).slice(0, 4)).toMatchObject([
      { key: 'answer/1', status: '127.0.0.2', fields: { name: 'portal.dvcqg.test', ttlS: 60 } }, { key: 'answer/2', status: 'none', fields: { error: 'timeout' } },
      { key: 'answer/3', status: 'none', fields: { error: 'SERVFAIL' } }, { key: 'answer/4', status: '127.0.0.3', fields: { ttlS: 0 } },
    ])
  })

  it('leaves no trailer where it failed, and says so at the end', async () => {
    stand = await openAdminStand({ portal: { role: 'portal' } })
    const watch = await startDnsWatch({ target: { ...stand.target, regions: TARGET.regions }, folder: stand.folder, clock, intervalMs: 1, dns: { ask: async () => { throw new Error('no socket left') } } })
    await expect(watch.close()).rejects.toThrow('no socket left')
    expect(await checkRecordFile(stand.folder.evidenceOf('resolver-north'))).toMatchObject({ whole: false })
  })
})

describe('startProcessSampler', () => {
  it('samples a process once, by its own figures, and others by /proc', async () => {
    stand = await openAdminStand({ portal: { role: 'portal' }, legacy: { role: 'legacy' }, sms: { role: 'sms', admin: 'http://127.0.0.1:1' } })
    const sampler = await startProcessSampler({
      target: stand.target, admin: stand.client.of, folder: stand.folder, clock, intervalMs: 5, processes: [{ name: 'harness', pid: process.pid }, { name: 'parent', pid: process.ppid }, { name: 'gone', pid: 2 ** 22 + 1 }],
    })
    const seen = () => rowsOf(stand.folder.evidenceOf('processes'))
    await expect.poll(() => readFileSync(stand.folder.evidenceOf('processes'), 'utf8').split('\n').length).toBeGreaterThan(6)
    await sampler.close()
    expect(await checkRecordFile(stand.folder.evidenceOf('processes'))).toMatchObject({ whole: true })
    const samples = seen().filter((row) => row.key.startsWith('sample/'))
    const names = new Set(samples.map((row) => row.fields['process']))
    const own = samples.find((row) => row.fields['process'] !== 'parent' && row.fields['process'] !== 'machine')!
    // Portal and legacy are one process here: one of them speaks for it, under the name that the caller has for the process.
    expect(own.fields['process']).toBe('harness')
    expect(names.size).toBe(process.platform === 'linux' ? 3 : 2)
    const machine = samples.filter((row) => row.fields['process'] === 'machine')
    expect(Number(machine[0]!.fields['cores'])).toBeGreaterThanOrEqual(1)
    expect(Number(machine.at(-1)!.fields['cpuMs'])).toBeGreaterThanOrEqual(Number(machine[0]!.fields['cpuMs']))
    // Both systems say what they served, before and after; the one that cannot be reached says nothing.
    expect(seen().filter((row) => row.key.startsWith('served/')).map((row) => row.key).toSorted()).toEqual(['served/legacy/begin', 'served/legacy/end', 'served/portal/begin', 'served/portal/end'])
    expect(own.fields).toMatchObject({ cpuMs: expect.any(Number), wallMs: expect.any(Number), eventLoopMsP99: expect.any(Number) })
    expect(Number(own.fields['rssBytes'])).toBeGreaterThan(10_000_000)
    if (process.platform === 'linux') {
      const parent = seen().find((row) => row.fields['process'] === 'parent')!
      expect(parent.fields).toMatchObject({ eventLoopMsP99: null })
      expect(Number(parent.fields['rssBytes'])).toBeGreaterThan(1_000_000)
    }
  })

  it('tells processes of the same pid apart by where they run', async () => {
    stand = await openAdminStand({ portal: { role: 'portal' }, legacy: { role: 'legacy' }, sms: { role: 'sms' } })
    const { client } = stand
    // Portal and notifications share a container, the old portal is the first process of another.
    const hosts: Record<string, string> = { portal: 'a', legacy: 'b', sms: 'a' }
    const admin = (id: string) => ({ ...client.of(id), stats: async () => ({ ...await client.of(id).stats(), host: hosts[id]!, pid: 1 }) })
    const sampler = await startProcessSampler({ target: stand.target, admin, folder: stand.folder, clock, intervalMs: 5, processes: [{ name: 'init', pid: 1 }] })
    await sampler.close()
    const names = new Set(rowsOf(stand.folder.evidenceOf('processes')).flatMap((row) => row.key.startsWith('sample/') ? [row.fields['process']] : []))
    expect(names.has('legacy')).toBe(true)
    expect([names.has('portal'), names.has('sms')].filter(Boolean)).toHaveLength(1)
    if (process.platform === 'linux') expect(names.has('init')).toBe(true)
  })

  it('tells a moment by both clocks, so that a jump of the wall clock shows', async () => {
    stand = await openAdminStand({})
    let [wall, mono] = [1_000_000, 0]
    const turned = { ...clock, nowMs: () => wall, sleep: async () => { mono += 1_000; wall += mono === 2_000 ? 61_000 : 1_000; if (mono === 3_000) reached(); await new Promise((resolve) => { setImmediate(resolve) }) } }
    let reached!: () => void
    const enough = new Promise<void>((resolve) => { reached = resolve })
    const sampler = await startProcessSampler({ target: stand.target, admin: stand.client.of, folder: stand.folder, clock: turned, processes: [], monoMs: () => mono })
    await enough
    await sampler.close()
    const moments = rowsOf(stand.folder.evidenceOf('processes')).map((row) => [row.fields['monoMs'], row.fields['wallMs']])
    expect(moments.slice(0, 4)).toEqual([[0, 0], [1_000, 1_000], [2_000, 62_000], [3_000, 63_000]])
  })
})
