/** Criteria of a load on histories written by hand: each holds, is broken, and is inconclusive where it says nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { OperationLine } from '../../../contracts/operation.ts'
import { judge } from '../index.ts'
import { inDirectory } from '../judged.ts'
import { makeBaseline } from '../make-baseline.ts'
import type { RunBuilder } from '../run-builder.ts'
import { surgeRun } from '../surge-run.ts'

const baselines = mkdtempSync(join(tmpdir(), 'tongduyet-baselines-'))
afterAll(() => rmSync(baselines, { recursive: true, force: true }))

type Answer = Partial<OperationLine> & { latencyMs?: number; step?: string }
/** 40 s from 23:40 at time scale 140: the jump is from 20 s to 26 s, which is 00:26:40 to 00:40:40. */
const PHASES = [{ name: 'calm', from: '23:40', to: '00:26' }, { name: 'jump', from: '00:27', to: '00:40' }]

async function look(criteria: string[], of: (inJump: boolean, iteration: number) => Answer = () => ({}), prepare: (run: RunBuilder) => void = () => {}, limits: { minSamples?: number; judgeHeadroom?: boolean } = {}) {
  const run = surgeRun(of, { criteria, phases: PHASES, limits: { minSamples: 20, ...limits } })
  prepare(run)
  const { verdict } = await inDirectory(run, (directory) => judge(directory, { baselines }))
  return verdict.criteria.filter(({ id }) => id.startsWith('load.')).map(({ id, status, observed }) => ({ id, status, observed }))
}
const statuses = async (...args: Parameters<typeof look>) => (await look(...args)).map(({ status }) => status)

