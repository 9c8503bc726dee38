/** The engine on a stage: order, undo, gates, timeouts, watches, interruption. Only clock and world are replaced. */
import { describe, expect, it } from 'vitest'
import { createStage, runbookOf, START_MS } from './stage.ts'
import { UNDO_MS } from './undo-stack.ts'

const TTL = { id: 'lower-ttl', do: { 'dns.ttl': { name: 'portal', ttl: '60s' } }, doneWhen: ['dns.publishedTtl <= 60s'] }
const FREEZE = { id: 'freeze', do: { 'legacy.freeze': {} } }
const BULK = { id: 'bulk', do: { 'migration.bulk': { mapping: 'm' } }, doneWhen: ['migration.copied > 0'] }
const VERIFY = { id: 'verify', do: { 'migration.verify': { mapping: 'm' } }, doneWhen: ['migration.mismatches == 0'] }
const OPEN = { id: 'open', do: { 'portal.open': {} } }
const GATE = { gate: 'go-no-go', asks: ['migration.mismatches == 0'] }

describe('a night without trouble', () => {
  it('walks the steps in order, undoes nothing, keeps facts and conditions', async () => {
    const stage = createStage()
    expect(await stage.play(runbookOf([TTL, FREEZE, BULK, VERIFY, GATE, OPEN]))).toEqual({ end: 'completed', undone: [] })
    expect(stage.told()).toEqual([
      'run begin', 'step lower-ttl begin', 'step lower-ttl done', 'step freeze begin', 'step freeze done', 'step bulk begin', 'step bulk done',
      'step verify begin', 'step verify done', 'gate go-no-go asked', 'gate go-no-go go', 'step open begin', 'step open done', 'run end',
    ])
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.id === 'lower-ttl' && entry.event === 'done')).toMatchObject({
      action: 'dns.ttl', owner: 'infrastructure', facts: { ttlBeforeS: 3_600, ttlS: 60 }, conditions: [{ condition: 'dns.publishedTtl <= 60s', observed: 60_000, held: true }],
    })
    expect(stage.journal.map((entry) => entry.seq)).toEqual(stage.journal.map((_, at) => at + 1))
  })

  it('waits for a step\'s time on the scenario clock', async () => {
    const stage = createStage()
    await stage.play(runbookOf([{ ...FREEZE, at: '22:00' }]))
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'begin')!.scenarioAt).toBeCloseTo(START_MS + 3_600_000, -2)
  })

  it('notes a step that begins more than ten minutes late, and not one that begins nine minutes late', async () => {
    const stage = createStage()
    await stage.play(runbookOf([
      { id: 'first', do: { wait: { for: '69m' } }, timeout: '90m' }, { ...FREEZE, at: '22:00' }, { id: 'second', do: { wait: { for: '2m' } } }, { ...OPEN, at: '22:00' },
    ]))
    const begins = stage.journal.filter((entry) => entry.kind === 'step' && entry.event === 'begin')
    expect(begins.map((entry) => 'facts' in entry ? Number(entry.facts!['lateMs']) > 600_000 : false)).toEqual([false, false, false, true])
  })

  it('awaits beforeStep before the action, so that what is planted at a step is there when it runs', async () => {
    const stage = createStage()
    await stage.play(runbookOf([FREEZE, OPEN]), { beforeStep: async (action) => { await stage.clock.sleep(10); stage.calls.push(`before ${action}`) } })
    expect(stage.calls).toEqual(['before legacy.freeze', 'legacy mode "frozen"', 'before portal.open', 'portal mode "open"'])
  })
})

