/** Disturbances on real administration servers and a platform that only notes what it is asked for: in which order they act, what they set again, what their witnesses count and what not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { DISTURBANCE_IDS } from '../../contracts/disturbances.ts'
import type { StackPlatform } from '../../contracts/platform.ts'
import { systemClock } from '../clock.ts'
import { TARGET } from '../engine/stage.ts'
import { openAdminStand, type AdminStand } from '../evidence/admin-stand.ts'
import type { FaultContext } from './fault.ts'
import { FAULTS, parseFault } from './index.ts'

let stand: AdminStand
let asked: string[]
let served: number
let requests: EvidenceRow[]
let answer: string | null
let slow: { value: number; samples: number } | null
let unanswered: number

beforeEach(async () => {
  asked = []
  requests = []
  served = 40
  answer = TARGET.addresses.old
  slow = null
  unanswered = 0
  stand = await openAdminStand({
    'resolver-south': { role: 'resolver', handlers: { served: () => served } }, 'bank-vcb': { role: 'bank' }, 'partner-justice': { role: 'partner' }, portal: { role: 'portal' },
    'edge-old': { role: 'edge', url: `http://${TARGET.addresses.old}:8080`, handlers: { evidence: () => requests } }, 'edge-new': { role: 'edge', url: `http://${TARGET.addresses.new}:8080`, handlers: { evidence: () => requests } },
  })
})
afterEach(() => stand.close())

function planted(wish: string) {
  const { id, params } = parseFault(wish)
  const fault = FAULTS.find((candidate) => candidate.id === id)!
  const note = (what: string) => async (...names: unknown[]) => { asked.push([what, ...names].join(' ')) }
  const context: FaultContext = {
    target: stand.target, admin: stand.client.of, dns: { ask: async () => ({ rcode: 'NOERROR', address: answer, ttlS: 1 }) }, seed: 7, memory: {}, clock: systemClock({ startedAtMs: 0, timeScale: 140, scenarioStartMs: 0 }),
    live: { counts: () => ({ ok: 9, fail: 9, info: unanswered }), latencyMs: () => slow }, setAgain: async (id) => { asked.push(`set ${id} again`) },
    platform: Object.fromEntries(['stop', 'kill', 'start', 'pause', 'unpause', 'cut', 'mend', 'lose', 'delay', 'calm', 'fillDisk', 'freeDisk'].map((what) => [what, note(what)])) as unknown as StackPlatform,
  }
  return { inject: () => fault.inject(context, params), heal: () => fault.heal(context, params), witness: () => fault.witness(context, params) }
}
const request = (key: string, more: Partial<EvidenceRow>): EvidenceRow => ({ key, status: '200', fields: {}, seenAt: 1, sourceAt: Date.now() + 60_000, ...more })
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

  it('that is restarted is back before anybody goes on', async () => {
    await planted('container-restart').inject()
    expect(asked).toEqual(['stop portal', 'start portal', 'set portal again'])
  })

  it('was missed by whom the edge could not pass on, and by clients who were never answered', async () => {
    const fault = planted('container-pause')
    await fault.inject()
    requests = [request('request/1', { status: '504' }), request('request/2', { status: '502', sourceAt: 5 }), request('request/3', { status: '503' }), request('block/4', { status: '502' })]
    expect(await fault.witness()).toMatchObject({ touched: 1, required: 3 })
    unanswered = 12
    expect(await fault.witness()).toMatchObject({ touched: 12 })
  })
})

describe('network-loss and network-delay', () => {
  it.each([
    ['network-loss', { value: 250, samples: 100 }, 10], ['network-loss', { value: 190, samples: 100 }, 0], ['network-delay:delayMs=300', { value: 320, samples: 100 }, 50], ['network-delay:delayMs=300', { value: 290, samples: 100 }, 0], ['network-loss', null, 0],
  ] as const)('%s seen as %j: %i operations', async (wish, seen, touched) => {
    const fault = planted(wish)
    await fault.inject()
    slow = seen
    await fault.heal()
    // What comes after it is quick again and says nothing.
    slow = { value: 5_000, samples: 1_000 }
    expect((await fault.witness()).touched).toBe(touched)
  })
})

describe('resolver-restart', () => {
  it('with an empty cache counts what the new process answered, and nothing where it is the old one', async () => {
    const fault = planted('resolver-restart')
    await fault.inject()
    expect(asked).toEqual(['stop resolver-south', 'start resolver-south', 'set resolver-south again'])
    expect(controls()).toEqual([])
    served = 7
    expect(await fault.witness()).toMatchObject({ touched: 7 })
    served = 41
    expect(await fault.witness()).toMatchObject({ touched: 0 })
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
