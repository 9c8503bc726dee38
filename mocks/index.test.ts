import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../contracts/free-port.ts'
import type { ProcessReply, SimulatorsConfig } from '../contracts/process.ts'
import { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { startSimulators } from './index.ts'

const HOSTS: Record<string, string> = {
  'vneid': '127.119.6.1', 'bank-vcb': '127.119.6.2', 'bank-bidv': '127.119.6.3', 'sms': '127.119.6.4',
  ...Object.fromEntries(PARTNERS.map((partner, i) => [`partner-${partner.id}`, `127.119.7.${i + 1}`])),
}

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => { await Promise.all(closers.splice(0).map((close) => close())) })

async function configuration(changes: Partial<SimulatorsConfig> = {}): Promise<SimulatorsConfig> {
  return {
    hosts: HOSTS, port: await freePort('0.0.0.0'), adminPort: await freePort('0.0.0.0'), portalSyncUrl: 'http://127.119.2.1:8080',
    keys: Object.fromEntries(['bank-vcb', 'bank-bidv', 'sms', ...PARTNERS.map((partner) => partner.id)].map((id) => [id, `key of ${id}`])),
    vneidClient: { clientId: 'portal', clientSecret: 'secret', redirectUris: ['http://portal.test/auth/callback'] },
    seed: 1, timeScale: 140, scenarioStartMs: Date.parse('2026-04-10T21:00:00+07:00'), ...changes,
  }
}

const json = async (url: string, init?: RequestInit) => { const response = await fetch(url, init); return { status: response.status, body: await response.json() as any } }
const control = (host: string, adminPort: number, body: unknown) => json(`http://${host}:${adminPort}/control`, { method: 'POST', body: JSON.stringify(body) })

