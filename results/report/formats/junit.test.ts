import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { elements, readMarkup, textOf } from '../markup-reader.ts'
import { buildModel } from '../report-model.ts'
import { writeSampleRun } from '../sample/sample-run.ts'
import { findingsBehind, groupOf, junitXml } from './junit.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-junit-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('one test case a criterion, one suite a group, counts equal', async () => {
  const model = await buildModel(writeSampleRun(join(directory, 'findings'), { alterFindings: (findings) => findings.map((finding) => ({ ...finding, cause: `${finding.cause} <b>&"\u0007 ]]>` })) }))
  const { criteria } = model.verdict!
  criteria[0]!.status = 'inconclusive'
  const root = readMarkup(String(junitXml.render(model, 'vi')))
  const failed = criteria.filter((criterion) => criterion.status === 'fail')
  const [suites] = elements(root, 'testsuites')
  expect(suites!.attributes).toMatchObject({ tests: String(criteria.length), failures: String(failed.length), errors: '1' })
  expect(elements(root, 'testsuite').map((suite) => suite.attributes['name'])).toEqual([...new Set(criteria.map((criterion) => groupOf(criterion.id)))])
  expect(elements(root, 'testcase').map((testCase) => testCase.attributes['name'])).toEqual([...Map.groupBy(criteria, (criterion) => groupOf(criterion.id)).values()].flat().map((criterion) => criterion.id))
  const failures = elements(root, 'failure')
  expect(failures.map((failure) => failure.parent!.attributes['name'])).toEqual([...Map.groupBy(failed, (criterion) => groupOf(criterion.id)).values()].flat().map((criterion) => criterion.id))
  const misrouted = failures.find((failure) => failure.parent!.attributes['name'] === 'class.misrouted')!
  expect(misrouted.attributes['message']).toContain('212')
  expect(textOf(misrouted)).toContain('resolver-south (infrastructure)')
  expect(textOf(misrouted)).toContain('<b>&"')
  expect(textOf(misrouted)).not.toContain('WAF')
  const [error] = elements(root, 'error')
  expect(error!.parent!.attributes['name']).toBe(criteria[0]!.id)
})

test('a clean run has no failure and no error', async () => {
  const root = readMarkup(String(junitXml.render(await buildModel(writeSampleRun(join(directory, 'clean'), { kind: 'clean' })), 'en')))
  expect(elements(root, 'failure')).toEqual([])
  expect(elements(root, 'error')).toEqual([])
  expect(elements(root, 'testcase').length).toBeGreaterThan(30)
})

test('a run without verdict is an error, never an empty success', async () => {
  const root = readMarkup(String(junitXml.render(await buildModel(writeSampleRun(join(directory, 'interrupted'), { kind: 'interrupted' })), 'en')))
  expect(elements(root, 'testsuites')[0]!.attributes).toMatchObject({ tests: '1', errors: '1' })
  expect(textOf(elements(root, 'error')[0]!)).toContain('verdict.json: missing')
})

test('findings stand behind the criterion of their class or incident only', async () => {
  const { findings } = await buildModel(join(directory, 'findings'))
  const ids = (id: string) => findingsBehind({ id, expected: '', observed: '', status: 'fail', evidence: [] }, findings).map((finding) => finding.incident)
  expect(ids('class.misrouted')).toEqual(['dns-uneven'])
  expect(ids('incident.waf-blocks-sync')).toEqual(['waf-blocks-sync'])
  expect(ids('class.lost')).toEqual([])
})
