import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOAD_GROUPS } from './measures/load-timeline.ts'
import { buildModel, type ReportModel } from './report-model.ts'
import { writeSampleRun, type SampleKind } from './sample/sample-run.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-model-'))
const models = {} as Record<SampleKind, ReportModel>
beforeAll(async () => {
  for (const kind of ['clean', 'findings', 'interrupted'] as const) models[kind] = await buildModel(writeSampleRun(join(directory, kind), { kind }))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('state: the outcome, or that it was stopped', () => {
  expect(models.clean.state).toBe('pass')
  expect(models.findings.state).toBe('fail')
  expect(models.interrupted.state).toBe('interrupted')
})

describe('load over time', () => {
  test('every operation is in one bucket', () => {
    const load = models.findings.load!
    const total = LOAD_GROUPS.reduce((sum, group) => sum + load.groups[group].reduce((a, b) => a + b, 0), 0)
    expect(total).toBe(models.findings.verdict!.coverage.operations)
    expect(load.operations).toBe(total)
  })
  test('refusals are errors, and a clean night has none', () => {
    const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0)
    expect(sum(models.findings.load!.fail)).toBe(models.findings.findings[1]!.count)
    expect(sum(models.clean.load!.fail)).toBe(0)
  })
  test('an interrupted night stops there; its torn line is counted as a gap', () => {
    const load = models.interrupted.load!
    const last = load.middles.findLast((_, bucket) => LOAD_GROUPS.some((group) => load.groups[group][bucket]! > 0))!
    expect(last).toBeLessThan(Date.parse('2026-04-11T01:20:00+07:00'))
    expect(models.interrupted.gaps.at(-1)).toEqual({ file: 'history/', kind: 'torn', detail: '1' })
  })
})

test('answer times are those that occurred', () => {
  const login = models.clean.latency.find((row) => row.flow === 'login')!
  expect(login.operations).toBe(680)
  expect(login.p50Ms).toBeLessThan(login.p95Ms)
  expect(login.p95Ms).toBeLessThanOrEqual(login.maxMs)
  expect(Number.isInteger(login.p95Ms)).toBe(true)
})

describe('DNS convergence', () => {
  test('a clean night converges everywhere, in the order of the resolvers', () => {
    const { regions } = models.clean.dns!
    expect(regions.map((region) => region.converged)).toEqual([true, true, true])
    expect(regions.map((region) => region.oldPortalAfterSwitch)).toEqual([0, 0, 0])
    expect(regions[0]!.firstNewAt).toBeLessThan(regions[2]!.firstNewAt!)
    expect(regions[2]!.curve.at(0)!.share).toBe(0)
    expect(regions[2]!.curve.at(-1)!.share).toBe(1)
  })
  test('an uneven one names the region that stays, and what the old portal still served', () => {
    const { regions } = models.findings.dns!
    expect(regions.map((region) => region.converged)).toEqual([true, true, false])
    expect(regions[2]!.firstNewAt).toBeNull()
    expect(regions[2]!.oldPortalAfterSwitch).toBeGreaterThan(0)
    expect(regions[0]!.oldPortalAfterSwitch).toBe(0)
  })
})

describe('partners', () => {
  test('unfinished first, with what is missing', () => {
    expect(models.findings.partners.slice(0, 3).map((row) => `${row.id} ${row.state}`)).toEqual(['justice unfinished', 'ha-noi unfinished', 'agriculture-environment complete'])
    expect(models.findings.partners).toHaveLength(50)
  })
  test('without a verdict nobody has synced anything that we know of', () => {
    expect(new Set(models.interrupted.partners.map((row) => `${row.synced} ${row.finishedAt} ${row.state}`))).toEqual(new Set(['null null unknown']))
  })
})

describe('the runbook', () => {
  test('every entry of the plan has a bar, in order', () => {
    expect(models.clean.bars.map((bar) => bar.id)).toEqual(models.clean.plan!.runbook.steps.map((entry) => ('gate' in entry ? entry.gate : entry.id)))
    expect(models.clean.bars.map((bar) => bar.outcome).filter((outcome) => outcome !== 'done')).toEqual(['go'])
  })
  test('what did not reach its criteria, was cut short, undone or never reached, is said', () => {
    expect(models.findings.bars.filter((bar) => bar.outcome !== 'done').map((bar) => `${bar.id} ${bar.outcome}`)).toEqual(['watch-dns not-done', 'go-no-go no-go'])
    expect(models.interrupted.bars.filter((bar) => bar.outcome !== 'done').map((bar) => `${bar.id} ${bar.outcome}`)).toEqual(['connect-wave-2 running', 'connect-wave-3 not-reached', 'go-no-go not-reached', 'close not-reached'])
    expect(models.interrupted.bars.filter((bar) => bar.undone).map((bar) => bar.id)).toEqual(['lower-ttl'])
  })
})

test('simulated parts are counted, approvals without a person too', () => {
  const { simulated } = models.clean
  expect(simulated.partners).toEqual({ real: 0, simulated: 50, absent: 0 })
  expect(simulated.approvals.map((approval) => `${approval.gate} ${approval.approval} ${approval.decision}`)).toEqual(['go-no-go simulated go'])
  expect(simulated.systems.filter((system) => system.mode === 'simulated').map((system) => system.id)).toEqual(['vneid', 'bank-vcb', 'bank-bidv', 'sms'])
})