describe('all simulators of a run', () => {
  it('serve each at its own address, with readiness, evidence, pending and statistics beside', async () => {
    const config = await configuration()
    const running = await startSimulators(config)
    closers.push(running.close)
    for (const [id, host] of Object.entries(HOSTS)) {
      expect(await json(`http://${host}:${config.adminPort}/ready`)).toEqual({ status: 200, body: { system: id } })
      expect((await json(`http://${host}:${config.adminPort}/pending`)).body).toEqual({ pending: 0 })
    }
    const partner = HOSTS['partner-justice']!
    const forwarded = { reference: 'r1', dossierCode: 'G08-260410-000001', procedureCode: '9.900001', unitCode: 'G08', applicantName: 'Người Thử', status: 'newly-registered', submittedAt: 1, origin: 'direct', partner: 'justice' }
    expect((await json(`http://${partner}:${config.port}/v1/forwarded`, { method: 'POST', body: JSON.stringify(forwarded) })).body).toEqual({ result: 'received' })
    const evidence = await (await fetch(`http://${partner}:${config.adminPort}/evidence?mode=final`)).text()
    const [row, end] = evidence.trim().split('\n').map((line) => JSON.parse(line))
    expect(row).toMatchObject({ key: 'dossier/G08-260410-000001', op: 'r1', status: 'newly-registered', fields: { applicantName: 'Người Thử', origin: 'forwarded', sync: null } })
    expect(end).toEqual({ end: { rows: 1 } })
    expect((await json(`http://${partner}:${config.adminPort}/stats`)).body).toMatchObject({ system: 'partner-justice', served: 1, forgotten: 0 })
  })

  it('take the clock from any one of them, and refuse actions and routes that they do not have', async () => {
    const config = await configuration()
    const running = await startSimulators(config)
    closers.push(running.close)
    const at = (host: string, body: unknown) => control(host, config.adminPort, body)
    const startedAtMs = Date.now() - 1_000
    expect((await at(HOSTS['sms']!, { action: 'clock', startedAtMs, timeScale: 3_600, scenarioStartMs: config.scenarioStartMs })).status).toBe(200)
    // An hour at least has passed on the scenario clock, so the bank takes the QR for expired.
    const bank = `http://${HOSTS['bank-vcb']}:${config.port}`
    const order = { transactionCode: 'T1', account: '123', accountName: 'Kho bạc', amountVnd: 1_000, reference: 'r', expiresAt: config.scenarioStartMs + 3_599_000, callbackUrl: 'http://127.119.1.5:1/callbacks' }
    const { body: { qr } } = await json(`${bank}/v1/qr`, { method: 'POST', body: JSON.stringify(order) })
    expect((await json(`${bank}/v1/scan`, { method: 'POST', body: JSON.stringify({ qr, personId: '999000000011', reference: 's' }) })).body.error.code).toBe('QR_EXPIRED')
    expect((await at(HOSTS['bank-vcb']!, { action: 'connect', connected: true })).status).toBe(400)
    expect((await at(HOSTS['bank-vcb']!, { action: 'behave', behaviours: [{ route: 'pay', share: 1 }] })).body.error.message).toMatch(/use one of: .*qr, .*scan, credits, statement/)
  })

  it('refuse connections during an outage, alone and with a real refusal, and come back by themselves', async () => {
    const config = await configuration({ hosts: { 'sms': HOSTS['sms']!, 'bank-vcb': HOSTS['bank-vcb']! } })
    const running = await startSimulators(config)
    closers.push(running.close)
    const bank = `http://${HOSTS['bank-vcb']}:${config.port}/v1/banks`
    const reached = () => fetch(bank).then(({ status }) => status, (error: Error) => (error.cause as NodeJS.ErrnoException).code)
    expect(await reached()).toBe(200)
    // On the scenario clock, which does not run yet: it is over when the run has gone on so far.
    const outage = { forMs: 3_600_000, clock: 'scenario', how: 'refuse' }
    expect((await control(HOSTS['bank-vcb']!, config.adminPort, { action: 'behave', behaviours: [{ route: '*', outage }] })).status).toBe(200)
    expect(await reached()).toMatch(/ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET/)
    expect(await reached()).toBe('ECONNREFUSED')
    expect((await fetch(`http://${HOSTS['sms']}:${config.port}/nothing`)).status).toBe(404)
    await control(HOSTS['sms']!, config.adminPort, { action: 'clock', startedAtMs: Date.now() - 2_000, timeScale: 3_600, scenarioStartMs: config.scenarioStartMs })
    while (await reached() !== 200) await new Promise(setImmediate)
    expect((await control(HOSTS['bank-vcb']!, config.adminPort, { action: 'clock.advance', ms: 1 })).status, 'nobody moves the clock of a rehearsal').toBe(400)
  })

  it('leave nothing listening where one of them cannot start', async () => {
    const taken = createServer().listen(0, '127.119.6.3')
    await once(taken, 'listening')
    closers.push(() => taken.close())
    const { port } = taken.address() as AddressInfo
    const config = await configuration({ port })
    await expect(startSimulators(config)).rejects.toThrow(`PORT_IN_USE: bank-bidv cannot listen at 127.119.6.3:${port}`)
    await expect(fetch(`http://${HOSTS['vneid']}:${port}/jwks`)).rejects.toThrow('fetch failed')
    await expect(fetch(`http://${HOSTS['vneid']}:${config.adminPort}/ready`)).rejects.toThrow('fetch failed')
  })

  it('speak by the contract profile of their configuration, and refuse one with mistakes whole', async () => {
    const profile = (path: string) => ContractProfile.parse({
      version: 1, name: 'guide', title: { vi: 't', en: 't' }, source: { vi: 's', en: 's' }, roles: { sms: { fields: { messageId: 'ma_tin' }, refusal: { code: 'ma_loi', message: 'mo_ta' }, operations: { 'message-state': { path } } } },
    })
    const config = await configuration({ contractProfile: profile('/tin/{ma_tin}') })
    const running = await startSimulators(config)
    closers.push(running.close)
    expect(await json(`http://${HOSTS['sms']}:${config.port}/tin/m-1`)).toMatchObject({ status: 404, body: { ma_loi: 'MESSAGE_UNKNOWN' } })
    expect(await json(`http://${HOSTS['sms']}:${config.port}/v1/messages/m-1`)).toMatchObject({ status: 404, body: { ma_loi: 'ROUTE_UNKNOWN' } })
    await expect(startSimulators(await configuration({ contractProfile: profile('/tin/{messageId}') }))).rejects.toThrow('CONTRACT_PROFILE_UNKNOWN: there is no field of the path "messageId"')
  })

  it('name a simulator that does not exist and a key that is missing', async () => {
    await expect(startSimulators(await configuration({ hosts: { 'bank-x': '127.119.6.9' } }))).rejects.toThrow('SIMULATOR_UNKNOWN: no simulator "bank-x"')
    await expect(startSimulators(await configuration({ keys: {} }))).rejects.toThrow('SIGNING_KEY_MISSING')
  })
})

describe('the child process', () => {
  const child = () => fork(new URL('process.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })

  it('answers ready, and ends when the channel closes', async () => {
    const config = await configuration()
    const running = child()
    running.send(config)
    const [reply] = await once(running, 'message') as [ProcessReply]
    expect(reply).toEqual({ ready: true })
    expect((await fetch(`http://${HOSTS['vneid']}:${config.port}/jwks`)).status).toBe(200)
    const exited = once(running, 'exit')
    running.disconnect()
    expect((await exited)[0]).toBe(0)
  })

  it('answers an error with its code, and ends cleanly on SIGTERM', async () => {
    const running = child()
    running.send({ hosts: {} })
    const [reply] = await once(running, 'message') as [ProcessReply]
    expect(reply).toMatchObject({ error: { code: 'SIMULATORS_CONFIG_INVALID' } })
    const exited = once(running, 'exit')
    running.kill('SIGTERM')
    expect((await exited)[0]).toBe(0)
  })
})