describe('undo', () => {
  it('goes in reverse after a failed step, the failed one first, after the load has stopped', async () => {
    const stage = createStage()
    stage.world.mismatches = 7
    const end = await stage.play(runbookOf([TTL, FREEZE, BULK, VERIFY, OPEN]), { beforeUndo: async () => { stage.calls.push('evidence') } })
    expect(end).toEqual({ end: 'aborted', reason: expect.stringContaining('migration.mismatches == 0 (7)'), undone: ['bulk', 'freeze', 'lower-ttl'] })
    expect(stage.calls.slice(stage.calls.indexOf('verify') + 1)).toEqual([
      'load stop', 'evidence', 'undo migration', 'legacy mode "open"', 'dns-authority zone.set "portal.dvcqg.test" 3600',
    ])
    expect(stage.told().slice(-8)).toEqual(['step verify not-done', 'undo bulk begin', 'undo bulk done', 'undo freeze begin', 'undo freeze done', 'undo lower-ttl begin', 'undo lower-ttl done', 'run aborted'])
  })

  it('is registered before the step runs: one that breaks off in the middle is undone too', async () => {
    const stage = createStage()
    stage.world.onBulk = async () => { throw new Error('connection lost in the middle') }
    const end = await stage.play(runbookOf([FREEZE, BULK]))
    expect(end).toMatchObject({ end: 'aborted', undone: ['bulk', 'freeze'] })
    expect(stage.told()).toContain('step bulk error')
    expect(stage.calls).toContain('undo migration')
  })

  it('goes on with the rest where one undo fails or hangs, and says so', async () => {
    const stage = createStage()
    stage.world.mismatches = 1
    stage.world.onControl = async (system, control) => {
      if (system === 'portal' && control.action === 'mode' && control.mode === 'closed') throw new Error('portal is gone')
      if (system === 'catalogue' && control.action === 'unpublish') await new Promise(() => {})
    }
    const before = stage.clock.nowMs()
    const end = await stage.play(runbookOf([FREEZE, { id: 'publish', do: { 'catalogue.publish': {} } }, OPEN, VERIFY]))
    expect(end).toMatchObject({ end: 'aborted', undone: ['freeze'] })
    expect(stage.journal.filter((entry) => entry.kind === 'undo' && entry.event === 'error').map((entry) => (entry as { id: string; note: string }).note))
      .toEqual(['portal is gone', expect.stringContaining('20 s')])
    expect(stage.clock.nowMs() - before).toBeLessThan(UNDO_MS * 2)
  })
})

describe('fallback and timeout', () => {
  it('proceed: journals not-done with the escalation and goes on', async () => {
    const stage = createStage()
    stage.world.mismatches = 2
    const end = await stage.play(runbookOf([{ ...VERIFY, fallback: { proceed: true, escalate: 'committee' } }, OPEN]))
    expect(end.end).toBe('completed')
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'not-done')).toMatchObject({ note: expect.stringMatching(/out of reach by waiting; open: migration\.mismatches == 0 \(2\); goes on.*escalated to committee/) })
    expect(stage.told()).toContain('step open done')
  })

  it.each([{ timeScale: 140, timeout: '10m', wallMs: 600_000 / 140 }, { timeScale: 1_100, timeout: '10m', wallMs: 3_000 }])('times out after $timeout at scale $timeScale, not below the wall floor', async ({ timeScale, timeout, wallMs }) => {
    const stage = createStage({ timeScale })
    stage.world.pending = 1
    const before = stage.clock.nowMs()
    await stage.play(runbookOf([{ ...FREEZE, doneWhen: ['sync.pending == 0'], timeout }]))
    const failed = stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'not-done')!
    expect(failed.at - before).toBeGreaterThanOrEqual(wallMs - 1)
    expect(failed.at - before).toBeLessThan(wallMs + 200)
  })

  it('does not wait where waiting will not mend it', async () => {
    const stage = createStage()
    stage.world.mismatches = 1
    const before = stage.clock.nowMs()
    await stage.play(runbookOf([{ ...VERIFY, timeout: '300m', fallback: { proceed: true } }, { ...GATE, timeout: '300m', onNo: 'record' }]))
    expect(stage.told()).toEqual(expect.arrayContaining(['step verify not-done', 'gate go-no-go no-go']))
    expect(stage.clock.nowMs() - before).toBeLessThan(1_000)
  })

  it('an action that only waits does not eat the next entry\'s time for the sake of the floor', async () => {
    const stage = createStage({ timeScale: 1_100 })
    const end = await stage.play(runbookOf([{ id: 'watch', do: { 'dns.watch': { name: 'portal' } }, timeout: '5m', fallback: { proceed: true } }, { ...OPEN, at: '21:20' }]))
    expect(end.end).toBe('completed')
    const begun = stage.journal.find((entry) => entry.kind === 'step' && entry.id === 'open')!
    expect(begun.scenarioAt - START_MS).toBeLessThan(22 * 60_000)
    expect(stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'not-done')).toMatchObject({ facts: { 'north.convergedAfterMs': null, 'north.address': '127.0.0.2' } })
  })

  it('tells a running action to stop at the timeout', async () => {
    const stage = createStage()
    let stopped = false
    stage.world.onBulk = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => { stopped = true; reject(signal.reason as Error) }))
    expect((await stage.play(runbookOf([BULK]))).end).toBe('aborted')
    expect(stopped).toBe(true)
    expect(stage.told()).toContain('step bulk not-done')
  })
})

