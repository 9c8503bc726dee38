/** What the steps do to the world, and how they take it back, where the engine's tests do not show it. */
import { describe, expect, it } from 'vitest'
import { createStage, runbookOf, TARGET } from '../engine/stage.ts'

const SWITCH = { id: 'switch', do: { 'dns.switch': { name: 'portal' } }, doneWhen: ['dns.switched == 1'] }
const FAILING = { id: 'failing', do: { 'migration.verify': { mapping: 'm' } }, doneWhen: ['migration.mismatches == 0'] }
const delta = (more = {}) => ({ id: 'delta', do: { 'migration.delta': { mapping: 'm' } }, doneWhen: ['migration.remaining == 0'], timeout: '60m', ...more })

describe('dns.switch', () => {
  it('points the record to the new edge and makes the old one close its connections; undone, the other way round', async () => {
    const stage = createStage()
    stage.world.mismatches = 1
    await stage.play(runbookOf([SWITCH, FAILING]))
    const calls = stage.calls.filter((call) => !call.includes('zone.get'))
    expect(calls).toEqual([
      `dns-authority zone.set "portal.dvcqg.test" "${TARGET.addresses.new}"`, 'edge-old connections.close true', 'edge-new connections.close false',
      'verify', 'load stop',
      `dns-authority zone.set "portal.dvcqg.test" "${TARGET.addresses.old}"`, 'edge-new connections.close true', 'edge-old connections.close false',
    ])
  })
})

describe('dns.watch', () => {
  it('says when each region came over', async () => {
    const stage = createStage()
    const done = { id: 'watch', do: { 'dns.watch': { name: 'portal' } }, doneWhen: ['dns.converged(all) == 100%'] }
    await stage.play(runbookOf([SWITCH, done]))
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.id === 'watch' && entry.event === 'done')).toMatchObject({ facts: { 'north.convergedAfterMs': 0, 'south.address': TARGET.addresses.new } })
  })
})

describe('migration.delta', () => {
  it('waits until the old portal\'s batch has settled', async () => {
    const stage = createStage()
    stage.world.pending = 5
    await stage.play(runbookOf([delta()]), {}, (now) => { if (now > 1_003_000) stage.world.pending = 0 })
    expect(stage.calls).toEqual(['delta'])
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'done')!.at).toBeGreaterThan(1_003_000)
  })
  it('gives up where a round brings nothing nearer, and is not done', async () => {
    const stage = createStage()
    stage.world.remaining = 3
    expect((await stage.play(runbookOf([delta({ fallback: { proceed: true } })]))).end).toBe('completed')
    expect(stage.calls).toEqual(['delta', 'delta'])
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'not-done')).toMatchObject({ facts: { remaining: 3, rounds: 2, copied: 10, next: 11 } })
  })
})

describe('partners.connect and partners.disconnect', () => {
  const connect = { id: 'connect', do: { 'partners.connect': { wave: 1 } }, doneWhen: ['partners.connected(wave-1) == 100%'] }
  it('connects the wave alone; undone, it keeps its dossiers to itself', async () => {
    const stage = createStage()
    stage.world.mismatches = 1
    await stage.play(runbookOf([connect, FAILING]))
    expect(stage.calls).toEqual(['partner-justice connect true', 'verify', 'load stop', 'partner-justice connect false'])
  })
  it('connects all at once where no wave is named', async () => {
    const stage = createStage()
    await stage.play(runbookOf([{ ...connect, do: { 'partners.connect': { wave: 'all' } }, doneWhen: ['partners.connected(all) == 100%'] }]))
    expect(stage.calls.toSorted()).toEqual(['partner-health connect true', 'partner-justice connect true'])
  })
  it('leaves out the excepted, so that the wave is not complete', async () => {
    const stage = createStage()
    const end = await stage.play(runbookOf([{ ...connect, do: { 'partners.connect': { wave: 1, except: ['justice'] } } }]))
    expect(end).toMatchObject({ end: 'aborted', reason: expect.stringContaining('partners.connected(wave-1) == 100% (0)') })
    expect(stage.calls.filter((call) => call.endsWith('true'))).toEqual([])
  })
  it('disconnects those that are named', async () => {
    const stage = createStage()
    await stage.play(runbookOf([connect, { id: 'disconnect', do: { 'partners.disconnect': { partners: ['justice'] } }, doneWhen: ['partners.connected(all) < 100%'] }]))
    expect(stage.calls).toEqual(['partner-justice connect true', 'partner-justice connect false'])
    expect(stage.journal.at(-2)).toMatchObject({ event: 'done', facts: { disconnected: 1, partners: 'justice' } })
  })
})

describe('load.hold', () => {
  const hold = { id: 'hold', do: { 'load.hold': {} }, timeout: '48h' }
  const done = ({ journal }: ReturnType<typeof createStage>) => journal.find((entry) => entry.kind === 'step' && entry.event === 'done')!
  it('is done when the window ends', async () => {
    const stage = createStage()
    await stage.play(runbookOf([hold]))
    expect(done(stage).at).toBe(1_000_000 + 7 * 3_600_000 / 140)
  })
  it('is done before where the load has ended', async () => {
    const stage = createStage()
    await stage.play(runbookOf([hold]), {}, (now) => { if (now > 1_003_000) stage.endLoad() })
    expect(done(stage).at).toBeLessThan(1_010_000)
  })
})

it('night.close writes down what is expected, acknowledged and still to be delivered', async () => {
  const stage = createStage()
  stage.world.pending = 2
  stage.world.acknowledged = new Map([['justice', 5], ['health', 1]])
  await stage.play(runbookOf([{ id: 'close', do: { 'night.close': {} } }]))
  const systems = TARGET.systems.filter((system) => system.admin).length
  expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'done')).toMatchObject({ facts: { expected: 8, acknowledged: 6, undelivered: 2 * systems, partnersConnected: 0 } })
})
