/** The history as it grows: real files, torn lines, two workers. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OperationLine } from '../contracts/operation.ts'
import { LiveHistory } from './live-history.ts'

let directory: string
let history: LiveHistory
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'live-'))
  history = new LiveHistory([join(directory, 'w1.ndjson'), join(directory, 'w2.ndjson')])
})
afterEach(async () => {
  await history.close()
  await rm(directory, { recursive: true, force: true })
})

const T = 1_700_000_000_000
const line = (more: Partial<OperationLine>): string => `${JSON.stringify({
  v: 1, op: 'x.1.y.0123456789', attempt: 1, trace: 'x.1', kind: 'login', flow: 'login', step: 'login', actor: 'citizen', region: 'north', worker: 'w1',
  cohort: 'kept', phase: 'p', intendedAt: T, invokedAt: T, completedAt: T + 100, outcome: 'ok', system: 'portal', ...more,
})}\n`
const push = (op: string, outcome: OperationLine['outcome'], partner = 'justice') =>
  line({ op, kind: 'sync.dossier', outcome, system: `partner-${partner}`, fields: { partner } })
const file = (worker: string) => join(directory, `${worker}.ndjson`)

describe('LiveHistory', () => {
  it('reads what is appended, whole lines only, also where a line is torn inside a letter', async () => {
    await history.poll()
    expect(history.lines).toBe(0)
    const bytes = Buffer.from(line({ fields: { applicantName: 'Người Thử Nguyễn' } }))
    const cut = bytes.indexOf(Buffer.from('ễ')) + 1
    await writeFile(file('w1'), Buffer.concat([Buffer.from(line({})), bytes.subarray(0, cut)]))
    await history.poll()
    expect(history.lines).toBe(1)
    await appendFile(file('w1'), bytes.subarray(cut))
    await writeFile(file('w2'), line({ worker: 'w2', outcome: 'info' }))
    await history.poll()
    expect(history.lines).toBe(3)
    expect(history.unreadable).toBe(0)
    expect(history.counts({ kinds: ['login'], since: 0 })).toEqual({ ok: 2, fail: 0, info: 1 })
  })

  it('counts by kind and by time of completion', async () => {
    await writeFile(file('w1'), [
      line({}), line({ outcome: 'fail' }), line({ kind: 'sms.send', outcome: 'info' }), line({ completedAt: T + 60_000 }), line({ completedAt: T + 61_000, outcome: 'fail' }),
    ].join(''))
    await history.poll()
    expect(history.counts({ kinds: ['login', 'sms.send'], since: T })).toEqual({ ok: 2, fail: 2, info: 1 })
    expect(history.counts({ kinds: ['login'], since: T + 60_000 })).toEqual({ ok: 1, fail: 1, info: 0 })
    expect(history.counts({ kinds: ['dossier.submit'], since: 0 })).toEqual({ ok: 0, fail: 0, info: 0 })
    expect(history.lastAcknowledgedAt()).toBe(T + 60_000)
  })

  it('tells of a span of time who was not told how it ended and who waited long, by when they began', async () => {
    await writeFile(file('w1'), [
      line({ invokedAt: T + 10_000, completedAt: T + 20_000, outcome: 'info' }), line({ invokedAt: T + 11_000, completedAt: T + 13_000 }), line({ invokedAt: T + 11_000, completedAt: T + 11_050 }),
      line({ invokedAt: T + 9_000, completedAt: T + 11_000, outcome: 'info' }), line({ invokedAt: T + 16_000, completedAt: T + 19_000, outcome: 'info' }),
    ].join(''))
    await history.poll()
    expect(history.touched({ from: T + 10_000, to: T + 15_000 })).toEqual({ unknown: 1, slow: 0 })
    expect(history.touched({ from: T + 10_000, to: T + 15_000, slowerThanMs: 1_000 })).toEqual({ unknown: 1, slow: 2 })
  })

  it('gives the nearest rank of the latencies, and null without samples', async () => {
    await writeFile(file('w1'), Array.from({ length: 100 }, (_, n) => line({ completedAt: T + n + 1 })).join(''))
    await history.poll()
    expect(history.latencyMs({ kinds: ['login'], since: T }, 0.95)).toEqual({ value: 95, samples: 100 })
    expect(history.latencyMs({ kinds: ['sms.send'], since: T }, 0.95)).toBeNull()
  })

  it('keeps each partner\'s acknowledged and unknown pushes, an operation once', async () => {
    await writeFile(file('w1'), [push('a', 'ok'), push('a', 'ok'), push('b', 'info'), push('c', 'info'), push('c', 'ok'), push('d', 'fail'), push('e', 'ok', 'ha-noi'), push('a', 'info')].join(''))
    await history.poll()
    expect(history.pushesOf('justice')).toEqual({ acknowledged: 2, unknown: new Set(['b']) })
    expect(history.pushesOf('ha-noi').acknowledged).toBe(1)
    expect(history.pushesOf('evn').acknowledged).toBe(0)
  })

  it('counts lines that are no operation, and leaves the trailer alone', async () => {
    await writeFile(file('w1'), `not json\n{"op":1}\n${line({})}{"trailer":{"rows":3,"sha256":"","endedAt":1}}\n`)
    await history.poll()
    expect(history).toMatchObject({ lines: 1, unreadable: 2 })
  })

  it('tells of every operation that it reads', async () => {
    const told: string[] = []
    const following = new LiveHistory([file('w1'), file('w2')], (operation) => { told.push(operation.op) })
    await writeFile(file('w1'), `${line({ op: 'a' })}not json\n{"trailer":{}}\n`)
    await writeFile(file('w2'), line({ op: 'b' }))
    await following.poll()
    await following.close()
    expect(told).toEqual(['a', 'b'])
  })

  it('follows a growing file by itself', async () => {
    history.follow(5)
    await writeFile(file('w1'), line({}))
    await expect.poll(() => history.lines).toBe(1)
    await appendFile(file('w1'), line({}).repeat(50))
    await expect.poll(() => history.lines).toBe(51)
  })
})
