/** The generator's certificate: each part of it holds on a clean run and breaks where the generator was the limit. */
import { describe, expect, it } from 'vitest'
import { smallRun } from '../clean-run.ts'
import { criterionOf, judged } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'

async function look(id: string, prepare: (run: RunBuilder) => void = () => {}, judgeHeadroom = true) {
  const run = smallRun({ limits: { judgeHeadroom } })
  prepare(run)
  return criterionOf(await judged(run), `valid.${id}`)
}
const samplesOf = (run: RunBuilder, process: string) => run.rows('processes').filter((row) => row.fields['process'] === process)

describe('virtual users', () => {
  const long = (run: RunBuilder) => {
    const lines = run.history.get('w1')!.filter((line) => line.op.startsWith('citizens-new.'))
    const last = Math.max(...lines.map((line) => line.intendedAt))
    for (const line of lines) if (line.step === 'read') line.completedAt = last + 500
    run.plan.scenarios.find(({ name }) => name === 'citizens-new')!.maxVUs = 3
  }
  it('are enough, or all in use at once', async () => {
    expect(await look('vu-head-room')).toMatchObject({ status: 'pass' })
    expect(await look('vu-head-room', long)).toMatchObject({ status: 'inconclusive', observed: 'all in use: citizens-new 3/3' })
    expect(await look('vu-head-room', (run) => { long(run); run.plan.scenarios.find(({ name }) => name === 'citizens-new')!.maxVUs = 4 })).toMatchObject({ status: 'pass', observed: expect.stringContaining('citizens-new 3/4') })
  })
  it('are told and not judged where the profile does not judge head-room', async () => {
    expect(await look('vu-head-room', long, false)).toEqual({ status: 'pass', observed: 'all in use: citizens-new 3/3; reported, not judged by this profile' })
  })
})

describe('the generator\'s CPU', () => {
  const full = (run: RunBuilder) => { for (const [n, row] of samplesOf(run, 'k6-w1').entries()) row.fields['cpuMs'] = n * 1_900 }
  it('has room, is full, or is not judged', async () => {
    expect(await look('generator-head-room')).toMatchObject({ status: 'pass' })
    expect(await look('generator-head-room', full)).toMatchObject({ status: 'inconclusive', observed: 'saturated: k6-w1; k6-w1 190 % of a core at most' })
    expect(await look('generator-head-room', full, false)).toMatchObject({ status: 'pass' })
  })
  it('is inconclusive where it was not measured', async () => {
    const none = (run: RunBuilder) => { run.evidence.get('processes')!.rows = run.rows('processes').filter((row) => row.fields['process'] !== 'k6-w1') }
    expect(await look('generator-head-room', none)).toMatchObject({ status: 'inconclusive', observed: 'not measured' })
    expect(await look('generator-head-room', none, false)).toMatchObject({ status: 'pass' })
  })
})

describe('the wall clock', () => {
  it('jumps ahead, back, or not at all', async () => {
    expect(await look('clock-jumps')).toEqual({ status: 'pass', observed: 'it never did' })
    for (const [ms, shown] of [[3_600_000, '+3600000'], [-2_000, '-2000']] as const) {
      const found = await look('clock-jumps', (run) => { for (const row of run.rows('processes')) if (Number(row.fields['monoMs']) > 5_000) row.fields['wallMs'] = Number(row.fields['monoMs']) + ms })
      expect(found).toEqual({ status: 'inconclusive', observed: `1 jumps: ${shown} ms after 5000 ms` })
    }
  })
  it('is slewed by a time server without a jump', async () => {
    expect((await look('clock-jumps', (run) => { for (const row of run.rows('processes')) if (row.fields['monoMs']) row.fields['wallMs'] = Math.round(Number(row.fields['monoMs']) * 1.0005) })).status).toBe('pass')
  })
  it('cannot be told without the other one', async () => {
    expect(await look('clock-jumps', (run) => { for (const row of run.rows('processes')) delete row.fields['monoMs'] })).toMatchObject({ status: 'inconclusive', observed: 'not measured' })
  })
})

describe('served counts', () => {
  it('cover what was asked, or do not', async () => {
    expect(await look('served')).toMatchObject({ status: 'pass' })
    expect(await look('served', (run) => { run.served['bank-vcb'] = 1; run.served['partner-justice'] = 3 })).toMatchObject({ status: 'inconclusive', observed: expect.stringMatching(/^bank-vcb says 1, the history 2, partner-justice says 3, the history \d+$/) })
  })
})

it('the machine as a whole counts as saturated only where all its cores are', async () => {
  const machine = (share: number) => (run: RunBuilder) => {
    for (let n = 1; n <= 10; n += 1) run.record('processes', `sample/machine/${n}`, undefined, undefined, { process: 'machine', cpuMs: n * 4_000 * share, wallMs: n * 1_000, monoMs: n * 1_000, eventLoopMsP99: null, rssBytes: 1, cores: 4 })
  }
  expect((await look('head-room', machine(0.5))).observed).toMatch(/^none saturated/)
  expect((await look('head-room', machine(0.99))).observed).toMatch(/^saturated: machine/)
})
