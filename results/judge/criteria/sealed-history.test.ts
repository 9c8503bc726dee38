/** A history that was edited and given a new trailer is not the one that k6 left; one that was left alone is. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cleanRun } from '../clean-run.ts'
import { criterionOf, judged } from '../judged.ts'

/** Edits lines and makes the trailer fit again. */
function edit(directory: string, change: (line: string) => string): void {
  const path = join(directory, 'history/w1.ndjson')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const body = lines.slice(0, -1).map((line) => `${change(line)}\n`).join('')
  writeFileSync(path, `${body}${JSON.stringify({ trailer: { ...JSON.parse(lines.at(-1)!).trailer, sha256: createHash('sha256').update(body).digest('hex') } })}\n`)
}

it('left alone it is the one', async () => {
  expect(criterionOf(await judged(cleanRun()), 'valid.history-sealed')).toEqual({ status: 'pass', observed: 'every one is' })
})

it('edited latencies with a trailer that fits again are found', async () => {
  const slower = (line: string) => line.replace(/"completedAt":(\d+)/, (_, at: string) => `"completedAt":${Number(at) - 1}`)
  const judgement = await judged(cleanRun(), (directory) => edit(directory, slower))
  expect(criterionOf(judgement, 'valid.record-files-whole').status).toBe('pass')
  expect(criterionOf(judgement, 'valid.history-sealed')).toEqual({ status: 'inconclusive', observed: 'w1: its history is another than the one its k6 left' })
})

it('without a hash of the generator nobody knows', async () => {
  const judgement = await judged(cleanRun(), (directory) => {
    const path = join(directory, 'evidence/load-w1.ndjson')
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    const kept = lines.slice(0, -1).filter((line) => !line.includes('history/sealed'))
    const body = kept.map((line) => `${line}\n`).join('')
    writeFileSync(path, `${body}${JSON.stringify({ trailer: { rows: kept.length, sha256: createHash('sha256').update(body).digest('hex'), endedAt: 1 } })}\n`)
  })
  expect(criterionOf(judgement, 'valid.history-sealed')).toEqual({ status: 'inconclusive', observed: 'w1: no hash was taken when its k6 ended' })
})
