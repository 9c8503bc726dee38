import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runFolder } from '../../contracts/run-folder.ts'
import { readRun } from './read-run.ts'
import { writeSampleRun, type SampleKind } from './sample/sample-run.ts'

const made: string[] = []
afterEach(() => { for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true }) })

function sample(kind: SampleKind): string {
  const directory = mkdtempSync(join(tmpdir(), 'report-read-'))
  made.push(directory)
  return writeSampleRun(join(directory, 'run'), { kind })
}

test('a whole run has no gaps', async () => {
  const run = await readRun(sample('findings'))
  expect(run.gaps).toEqual([])
  expect(run.findings).toHaveLength(2)
  expect(run.plan!.partners).toHaveLength(50)
  expect(run.historyFiles).toHaveLength(1)
})

test('an empty folder: everything is named as missing, nothing is made up', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'report-read-')), 'night-x')
  made.push(directory)
  mkdirSync(directory)
  const run = await readRun(directory)
  expect(run.runId).toBe('night-x')
  expect(run.gaps.map((gap) => `${gap.file} ${gap.kind}`)).toEqual([
    'plan.json missing', 'journal.ndjson missing', 'verdict.json missing', 'findings.ndjson missing', 'selfcheck.json missing', 'outcome.json missing', 'history/ missing',
  ])
})

test('an interrupted run: no verdict, history without trailer', async () => {
  const run = await readRun(sample('interrupted'))
  expect(run.gaps.map((gap) => `${gap.file} ${gap.kind}`)).toEqual([
    'verdict.json missing', 'findings.ndjson missing', 'selfcheck.json missing', 'outcome.json missing', 'history/w1.ndjson open',
  ])
})

test('a record file that was cut at a line end is named', async () => {
  const directory = sample('clean')
  const file = runFolder(directory).evidenceOf('resolver-north')
  truncateSync(file, statSync(file).size - 20)
  truncateSync(file, (await import('node:fs')).readFileSync(file, 'utf8').lastIndexOf('\n') + 1)
  expect((await readRun(directory)).gaps).toEqual([{ file: 'evidence/resolver-north.ndjson', kind: 'open', detail: '' }])
})

test('documents that are not JSON or not of their form are named with the reason', async () => {
  const directory = sample('clean')
  writeFileSync(join(directory, 'verdict.json'), '{"v":1,')
  writeFileSync(join(directory, 'outcome.json'), '{"v":1,"runId":5}')
  appendFileSync(join(directory, 'findings.ndjson'), '{"id":"x"}\nnot json\n')
  const { gaps, verdict, outcome, findings } = await readRun(directory)
  expect([verdict, outcome, findings]).toEqual([null, null, []])
  expect(gaps.map((gap) => `${gap.file} ${gap.kind}`)).toEqual(['verdict.json unreadable', 'findings.ndjson torn', 'outcome.json unreadable'])
  expect(gaps[1]!.detail).toBe('2')
  expect(gaps[2]!.detail).toContain('runId')
})

test('a worker of the plan without history is named', async () => {
  const directory = sample('clean')
  rmSync(runFolder(directory).historyOf('w1'))
  expect((await readRun(directory)).gaps).toEqual([{ file: 'history/w1.ndjson', kind: 'missing', detail: '' }])
})
