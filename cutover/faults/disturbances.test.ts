/** Disturbances on real administration servers and a platform that only notes what it is asked for: in which order they act, what they set again, what their witnesses count and what not. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority, keyText, newKeyPair } from '../../contracts/certificate.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { DISTURBANCE_IDS } from '../../contracts/disturbances.ts'
import type { PartTls, StackPlatform } from '../../contracts/platform.ts'
import { systemClock } from '../clock.ts'
import { TARGET } from '../engine/stage.ts'
import { openAdminStand, type AdminStand } from '../evidence/admin-stand.ts'
import type { FaultContext } from './fault.ts'
import { FAULTS, parseFault, partnersApart } from './index.ts'

let stand: AdminStand
let asked: string[]
let parts: string[]
let served: number
let requests: EvidenceRow[]
let answer: string | null
let usual: number | null
/** Operations as clients had them: begun, how long they took, whether they learned the end. */
let operations: { begunAt: number; ms: number; unknown: boolean }[]
let nowMs: number
/** What the new edge shows, and where. */
let tls: PartTls
let secure: Server

beforeEach(async () => {
  asked = []
  parts = ['partners']
  requests = []
  served = 40
  answer = TARGET.addresses.old
  usual = 80
  operations = []
  nowMs = 100_000
  const authority = createAuthority('authority', { from: 0, until: Date.now() + 86_400_000 })
  const { publicKey, privateKey } = newKeyPair()
  const certificateUntil = (until: number) => authority.sign({ subject: 'edge-new', publicKey, from: 0, until, hosts: ['127.0.0.1'] })
  const show = (cert: string) => ({ cert, key: keyText(privateKey) })
  const certificate = certificateUntil(Date.now() + 86_400_000)
  secure = createServer(show(certificate)).listen(0, '127.0.0.1')
  await once(secure, 'listening')
  tls = { host: '127.0.0.1', port: (secure.address() as AddressInfo).port, certificate, certificateUntil }
  stand = await openAdminStand({
    'resolver-south': { role: 'resolver', handlers: { served: () => served } }, 'bank-vcb': { role: 'bank' }, 'partner-justice': { role: 'partner' }, portal: { role: 'portal' },
    'edge-old': { role: 'edge', url: `http://${TARGET.addresses.old}:8080`, handlers: { evidence: () => requests } }, 'edge-new': { role: 'edge', url: `http://${TARGET.addresses.new}:8080`, handlers: { evidence: () => requests, control: (control) => {
      if (control.action === 'certificate.set') secure.setSecureContext(show(control.certificate))
      return {}
    } } },
  })
})
afterEach(async () => {
  await stand.close()
  await new Promise((closed) => secure.close(closed))
})

function planted(wish: string, does: Record<string, () => void> = {}) {
  const { id, params } = parseFault(wish)
  const fault = FAULTS.find((candidate) => candidate.id === id)!
  const note = (what: string) => async (...names: unknown[]) => {
    asked.push([what, ...names].join(' '))
    does[asked.at(-1)!]?.()
  }
  const context: FaultContext = {
    target: stand.target, admin: stand.client.of, dns: { ask: async () => ({ rcode: 'NOERROR', address: answer, ttlS: 1 }) }, seed: 7, memory: {}, clock: { ...systemClock({ startedAtMs: 0, timeScale: 140, scenarioStartMs: 0 }), nowMs: () => nowMs, sleep: async (ms) => { asked.push(`wait ${ms}`) } },
    live: { touched: ({ from, to, slowerThanMs = Infinity }) => {
      const there = operations.filter(({ begunAt }) => begunAt >= from && begunAt <= to)
      return { unknown: there.filter(({ unknown }) => unknown).length, slow: there.filter(({ ms }) => ms > slowerThanMs).length }
    }, latencyMs: () => usual === null ? null : { value: usual, samples: 40 } }, setAgain: async (id) => { asked.push(`set ${id} again`) },
    platform: { parts, tls: () => tls, ...Object.fromEntries(['stop', 'kill', 'start', 'pause', 'unpause', 'cut', 'mend', 'lose', 'delay', 'calm', 'fillDisk', 'freeDisk', 'replicate', 'addStandby', 'holdReplication', 'failOver'].map((what) => [what, note(what)])) } as unknown as StackPlatform,
  }
  return { inject: () => fault.inject(context, params), heal: () => fault.heal(context, params), witness: () => fault.witness(context, params) }
}
const request = (key: string, more: Partial<EvidenceRow>): EvidenceRow => ({ key, status: '200', fields: {}, seenAt: 1, sourceAt: 101_000, ...more })
const operation = (more: Partial<(typeof operations)[number]> = {}) => ({ begunAt: 101_000, ms: 40, unknown: false, ...more })
const controls = () => stand.controls.map(({ system, control }) => `${system} ${control.action}`)

