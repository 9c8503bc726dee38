import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildModel } from '../report-model.ts'
import { writeSampleRun } from '../sample/sample-run.ts'
import { json } from './json.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-json-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('holds what the page shows, and a version', async () => {
  const model = await buildModel(writeSampleRun(join(directory, 'run')))
  const report = JSON.parse(String(json.render(model, 'vi')))
  expect(report).toMatchObject({ v: 1, runId: model.runId, state: 'fail', seed: 20260410, timeScale: 140, gaps: [], history: ['history/w1.ndjson'] })
  expect(report.partners).toHaveLength(50)
  expect(report.findings).toEqual(model.findings)
  expect(report.criteria).toEqual(model.verdict!.criteria)
})

test('null where the run has nothing to say', async () => {
  const report = JSON.parse(String(json.render(await buildModel(join(directory, 'nothing')), 'en')))
  expect(report).toMatchObject({ state: 'unjudged', planHash: null, criteria: null, load: null, coverage: null, outcome: null })
})
