/** The kinds of staff, of citizens who come again, of own services and feedback: each class fires on a history written by hand, and on a clean one none does. */
import { beforeAll, describe, expect, it } from 'vitest'
import { act, countryRun, submittedDossier } from './country-run.ts'
import { criterionOf, inDirectory, judged, notPassed } from './judged.ts'
import type { Judgement } from './index.ts'
import type { RunBuilder } from './run-builder.ts'
import { selfcheck } from '../selfcheck/index.ts'

let clean: Judgement
beforeAll(async () => { clean = await judged(countryRun()) })

/** By kind: the step that plays it, its home, a copy, and the record's type there. */
const KINDS = [
  ['dossier.apply', 'apply', 'partner-justice', 'dossier', 'coordination', 'dossier'],
  ['dossier.receive', 'receive', 'coordination', 'event', 'portal', 'event'],
  ['supplement.ask', 'supplement-ask', 'coordination', 'event', 'partner-ha-noi', 'event'],
  ['supplement.answer', 'supplement-answer', 'portal', 'event', 'coordination', 'event'],
  ['dossier.withdraw', 'withdraw', 'portal', 'event', 'partner-justice', 'event'],
  ['payment.counter', 'pay-counter', 'payments', 'counter', 'portal', 'paid'],
  ['payment.refund', 'refund', 'payments', 'refund', 'bank-vcb', 'credit'],
  ['feedback.send', 'feedback-send', 'portal', 'feedback', 'feedback', 'feedback'],
  ['feedback.answer', 'feedback-answer', 'feedback', 'feedback-answer', 'portal', 'feedback-answer'],
] as const

const lineOf = (run: RunBuilder, step: string) => run.history.get('w1')!.find((line) => line.step === step)!
const countOf = (judgement: Judgement, name: string) => judgement.verdict.figures.find(({ id }) => id === `class.${name}`)?.value ?? 0

describe('a country\'s day without any fault', () => {
  it('passes, and every write is confirmed', () => {
    expect(notPassed(clean)).toEqual([])
    expect(criterionOf(clean, 'class.confirmed').observed).toBe('72 of 72 writing operations')
    expect(clean.findings).toEqual([])
  })

  it('proves its own checker by canaries', async () => {
    const file = await inDirectory(countryRun(), selfcheck)
    expect(file).toMatchObject({ status: 'pass', surplus: 0 })
    expect(file.canaries.length).toBeGreaterThanOrEqual(8)
  })
})

/** The same planted in every kind at once, each on an operation of its own. In: what to do to a run. Out: the systems named for the class, sorted. */
async function named(name: string, plant: (run: RunBuilder, kind: (typeof KINDS)[number], op: string) => void): Promise<string[]> {
  const judgement = await judged(countryRun({}, (run) => { for (const kind of KINDS) plant(run, kind, lineOf(run, kind[1]).op) }))
  expect(countOf(judgement, name)).toBe(KINDS.length)
  return judgement.findings.filter((finding) => finding.class === name).flatMap((finding) => Array<string>(finding.count).fill(finding.system)).toSorted()
}
const homes = KINDS.map(([, , home]) => home as string).toSorted()

describe('every kind', () => {
  it('is lost where its home has nothing', async () => {
    expect(await named('lost', (run, [, , home, type], op) => run.drop(home, op, type))).toEqual(homes)
  })
  it('is lost in the copy that is missing', async () => {
    expect(await named('lost', (run, [, , , , copy, type], op) => run.drop(copy, op, type))).toEqual(KINDS.map(([, , , , copy]) => copy as string).toSorted())
  })
  it('is a duplicate where its home has it twice', async () => {
    expect(await named('duplicate', (run, [, , home, type], op) => {
      const row = run.rows(home).find((candidate) => candidate.op === op && candidate.key.startsWith(`${type}/`))!
      run.rows(home).push({ ...row, key: `${row.key}-again` })
    })).toEqual(homes)
  })
  it('is a ghost where the user was told no', async () => {
    expect(await named('ghost', (run, [, step]) => { Object.assign(lineOf(run, step), { outcome: 'fail', error: 'REFUSED' }) })).toEqual(homes)
  })
})