describe('gates', () => {
  it.each([
    { what: 'a metric that cannot be measured', asks: ['migration.mismatches == 0'] },
    { what: 'a rate without samples', asks: ['portal.errorRate < 2%'] },
    { what: 'one answer of two', asks: ['load.rate >= 0', 'portal.errorRate(since-switch) < 2%'] },
  ])('$what is no-go, never a pass', async ({ asks }) => {
    const stage = createStage()
    const end = await stage.play(runbookOf([FREEZE, { gate: 'go-no-go', asks }, OPEN]))
    expect(end).toMatchObject({ end: 'aborted', reason: expect.stringContaining('not measurable'), undone: ['freeze'] })
    expect(stage.journal.find((entry) => entry.kind === 'gate' && entry.event === 'no-go')).toMatchObject({ approval: 'simulated', approver: 'committee' })
    expect(stage.told()).not.toContain('step open begin')
  })

  it('record: says no and goes on', async () => {
    const stage = createStage()
    const end = await stage.play(runbookOf([FREEZE, { ...GATE, onNo: 'record' }, OPEN]))
    expect(end.end).toBe('completed')
    expect(stage.told()).toEqual(expect.arrayContaining(['gate go-no-go no-go', 'step open done']))
  })

  it('waits for an answer that comes within its time', async () => {
    const stage = createStage()
    const runbook = runbookOf([FREEZE, { gate: 'synced', asks: ['sync.pending(all) == 0'], timeout: '20m' }])
    const end = await stage.play(runbook, {}, (now) => {
      if (now > 1_000_000 + 5_000) stage.world.acknowledged = new Map([['justice', 5], ['health', 3]])
    })
    expect(end.end).toBe('completed')
    expect(stage.journal.find((entry) => entry.kind === 'gate' && entry.event === 'go')).toMatchObject({ conditions: [{ observed: 0, held: true }] })
  })
})