it('every one of them is planted, and needs a platform', () => {
  expect(FAULTS.filter(({ touches }) => touches !== undefined).map(({ id }) => id).toSorted()).toEqual([...DISTURBANCE_IDS].toSorted())
})

describe('a container', () => {
  it('that was killed is started and set again, with all that it plays', async () => {
    const fault = planted('container-kill:part=partners')
    await fault.inject()
    expect(asked).toEqual(['kill partners'])
    await fault.heal()
    expect(asked.slice(1)).toEqual(['start partners', 'set bank-vcb again', 'set partner-justice again'])
  })

  it('that is one partner\'s alone is set again alone, and is none of what the others are', async () => {
    parts = ['partners', 'bank-vcb']
    for (const name of ['bank-vcb', 'partners']) {
      const fault = planted(`container-kill:part=${name}`)
      await fault.inject()
      await fault.heal()
    }
    expect(asked).toEqual(['kill bank-vcb', 'start bank-vcb', 'set bank-vcb again', 'kill partners', 'start partners', 'set partner-justice again'])
    expect(partnersApart([parseFault('container-kill:part=bank-vcb'), parseFault('container-stop:part=portal'), parseFault('network-cut:to=sms')])).toEqual(['bank-vcb'])
  })

  it('that is restarted is back before anybody goes on', async () => {
    await planted('container-restart').inject()
    expect(asked).toEqual(['stop portal', 'start portal', 'set portal again'])
  })

  it('was missed by whom the edge could not pass on, and by clients who were never answered', async () => {
    const fault = planted('container-stop')
    await fault.inject()
    nowMs = 103_000
    await fault.heal()
    nowMs = 160_000
    requests = [
      request('request/1', { status: '504' }), request('request/2', { status: '502', sourceAt: 5 }), request('request/3', { status: '503' }), request('block/4', { status: '502' }),
      // What came after it is somebody else's.
      request('request/5', { status: '502', sourceAt: 110_000 }),
    ]
    operations = [operation({ begunAt: 99_000, unknown: true }), operation({ begunAt: 104_000, unknown: true }), operation({ ms: 9_000 })]
    expect(await fault.witness()).toMatchObject({ touched: 1, required: 3 })
    operations.push(...Array.from({ length: 12 }, () => operation({ unknown: true })))
    expect(await fault.witness()).toMatchObject({ touched: 12 })
  })

  it('that stood still was also missed by who had to wait for it', async () => {
    const fault = planted('container-pause:seconds=3')
    await fault.inject()
    nowMs = 103_000
    operations = [operation({ ms: 1_500 }), operation({ ms: 1_600 }), operation({ ms: 2_900 })]
    expect(await fault.witness()).toMatchObject({ touched: 2, required: 3 })
    operations.push(operation({ ms: 3_000 }))
    expect(await fault.witness()).toMatchObject({ touched: 3 })
  })
})

describe('database-failover', () => {
  it('lets the database be away for as long as nobody has noticed, then its standby takes over', async () => {
    await planted('database-failover:seconds=4').inject()
    expect(asked).toEqual(['kill postgres-new', 'wait 4000', 'failOver postgres-new'])
  })

  it('with a standby that lagged stops following first', async () => {
    await planted('database-failover:replication=async,database=postgres-old').inject()
    expect(asked).toEqual(['holdReplication postgres-old', 'wait 3000', 'kill postgres-old', 'wait 2000', 'failOver postgres-old'])
  })
})

