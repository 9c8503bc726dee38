/** Transactions that cross systems, on histories written by hand: from the intended start to the last party's row. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countryRun } from './country-run.ts'
import { inDirectory, judged } from './judged.ts'
import { judge } from './index.ts'
import type { RunBuilder } from './run-builder.ts'
import type { Transaction, TransactionName } from './transactions.ts'

async function measured(name: TransactionName, prepare: (run: RunBuilder) => void = () => {}): Promise<Transaction> {
  const run = countryRun({}, prepare)
  return (await judged(run)).transactions.transactions.find((transaction) => transaction.name === name)!
}
const lineOf = (run: RunBuilder, step: string, iteration = 0) => run.history.get('w1')!.find((line) => line.step === step && line.op.split('.')[1] === String(iteration) && !line.op.startsWith('citizens-old'))!
const rowOf = (run: RunBuilder, system: string, op: string, type: string) => run.rows(system).find((row) => row.op === op && row.key.startsWith(`${type}/`))!

describe('submit-received', () => {
  it('ends with the row of the partner that handles it, from the intended start', async () => {
    const found = await measured('submit-received', (run) => {
      const line = lineOf(run, 'submit', 1)
      line.intendedAt -= 100
      rowOf(run, 'partner-ha-noi', line.op, 'dossier').sourceAt = line.intendedAt + 5_000
    })
    expect(found).toMatchObject({ count: 4, unfinished: 0, maxMs: 5_000, p99Ms: 5_000 })
    expect(found.cases).toHaveLength(4)
    expect(found.cases[0]).toMatchObject({ trace: 'citizens-new.1', dossierCode: 'H01-260410-900001', ms: 5_000, lastSystem: 'partner-ha-noi' })
    expect(found.cases[0]!.to - found.cases[0]!.from).toBe(5_000)
    expect(found.cases.map(({ ms }) => ms)).toEqual(found.cases.map(({ ms }) => ms).toSorted((a, b) => b - a))
  })

  it('has no end without the partner\'s row, or without coordination\'s', async () => {
    expect(await measured('submit-received', (run) => run.drop('partner-ha-noi', lineOf(run, 'submit', 1).op))).toMatchObject({ count: 3, unfinished: 1 })
    expect(await measured('submit-received', (run) => run.drop('coordination', lineOf(run, 'submit', 1).op))).toMatchObject({ count: 3, unfinished: 1 })
  })

  it('does not count what the user was told no', async () => {
    expect(await measured('submit-received', (run) => { lineOf(run, 'submit', 1).outcome = 'info' })).toMatchObject({ count: 3, unfinished: 0 })
  })
})

it('submit-sms ends when the delivery is known, and only where the gateway delivered', async () => {
  const late = await measured('submit-sms', (run) => { rowOf(run, 'notifications', lineOf(run, 'sms').op, 'sms').sourceAt = lineOf(run, 'submit').intendedAt + 7_000 })
  expect(late.cases[0]).toMatchObject({ trace: 'citizens-new.0', ms: 7_000, lastSystem: 'notifications' })
  const open = await measured('submit-sms', (run) => { rowOf(run, 'sms', lineOf(run, 'sms').op, 'sms').status = 'accepted' })
  expect(open.unfinished).toBe(late.unfinished + 1)
})

it('paid-receipt ends with the receipt on the portal', async () => {
  const late = await measured('paid-receipt', (run) => { rowOf(run, 'portal', lineOf(run, 'scan', 2).op, 'receipt').sourceAt = lineOf(run, 'scan', 2).intendedAt + 3_000 })
  expect(late).toMatchObject({ count: 4, unfinished: 0, maxMs: 3_000 })
  expect(late.cases[0]).toMatchObject({ trace: 'citizens-new.2', lastSystem: 'portal' })
  expect(await measured('paid-receipt', (run) => run.drop('portal', lineOf(run, 'scan', 2).op, 'receipt'))).toMatchObject({ count: 3, unfinished: 1 })
})

it('processed-visible ends when the portal has the partner\'s status', async () => {
  const late = await measured('processed-visible', (run) => {
    const line = run.history.get('w1')!.find((candidate) => candidate.step === 'done')!
    rowOf(run, 'portal', line.op, 'event').sourceAt = line.intendedAt + 2_500
  })
  expect(late).toMatchObject({ count: 6, maxMs: 2_500 })
})

it('are figures of the verdict and a file of the same bytes every time, ten cases of each at most', async () => {
  const run = countryRun({ counts: { 'status-w1': 12, 'sync-w1': 12 } }, (built) => { for (let i = 3; i < 12; i += 1) { built.sync(i + 0 < 4 ? 11 : i); built.status(i, 'in-process') } })
  await inDirectory(run, async (directory) => {
    const { verdict } = await judge(directory)
    const first = readFileSync(join(directory, 'transactions.json'))
    await judge(directory)
    expect(readFileSync(join(directory, 'transactions.json')).equals(first)).toBe(true)
    const file = JSON.parse(first.toString())
    expect(file).toMatchObject({ v: 1, runId: 'sample-run' })
    const visible = file.transactions.find(({ name }: Transaction) => name === 'processed-visible')
    expect(visible.count).toBeGreaterThan(10)
    expect(visible.cases).toHaveLength(10)
    expect(verdict.figures).toContainEqual({ id: 'e2e.processed-visible.count', value: visible.count, unit: 'transactions', source: 'transactions.json' })
    expect(verdict.figures).toContainEqual({ id: 'e2e.processed-visible.p95Ms', value: visible.p95Ms, unit: 'ms', source: 'transactions.json' })
  })
})
