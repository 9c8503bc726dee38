/** Dossiers that people tested by hand: found where they are due, or named by class, system and line; never a surprise, and no figure of the load changes. */
import { writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../contracts/operation.ts'
import { inVietnamese } from '../report/phrasebook.ts'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

type Test = { code: string; outcome?: Outcome; system?: 'portal' | 'legacy'; partner?: string; step?: string; observed?: string; amountVnd?: number; minutesLater?: number }

function withTests(run: RunBuilder, tests: readonly Test[], tamper: (text: string) => string = (text) => text): (directory: string) => void {
  const at = run.at('21:00') - 86_400_000
  const lines = tests.map(({ code, outcome = 'ok', system = 'portal', partner = 'ha-noi', step = 'submit', observed, amountVnd, minutesLater = 0 }, iteration) => `${JSON.stringify({
    v: 1, op: `hand-tests.${iteration}.${step}.0123456789`, attempt: 1, trace: `hand-tests.${iteration}`, kind: 'dossier.submit', flow: 'submit', step, actor: 'tester', region: 'north', worker: 'hand-tests', cohort: 'hand', phase: 'hand-tests',
    intendedAt: at, invokedAt: at, completedAt: at + minutesLater * 60_000, outcome, system, dossierCode: code, ...(observed !== undefined && { observed }), ...(amountVnd !== undefined && { amountVnd }), fields: { partner, role: 'cán bộ', place: `x!${iteration + 2}` },
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

describe('what testers saw of it', () => {
  /** The dossier with a status of its own in each system; others as `held`. */
  const shows = (statuses: Record<string, string | undefined>) => (run: RunBuilder) => {
    held(run, EVERYWHERE)
    for (const [system, status] of Object.entries(statuses)) {
      const row = run.rows(system).find(({ key }) => key === `dossier/${CODE}`)!
      if (status === undefined) delete row.status
      else row.status = status
    }
  }
  const all = (status: string) => Object.fromEntries(EVERYWHERE.map((system) => [system, status]))
  /** Paid before the run: it is in the first read too. */
  const paid = (run: RunBuilder, systems: readonly string[], amountVnd: number, key = 'paid/900001') => {
    for (const system of systems) for (const name of [system, `${system}.baseline`]) run.evidence.get(name)!.rows.push({ key, status: 'paid', fields: { transactionCode: '900001', dossierCode: CODE, amountVnd }, seenAt: run.at('21:00') - 80_000_000 })
  }
  const SUBMITTED: Test = { code: CODE, observed: 'newly-registered' }
  const PAID: Test = { code: CODE, step: 'pay', minutesLater: 5 }

  it.each<[string, Test[], (run: RunBuilder) => void, string[], RegExp]>([
    ['a status that one system shows no more', [SUBMITTED, { code: CODE, step: 'process', observed: 'in-process', minutesLater: 5 }], shows({ ...all('in-process'), coordination: 'received' }), ['stale coordination:status'], /stale H01-260409-000042 \(coordination\)/],
    ['a result that was returned, and the partner knows only that it is done', [{ code: CODE, step: 'return', observed: 'result-returned' }], shows({ ...all('result-returned'), 'partner-ha-noi': 'done' }), ['stale partner-ha-noi:status'], /stale .*\(partner-ha-noi\)/],
    ['a status that is gone', [{ code: CODE, step: 'receive', observed: 'received' }], shows({ ...all('received'), portal: undefined }), ['stale portal:status'], /stale .*\(portal\)/],
    ['another end', [{ code: CODE, step: 'finish', observed: 'done' }], shows({ ...all('done'), coordination: 'withdrawn' }), ['illegal-transition coordination:status'], /illegal-transition .*\(coordination\)/],
    ['a payment that nobody holds', [SUBMITTED, PAID], shows(all('received')), ['lost payments:payment', 'lost portal:payment'], /lost .*\(payments\)/],
    ['a payment that the portal does not know', [SUBMITTED, PAID], (run) => { shows(all('received'))(run); paid(run, ['payments'], 8_000) }, ['lost portal:payment'], /lost .*\(portal\)/],
    ['another sum', [SUBMITTED, { ...PAID, amountVnd: 80_000 }], (run) => { shows(all('received'))(run); paid(run, ['payments', 'portal'], 8_000) }, ['inconsistent payments:payment', 'inconsistent portal:payment'], /inconsistent .*\(payments\)/],
  ])('%s is named', async (_, tests, plant, named, observed) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run, withTests(run, tests))
    const own = judgement.findings.filter(({ id }) => id.startsWith('hand-tests:'))
    expect(own.map(({ id }) => id).toSorted()).toEqual(named.map((one) => `hand-tests:${one.replace(' ', ':')}`).toSorted())
    for (const { examples, count } of own) expect([count, examples[0]!.dossierCode, examples[0]!.evidence[0]!.lines]).toEqual([1, CODE, [tests.length]])
    expect(criterionOf(judgement, 'hand-tests.accounted')).toMatchObject({ status: 'fail', observed: expect.stringMatching(observed) })
    for (const { cause, measure, rerunCondition, power } of own) for (const sentence of [cause, measure, rerunCondition, power]) expect(inVietnamese(sentence), sentence).not.toBeNull()
  })

  it.each<[string, Test[], (run: RunBuilder) => void]>([
    ['the same status', [{ code: CODE, step: 'receive', observed: 'received' }], shows({})],
    ['one to which the process leads from there', [SUBMITTED, { code: CODE, step: 'receive', observed: 'received', minutesLater: 5 }], shows(all('result-returned'))],
    ['that of a later step of which nobody knows whether it was done', [{ code: CODE, step: 'finish', observed: 'done' }, { code: CODE, step: 'withdraw', outcome: 'info', minutesLater: 5 }], shows(all('withdrawn'))],
    ['a payment with its sum', [SUBMITTED, { ...PAID, amountVnd: 8_000 }], (run) => { shows({})(run); paid(run, ['payments', 'portal'], 8_000) }],
    ['a payment at the counter, whatever the sum', [SUBMITTED, PAID], (run) => { shows({})(run); paid(run, ['payments'], 8_000, 'counter/900001'); paid(run, ['portal'], 8_000) }],
    ['a payment that failed', [SUBMITTED, { ...PAID, outcome: 'info' }], shows({})],
    ['a step that was refused: the dossier may be there all the same', [{ code: CODE, step: 'receive', outcome: 'fail' }], shows({})],
  ])('%s is no fault', async (_, tests, plant) => {
    const run = smallRun()
    plant(run)
    const judgement = await judged(run, withTests(run, tests))
    expect(criterionOf(judgement, 'hand-tests.accounted')).toEqual({ status: 'pass', observed: '1 dossiers: 1 found everywhere' })
    expect(judgement.findings).toEqual([])
  })

  it('inside the bound is late, which is no fault; where a reader gives no status at all it is unverified', async () => {
    const early = smallRun()
    shows({ ...all('in-process'), coordination: 'received' })(early)
    const began = early.evidence.get('coordination')!.beganAt
    const write = withTests(early, [{ code: CODE, step: 'process', observed: 'in-process', minutesLater: (began - 1_000 - (early.at('21:00') - 86_400_000)) / 60_000 }])
    const late = criterionOf(await judged(early, write), 'hand-tests.accounted')
    expect([late.status, late.observed]).toEqual(['pass', expect.stringMatching(/late .*\(coordination\)/)])

    const blind = smallRun()
    shows({})(blind)
    const told = withTests(blind, [{ code: CODE, step: 'receive', observed: 'received' }])
    for (const row of blind.rows('partner-ha-noi')) if (row.key.startsWith('dossier/')) delete row.status
    expect(criterionOf(await judged(blind, told), 'hand-tests.accounted')).toMatchObject({ status: 'inconclusive', observed: expect.stringMatching(/unverified .*\(partner-ha-noi\)/) })
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