describe('network-loss and network-delay', () => {
  it.each([
    ['network-loss', 80, 290, 5], ['network-loss', 80, 270, 0], ['network-delay:delayMs=300', 80, 390, 5], ['network-delay:delayMs=300', 80, 370, 0],
    // A machine on which everything takes long proves nothing by itself.
    ['network-loss', 900, 1_000, 0], ['network-loss', null, 290, 5],
  ] as const)('%s where %s ms are usual and five took %i ms: %i operations', async (wish, usualMs, ms, touched) => {
    usual = usualMs
    const fault = planted(wish)
    await fault.inject()
    nowMs = 105_000
    await fault.heal()
    operations = [...Array.from({ length: 5 }, () => operation({ ms })), operation({ begunAt: 99_000, ms: 8_000 }), operation({ begunAt: 106_000, ms: 8_000 })]
    expect((await fault.witness()).touched).toBe(touched)
  })
})

describe('certificate-expired', () => {
  const touching = () => { operations = [...Array.from({ length: 7 }, () => operation({ unknown: true })), operation(), operation({ begunAt: 107_000, unknown: true })] }

  it('has the edge show one that ended a minute ago, is proved by a handshake and by who was not answered, and puts the good one back', async () => {
    const fault = planted('certificate-expired')
    await fault.inject()
    nowMs = 106_000
    await fault.heal()
    touching()
    expect(await fault.witness()).toEqual({ touched: 7, required: 3, note: 'a handshake with edge-new was shown a certificate that ended at 1970-01-01T00:00:40.000Z; in its 6.0 s 7 operations whose end clients never learned' })
    expect(controls()).toEqual(['edge-new certificate.set', 'edge-new certificate.set'])
    expect(stand.controls[1]!.control).toMatchObject({ certificate: tls.certificate })
    expect(stand.controls[0]!.control).not.toMatchObject({ certificate: tls.certificate })
  })

  it('is none where a handshake was shown a good one all the same, or none', async () => {
    const { certificate } = tls
    tls = { ...tls, certificateUntil: () => certificate }
    const unchanged = planted('certificate-expired')
    await unchanged.inject()
    touching()
    nowMs = 106_000
    expect(await unchanged.witness()).toMatchObject({ touched: 0 })
    nowMs = 100_000
    tls = { ...tls, port: 1 }
    const unseen = planted('certificate-expired')
    await unseen.inject()
    nowMs = 106_000
    expect(await unseen.witness()).toMatchObject({ touched: 0, note: expect.stringContaining('was shown no certificate') })
  })

  it('is refused for a part that partners do not come to', () => {
    expect(() => parseFault('certificate-expired:part=portal')).toThrow(/FAULT_PARAMETER_INVALID.*edge-new/su)
  })
})

describe('resolver-restart', () => {
  it('with an empty cache counts what the new process answered, and nothing where it is the old one', async () => {
    const fault = planted('resolver-restart', { 'start resolver-south': () => { served = 2 } })
    await fault.inject()
    expect(asked).toEqual(['stop resolver-south', 'start resolver-south', 'set resolver-south again'])
    expect(controls()).toEqual([])
    served = 4
    expect(await fault.witness()).toMatchObject({ touched: 2 })
    // More than the one before it, in the long time since.
    served = 400
    expect(await fault.witness()).toMatchObject({ touched: 398 })
    const same = planted('resolver-restart')
    await same.inject()
    served = 500
    expect(await same.witness()).toMatchObject({ touched: 0 })
  })

  it('with a stale cache gives the old address, counts its region at the old edge, and is flushed', async () => {
    const fault = planted('resolver-restart:cache=stale')
    await fault.inject()
    expect(stand.controls.map(({ control }) => control)).toMatchObject([{ action: 'resolver.stale', name: TARGET.portalHost, address: TARGET.addresses.old }])
    requests = [request('request/1', { fields: { region: 'south' } }), request('request/2', { fields: { region: 'north' } }), request('request/3', { fields: { region: 'south' }, sourceAt: 5 })]
    expect(await fault.witness()).toMatchObject({ touched: 1 })
    answer = TARGET.addresses.new
    expect(await fault.witness()).toMatchObject({ touched: 0 })
    await fault.heal()
    expect(controls()).toEqual(['resolver-south resolver.stale', 'resolver-south resolver.flush'])
  })
})