describe('criteria of a load', () => {
  it('hold over the run, a phase and every window, and say what was measured', async () => {
    const found = await look(['p95(find-service) < 800ms', 'max(find-service)<=21ms in jump', 'errorRate(all) < 1% for 5s', 'count(find-service) >= 470', 'rate(find-service@citizen) >= 40/s in jump', 'lateness(all) < 100ms', 'mean(find-service.find) < 22ms min 470'])
    expect(found.map(({ status }) => status)).toEqual(Array(7).fill('pass'))
    expect(found.slice(0, 5)).toMatchObject([
      { id: 'load.p95(find-service) < 800ms', observed: '21 ms over 470 operations' },
      { id: 'load.max(find-service)<=21ms in jump', observed: expect.stringMatching(/^21 ms over \d+ operations$/) },
      { id: 'load.errorRate(all) < 1% for 5s', observed: expect.stringMatching(/^0\.00 % at worst, over \d+ operations from 2\d:\d\d:\d\d; broken in 0 of \d+ windows$/) },
      { observed: '470 over 470 operations' }, { observed: expect.stringMatching(/^[45]\d\.\d a second over \d+ operations$/) },
    ])
  })

  it('are broken where the measure is, in the phase that they speak of only', async () => {
    const failing = (inJump: boolean, iteration: number): Answer => (inJump && iteration % 10 === 0 ? { outcome: 'info', error: 'HTTP 500', http: { status: 500, remote: 'x' } } : {})
    expect(await statuses(['errorRate(all) < 5% in jump', 'errorRate(all) < 5% in calm', 'errorRate(all) < 5% for 5s', 'errorRate(all) < 10%', 'count(find-service) >= 470', 'count(find-service) >= 440'], failing)).toEqual(['fail', 'pass', 'fail', 'pass', 'fail', 'pass'])
  })

  it('count a latency from the intended start', async () => {
    const held = (run: RunBuilder) => { for (const line of run.history.get('w1')!.slice(100, 140)) { line.invokedAt += 450; line.completedAt += 450 } }
    expect(await statuses(['p95(find-service) < 400ms', 'p95(find-service) < 500ms', 'p95(find-service) < 400ms for 5s'], () => ({}), held)).toEqual(['fail', 'pass', 'fail'])
  })

  it('compare windows by the exact quantile: the worst is named', async () => {
    const slow = (inJump: boolean, iteration: number): Answer => ({ latencyMs: inJump && iteration % 10 === 0 ? 900 : 20 })
    const [found] = await look(['p95(find-service) < 800ms for 5s'], slow)
    expect(found!.status).toBe('fail')
    expect(found!.observed).toMatch(/^901 ms at worst, over \d+ operations from \d\d:\d\d:\d\d; broken in \d+ of \d+ windows$/)
    expect(await statuses(['p90(find-service) < 800ms for 5s'], (inJump, iteration) => ({ latencyMs: inJump && iteration % 11 === 0 ? 900 : 20 }))).toEqual(['pass'])
  })

  it('let a start be rough that settles within its time', async () => {
    const rough = (_: boolean, iteration: number): Answer => (iteration < 40 ? { outcome: 'fail', error: 'HTTP 500', http: { status: 500, remote: 'x' } } : {})
    expect(await statuses(['errorRate(all) < 1% within 20s', 'errorRate(all) < 1% within 5s', 'count(find-service) >= 50 within 15s', 'count(find-service) >= 5 within 10s'], rough, () => {}, { minSamples: 5 })).toEqual(['pass', 'fail', 'fail', 'pass'])
  })

  it('say nothing where nothing is measured', async () => {
    const found = await look(['p95(feedback) < 1s', 'p95(login) < 1s', 'p95(find-service) < 1s min 500', 'p95(find-service) < 1s for 2s', 'p95(find-service) < 1s in night', 'p95(find-service) < 1s for 2h', 'p95(find-service) < 1.2x baseline', 'p96(find-service) < 1s'])
    expect(found.map(({ status }) => status)).toEqual(Array(8).fill('inconclusive'))
    expect(found.map(({ observed }) => observed)).toEqual([
      'the plan plays nothing that it names', 'no sample', '21 ms over 470 operations; at least 500 are needed', expect.stringMatching(/; \d+ have fewer than 20 samples$/),
      'the plan plays nothing that it names', 'no window fits into the time in which it is played', expect.stringContaining('make one of a run that passed'), expect.stringContaining('column 1: function "p96" is not known'),
    ])
  })

  it('say nothing about the system where the generator or a simulator was the limit', async () => {
    const slow = (): Answer => ({ latencyMs: 2_000 })
    const full = (run: RunBuilder) => { for (const [n, row] of run.rows('processes').filter((one) => one.fields['process'] === 'partners').entries()) row.fields['cpuMs'] = n * 990 }
    const criteria = ['p95(find-service) < 800ms', 'errorRate(all) < 1%', 'lateness(all) < 1ms']
    expect(await statuses(criteria, slow)).toEqual(['fail', 'pass', 'inconclusive'])
    expect(await look(criteria, slow, full)).toMatchObject([{ status: 'inconclusive', observed: expect.stringContaining('saturated meanwhile: partners') }, { status: 'pass' }, { status: 'inconclusive' }])
    expect(await look(criteria, slow, full, { judgeHeadroom: false })).toMatchObject([{ status: 'pass', observed: expect.stringContaining('reported, not judged by this profile') }, { status: 'pass' }, { status: 'inconclusive' }])
  })

  it('blame nobody for what the generator never began, or for a history that is cut', async () => {
    const short = (run: RunBuilder) => { run.plan.scenarios.find(({ name }) => name === 'citizens-new')!.count += 100 }
    expect(await look(['count(find-service) >= 500', 'count(find-service) >= 600'], () => ({}), short)).toMatchObject([
      { status: 'inconclusive', observed: '470 over 470 operations; the load generator never began 100 planned iterations' }, { status: 'fail' }])
    const unknown = (_: boolean, iteration: number): Answer => (iteration % 10 === 0 ? { outcome: 'fail', error: 'DOSSIER_UNKNOWN: not here', http: { status: 404, remote: 'x' } } : {})
    expect(await look(['errorRate(all) < 1%'], unknown, short)).toMatchObject([{ status: 'inconclusive', observed: expect.stringContaining('refusals speak of dossiers that the load generator brought late or never') }])
    expect(await statuses(['errorRate(all) < 1%'], unknown)).toEqual(['fail'])
    const failing = (inJump: boolean, iteration: number): Answer => (iteration % 10 === 1 ? { outcome: 'info', error: 'HTTP 500', http: { status: 500, remote: 'x' } } : unknown(inJump, iteration))
    expect(await statuses(['errorRate(all) < 1%'], failing, short)).toEqual(['fail'])
    const gone = (run: RunBuilder) => { run.plan.workers.push('w2') }
    expect(await look(['errorRate(all) < 1%'], () => ({}), gone)).toMatchObject([{ status: 'inconclusive', observed: 'the history is not whole' }])
  })

  it('are broken where they ended the load while it ran', async () => {
    const text = 'errorRate(all) < 1% for 5s stop'
    const stopped = (run: RunBuilder) => { run.journal.push({ at: run.beganAt + 90_000, kind: 'watch', id: 'load', event: 'breach', condition: text, observed: 0.02 }) }
    expect(await look([text], () => ({}), stopped)).toMatchObject([{ status: 'fail', observed: expect.stringContaining('it ended the load') }])
    // Also a latency where the profile does not judge head-room: who says stop wants it judged.
    const latency = 'p95(find-service) < 100ms for 5s stop'
    const ended = (run: RunBuilder) => { run.journal.push({ at: run.beganAt + 90_000, kind: 'watch', id: 'load', event: 'breach', condition: latency, observed: 900 }) }
    const slow = (inJump: boolean): Answer => ({ latencyMs: inJump ? 900 : 20 })
    expect(await look([latency], slow, ended, { judgeHeadroom: false })).toMatchObject([{ status: 'fail' }])
    expect(await look([latency], slow, () => {}, { judgeHeadroom: false })).toMatchObject([{ status: 'pass', observed: expect.stringContaining('reported, not judged') }])
  })

  it('compare with a baseline that was made of a run that passed', async () => {
    const criteria = ['p95(find-service) < 1.2x baseline', 'errorRate(all) < 2x baseline in jump']
    await inDirectory(surgeRun((inJump, iteration) => ({ latencyMs: 99, ...(inJump && iteration % 20 === 0 && { outcome: 'fail' as const }) }), { criteria, phases: PHASES }), async (directory) => {
      await judge(directory, { baselines })
      const outcome = (word: string) => writeFileSync(join(directory, 'outcome.json'), JSON.stringify({ v: 1, runId: 'sample-run', outcome: word, verdict: word, selfcheck: 'pass', faults: [], validity: [] }))
      outcome('fail')
      await expect(makeBaseline(directory, baselines)).rejects.toThrow('its outcome is fail')
      outcome('pass')
      expect(JSON.parse(readFileSync(await makeBaseline(directory, baselines), 'utf8'))).toMatchObject({ v: 1, profile: 'sample', values: { 'p95(find-service)': 100, 'errorRate(all) in jump': expect.any(Number) } })
    })
    expect(await look(criteria, () => ({ latencyMs: 109 }))).toMatchObject([{ status: 'pass', observed: '110 ms over 470 operations; the limit is 120 ms' }, { status: 'pass' }])
    expect(await look(criteria, (inJump, iteration) => ({ latencyMs: 130, ...(inJump && iteration % 5 === 0 && { outcome: 'fail' as const }) }))).toMatchObject([{ status: 'fail' }, { status: 'fail' }])
    writeFileSync(join(baselines, 'sample.json'), '{}')
    const { verdict } = await inDirectory(surgeRun(() => ({}), { criteria }), (directory) => judge(directory, { baselines }))
    expect(verdict.criteria.find(({ id }) => id === 'load')).toMatchObject({ status: 'inconclusive' })
  })
})
