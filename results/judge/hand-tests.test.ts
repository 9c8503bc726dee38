/** Dossiers that people tested by hand: found where they are due, or named by class, system and line; never a surprise, and no figure of the load changes. */
import { writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../contracts/operation.ts'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

type Test = { code: string; outcome?: Outcome; system?: 'portal' | 'legacy'; partner?: string; step?: string }

function withTests(run: RunBuilder, tests: readonly Test[], tamper: (text: string) => string = (text) => text): (directory: string) => void {
  const at = run.at('21:00') - 86_400_000
  const lines = tests.map(({ code, outcome = 'ok', system = 'portal', partner = 'ha-noi', step = 'submit' }, iteration) => `${JSON.stringify({
    v: 1, op: `hand-tests.${iteration}.${step}.0123456789`, attempt: 1, trace: `hand-tests.${iteration}`, kind: 'dossier.submit', flow: 'submit', step, actor: 'tester', region: 'north', worker: 'hand-tests', cohort: 'hand', phase: 'hand-tests',
    intendedAt: at, invokedAt: at, completedAt: at, outcome, system, dossierCode: code, fields: { partner, role: 'cán bộ', place: `x!${iteration + 2}` },
  })}\n`)
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  run.plan.handTests = { rows: lines.length, sha256: hash(lines.join('')) }
  const written = tamper(lines.join(''))
  return (directory) => writeFileSync(join(directory, 'history', 'hand-tests.ndjson'), `${written}${JSON.stringify({ trailer: { rows: lines.length, sha256: hash(written), endedAt: at } })}\n`)
}

const CODE = 'H01-260409-000042'
/** As the systems hold it since the day before: without an operation of this plan. */
function held(run: RunBuilder, systems: readonly string[], code = CODE): void {
  for (const system of systems) run.record(system, `dossier/${code}`, undefined, 'received', { unitCode: 'H01' }, run.at('21:00') - 86_000_000)
}
const EVERYWHERE = ['portal', 'coordination', 'partner-ha-noi']

describe('a dossier tested by hand', () => {
  it('that is everywhere is accounted for, and changes nothing else of the verdict', async () => {
    const plain = await judged(smallRun())
    const run = smallRun()
    held(run, EVERYWHERE)
    const judgement = await judged(run, withTests(run, [{ code: CODE }]))
    expect(notPassed(judgement)).toEqual([])
    expect(criterionOf(judgement, 'hand-tests.accounted')).toEqual({ status: 'pass', observed: '1 dossiers: 1 found everywhere' })
    expect(judgement.verdict.figures).toEqual(plain.verdict.figures)
    expect(judgement.verdict.coverage).toEqual(plain.verdict.coverage)
  })

  it.each<[string, Test, (run: RunBuilder) => void, string, string, RegExp]>([
    ['that the portal lost', { code: CODE }, (run) => held(run, ['coordination']), 'fail', 'lost portal', /lost H01-260409-000042 \(portal\)/],
    ['that never came to the coordination system', { code: CODE }, (run) => held(run, ['portal', 'partner-ha-noi']), 'fail', 'lost coordination', /lost .*\(coordination\)/],
    ['that its partner does not have', { code: CODE }, (run) => held(run, ['portal', 'coordination']), 'fail', 'lost partner-ha-noi', /lost .*\(partner-ha-noi\)/],
    ['that lies on the old portal', { code: CODE }, (run) => held(run, ['legacy']), 'fail', 'misrouted legacy', /misrouted .*\(legacy\)/],
    ['that another partner has too', { code: CODE }, (run) => held(run, [...EVERYWHERE, 'partner-justice']), 'fail', 'split partner-justice', /split .*\(partner-justice\)/],
    ['that was refused and is there', { code: CODE, outcome: 'fail' }, (run) => held(run, ['portal']), 'fail', 'ghost portal', /ghost .*\(portal\)/],
  ])('%s is named', async (_, test, plant, status, finding, observed) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run, withTests(run, [test]))
    expect(criterionOf(judgement, 'hand-tests.accounted')).toMatchObject({ status, observed: expect.stringMatching(observed) })
    // What lies on the old portal alone is missing from the migration too.
    const own = judgement.findings.filter(({ id }) => id.startsWith('hand-tests:'))
    expect(own.map(({ class: name, system }) => `${name} ${system}`)).toEqual([finding])
    expect(own[0]).toMatchObject({ id: `hand-tests:${finding.replace(' ', ':')}`, count: 1, examples: [{ dossierCode: test.code, evidence: [{ file: 'history/hand-tests.ndjson', lines: [1] }] }] })
    expect(judgement.verdict.verdict).toBe('fail')
    expect(criterionOf(judgement, 'class.unexpected')).toEqual({ status: 'pass', observed: '0' })
  })

  it.each<[string, Test, (run: RunBuilder) => void, RegExp]>([
    ['of which nobody knows and that is there', { code: CODE, outcome: 'info' }, (run) => held(run, EVERYWHERE), /recovered/],
    ['of which nobody knows and that is nowhere', { code: CODE, outcome: 'info' }, () => {}, /unresolved/],
    ['that was refused and is nowhere', { code: CODE, outcome: 'fail' }, () => {}, /1 found everywhere/],
  ])('%s is no fault', async (_, test, plant, observed) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run, withTests(run, [test]))
    expect(criterionOf(judgement, 'hand-tests.accounted')).toMatchObject({ status: 'pass', observed: expect.stringMatching(observed) })
    expect(judgement.findings).toEqual([])
  })

  it('of the old portal is due on the new one under its new code', async () => {
    const plan = (copied: boolean) => {
      const run = smallRun()
      run.legacyDossier(7)
      const old = run.rows('legacy').at(-1)!.key.slice('dossier/'.length)
      if (!copied) run.evidence.get('portal')!.rows = run.rows('portal').filter(({ fields }) => fields['legacyCode'] !== old)
      return { run, tamper: withTests(run, [{ code: old, system: 'legacy' }]) }
    }
    const there = plan(true)
    expect(criterionOf(await judged(there.run, there.tamper), 'hand-tests.accounted').status).toBe('pass')
    const gone = plan(false)
    expect(criterionOf(await judged(gone.run, gone.tamper), 'hand-tests.accounted')).toMatchObject({ status: 'fail', observed: expect.stringMatching(/lost .*\(portal\)/) })
  })

  it('in a system that nobody reads is unverified', async () => {
    const run = smallRun()
    held(run, ['portal', 'partner-ha-noi'])
    const write = withTests(run, [{ code: CODE }])
    const { admin: _, ...system } = run.plan.target.systems.find(({ id }) => id === 'coordination')!
    run.plan.target.systems = run.plan.target.systems.map((one) => one.id === 'coordination' ? system : one)
    run.evidence.delete('coordination')
    run.evidence.delete('coordination.baseline')
    expect(criterionOf(await judged(run, write), 'hand-tests.accounted')).toMatchObject({ status: 'inconclusive', observed: expect.stringMatching(/unverified .*\(coordination\)/) })
  })
})

describe('tests that are not those of the plan', () => {
  it('make the run inconclusive, also where they fit their own trailer', async () => {
    const run = smallRun()
    held(run, EVERYWHERE)
    const judgement = await judged(run, withTests(run, [{ code: CODE }], (text) => text.replace('cán bộ', 'cán bô')))
    expect(criterionOf(judgement, 'valid.hand-tests')).toEqual({ status: 'inconclusive', observed: 'the file is another' })
  })
  it('and where they are gone', async () => {
    const run = smallRun()
    withTests(run, [{ code: CODE }])
    const judgement = await judged(run)
    expect(criterionOf(judgement, 'valid.hand-tests').status).toBe('inconclusive')
    expect(criterionOf(judgement, 'hand-tests.accounted').status).toBe('inconclusive')
    expect(judgement.verdict.verdict).toBe('inconclusive')
  })
  it('a history of that name which no plan declares is nobody\'s', async () => {
    const run = smallRun()
    const write = withTests(run, [{ code: CODE }])
    delete run.plan.handTests
    expect(criterionOf(await judged(run, write), 'valid.history-complete').observed).toMatch(/no worker hand-tests/)
  })
})