describe('watch and steady state', () => {
  const hold = { id: 'hold', do: { wait: { for: '60m' } }, timeout: '90m', watch: ['portal.errorRate < 2%'] }

  it('journals a breach and its end', async () => {
    const stage = createStage()
    await stage.play(runbookOf([hold]), {}, (now) => {
      stage.world.counts = now > 1_002_000 && now < 1_004_000 ? { ok: 90, fail: 5, info: 5 } : { ok: 100, fail: 0, info: 0 }
    })
    expect(stage.told()).toEqual(['run begin', 'step hold begin', 'watch hold breach', 'watch hold recovered', 'step hold done', 'run end'])
    expect(stage.journal.find((entry) => entry.kind === 'watch')).toMatchObject({ condition: 'portal.errorRate < 2%', observed: 0.1 })
  })

  it('a breach ends where there is nothing more to measure', async () => {
    const stage = createStage()
    await stage.play(runbookOf([hold]), {}, (now) => {
      stage.world.counts = now > 1_002_000 && now < 1_004_000 ? { ok: 90, fail: 5, info: 5 } : { ok: 0, fail: 0, info: 0 }
    })
    expect(stage.journal.filter((entry) => entry.kind === 'watch')).toMatchObject([{ event: 'breach', observed: 0.1 }, { event: 'recovered', observed: null }])
  })

  it('a breach that lasts ends the step by its fallback', async () => {
    const stage = createStage()
    stage.world.counts = { ok: 50, fail: 0, info: 50 }
    const end = await stage.play(runbookOf([FREEZE, hold]))
    expect(end).toMatchObject({ end: 'aborted', reason: expect.stringContaining('portal.errorRate < 2% has not held for 10 min'), undone: ['freeze'] })
  })

  it('what is not measured is no breach', async () => {
    const stage = createStage()
    expect((await stage.play(runbookOf([hold]))).end).toBe('completed')
    expect(stage.told()).not.toContain('watch hold breach')
  })

  it('steady.hold counts from the last breach', async () => {
    const stage = createStage()
    const steady = { id: 'steady', do: { 'steady.hold': { for: '20m' } }, doneWhen: ['steady.heldFor >= 20m'], timeout: '60m' }
    await stage.play(runbookOf([steady], { steadyState: ['portal.errorRate < 1%'] }), {}, (now) => {
      stage.world.counts = now < 1_006_000 ? { ok: 90, fail: 10, info: 0 } : { ok: 100, fail: 0, info: 0 }
    })
    const done = stage.journal.find((entry) => entry.kind === 'step' && entry.event === 'done')!
    expect(done.at).toBeGreaterThanOrEqual(1_006_000 + 20 * 60_000 / 140)
    expect(done.at).toBeLessThan(1_006_000 + 20 * 60_000 / 140 + 1_000)
    expect(stage.told()).toEqual(expect.arrayContaining(['watch steady-state breach', 'watch steady-state recovered']))
  })

  it('steady.hold is never done where nothing was measured', async () => {
    const stage = createStage()
    const steady = { id: 'steady', do: { 'steady.hold': { for: '1m' } }, doneWhen: ['steady.heldFor >= 1m'] }
    expect((await stage.play(runbookOf([steady], { steadyState: ['portal.errorRate < 1%'] }))).end).toBe('aborted')
  })
})

describe('interruption', () => {
  it('stops the load, undoes in reverse, reads no evidence', async () => {
    const stage = createStage()
    const interrupt = new AbortController()
    const end = await stage.play(runbookOf([FREEZE, BULK, { id: 'rest', do: { wait: { for: '300m' } }, timeout: '400m' }]), {
      signal: interrupt.signal, beforeUndo: async () => { stage.calls.push('evidence') },
    }, (now) => { if (now > 1_010_000) interrupt.abort() })
    expect(end).toEqual({ end: 'interrupted', undone: ['bulk', 'freeze'] })
    expect(stage.calls).toEqual(['legacy mode "frozen"', 'bulk', 'load stop', 'undo migration', 'legacy mode "open"'])
    expect(stage.told().at(-1)).toBe('run interrupted')
  })

  it('also before the first step and while a gate waits', async () => {
    const early = createStage()
    expect(await early.play(runbookOf([FREEZE]), { signal: AbortSignal.abort() })).toEqual({ end: 'interrupted', undone: [] })
    const stage = createStage()
    const interrupt = new AbortController()
    const end = await stage.play(runbookOf([FREEZE, { ...GATE, timeout: '300m' }]), { signal: interrupt.signal }, (now) => { if (now > 1_005_000) interrupt.abort() })
    expect(end).toEqual({ end: 'interrupted', undone: ['freeze'] })
  })
})
