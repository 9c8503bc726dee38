import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { renderReport, REPORT_FORMATS } from './index.ts'
import { writeSampleRun } from './sample/sample-run.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('writes the formats asked for, each once, and leaves nothing half done', async () => {
  const run = writeSampleRun(join(directory, 'run'))
  const { files } = await renderReport(run, { formats: REPORT_FORMATS, language: 'vi' })
  expect(files.map((file) => file.slice(run.length))).toEqual(['/report/index.html', '/report/junit.xml', '/report/report.json'])
  expect(readdirSync(join(run, 'report')).sort()).toEqual(['index.html', 'junit.xml', 'report.json'])
  await renderReport(run, { formats: ['json', 'json'], language: 'en' })
  expect(readFileSync(join(run, 'report', 'index.html'), 'utf8')).toContain('<html lang="vi">')
})

test('reads nothing in sealed/ and changes no record', async () => {
  const run = writeSampleRun(join(directory, 'sealed'))
  const before = readFileSync(join(run, 'verdict.json'), 'utf8')
  await renderReport(run, { formats: ['html'], language: 'en' })
  expect(readFileSync(join(run, 'verdict.json'), 'utf8')).toBe(before)
  expect(existsSync(join(run, 'sealed'))).toBe(false)
})

test('a report that cannot be written is an error, not a missing file', async () => {
  const run = writeSampleRun(join(directory, 'blocked'))
  const { writeFileSync } = await import('node:fs')
  writeFileSync(join(run, 'report'), 'a file where the folder should be')
  await expect(renderReport(run, { formats: ['json'], language: 'vi' })).rejects.toThrow()
})