describe('staff events', () => {
  it('that lie with another partner are split', async () => {
    const judgement = await judged(countryRun({}, (run) => {
      const { op } = lineOf(run, 'receive')
      const row = run.rows('portal').find((candidate) => candidate.key === `event/${op}`)!
      run.rows('partner-tay-ninh').push({ ...row })
    }))
    expect(countOf(judgement, 'split')).toBe(1)
  })

  it('make a dossier stale where a system shows less than was acknowledged, and late inside the bound', async () => {
    const staled = (run: RunBuilder) => { run.rows('portal').find((row) => row.key === `dossier/${submittedDossier(run, 0).code}`)!.status = 'received' }
    const judgement = await judged(countryRun({}, staled))
    expect(countOf(judgement, 'stale')).toBe(1)
    expect(judgement.findings.find((finding) => finding.class === 'stale')!.system).toBe('portal')
    const early = await judged(countryRun({}, (run) => {
      staled(run)
      const line = run.history.get('w1')!.find((candidate) => candidate.step === 'return')!
      run.evidence.get('portal')!.beganAt = line.completedAt + 100
      for (const other of run.history.get('w1')!) other.completedAt = Math.min(other.completedAt, line.completedAt + 50)
    }))
    expect([countOf(early, 'stale'), countOf(early, 'late')]).toEqual([0, 1])
  })

  it('in a forbidden order are named where they were acknowledged, not where they were told late', async () => {
    const swapped = (system: string) => countryRun({}, (run) => {
      const [asked, received] = ['supplement-ask', 'receive'].map((step) => run.history.get('w1')!.find((line) => line.step === step && line.op.startsWith('officers.1.'))!.op)
      const row = (op: string) => run.rows(system).find((candidate) => candidate.key === `event/${op}`)!
      const [a, b] = [row(asked!), row(received!)]
      ;[a.sourceAt, b.sourceAt] = [b.sourceAt!, a.sourceAt!]
    })
    const judgement = await judged(swapped('coordination'))
    expect(countOf(judgement, 'illegal-transition')).toBe(1)
    expect(judgement.findings.find((finding) => finding.class === 'illegal-transition')!.system).toBe('coordination')
    expect(countOf(await judged(swapped('portal')), 'illegal-transition')).toBe(0)
  })

  it('regress where the citizen reads an older status in a later journey', async () => {
    const judgement = await judged(countryRun({}, (run) => {
      const dossierCode = submittedDossier(run, 0).code
      run.history.get('w1')!.find((line) => line.step === 'read' && line.dossierCode === dossierCode)!.observed = 'done'
      run.history.get('w1')!.find((line) => line.step === 'read-later' && line.dossierCode === dossierCode)!.observed = 'received'
    }))
    expect(countOf(judgement, 'regressed')).toBe(1)
  })

  it('of an operation that was never logged are cut off, those of another seed are unexpected', async () => {
    const judgement = await judged(countryRun({}, (run) => {
      const line = act(run, 1, 'return')
      run.history.get('w1')!.splice(run.history.get('w1')!.indexOf(line), 1)
      run.record('feedback', 'feedback/PA-260410-99', 'feedback.0.feedback-send.0123456789', 'sent', {})
      run.record('coordination', 'event/x', 'officers.0.receive.0123456789', 'received', {})
    }))
    expect(judgement.findings.filter((finding) => finding.class === 'unexpected').map((finding) => finding.system).toSorted()).toEqual(['coordination', 'feedback'])
    expect(judgement.verdict.figures.find(({ id }) => id === 'cut-off')!.value).toBe(1)
  })

  it('an own service\'s dossier with another ministry is split', async () => {
    const judgement = await judged(countryRun({}, (run) => {
      const row = run.rows('partner-justice').find((candidate) => candidate.op === lineOf(run, 'apply').op)!
      run.rows('partner-ha-noi').push({ ...row })
    }))
    expect(countOf(judgement, 'split')).toBe(1)
  })
})

describe('money', () => {
  it.each([
    ['a counter payment that the portal has not heard of', 'figures.money', (run: RunBuilder) => run.drop('portal', lineOf(run, 'pay-counter').op, 'paid')],
    ['a receipt that the portal has not', 'figures.receipts', (run: RunBuilder) => run.drop('portal', lineOf(run, 'pay-counter').op, 'receipt')],
    ['a refund without credit', 'figures.refunds', (run: RunBuilder) => run.drop('bank-vcb', lineOf(run, 'refund').op, 'credit')],
    ['a refund of another amount on the portal', 'figures.refunds', (run: RunBuilder) => { run.rows('portal').find((row) => row.key.startsWith('refund/'))!.fields['amountVnd'] = 1 }],
  ])('%s breaks %s', async (_name, id, prepare) => { expect(criterionOf(await judged(countryRun({}, prepare)), id).status).toBe('fail') })

  it('is not told where a system was not read', async () => {
    const run = countryRun()
    run.evidence.delete('payments')
    const judgement = await judged(run)
    for (const id of ['figures.money', 'figures.receipts', 'figures.refunds']) expect(criterionOf(judgement, id).status).toBe('inconclusive')
  })
})
