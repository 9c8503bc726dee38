/** What must hold for every judging: same input same bytes, order of lines without effect, one record less or more named once, nothing of sealed/ read. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Finding, Verdict } from '../../contracts/verdict.ts'
import { cleanRun, smallRun } from './clean-run.ts'
import { judge } from './index.ts'
import { criterionOf, inDirectory, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

const bytesOf = (directory: string) => ['verdict.json', 'findings.ndjson'].map((name) => readFileSync(join(directory, name), 'utf8')).join('\n')

/** One failing run with findings of several sorts. */
function troubledRun(): RunBuilder {
  const run = smallRun()
  run.drop('portal', run.opOf('sync-w1', 3, 'push'))
  run.legacyDossier(77, { migrated: false })
  run.record('notifications', 'sms/again', run.opOf('citizens-new', 0, 'sms'), 'delivered')
  return run
}

describe('a judging', () => {
  it('gives the same bytes again, without sealed/ too, and they fit the schemas', async () => {
    await inDirectory(troubledRun(), async (directory) => {
      mkdirSync(join(directory, 'sealed'))
      writeFileSync(join(directory, 'sealed', 'faults.json'), '[{"id":"sync-lost","params":{}}]')
      await judge(directory)
      const first = bytesOf(directory)
      await judge(directory)
      expect(bytesOf(directory)).toBe(first)
      rmSync(join(directory, 'sealed'), { recursive: true })
      await judge(directory)
      expect(bytesOf(directory)).toBe(first)
      Verdict.parse(JSON.parse(readFileSync(join(directory, 'verdict.json'), 'utf8')))
      for (const line of readFileSync(join(directory, 'findings.ndjson'), 'utf8').trim().split('\n')) Finding.parse(JSON.parse(line))
    })
  })

  it('reads as the golden file says', async () => {
    const { verdict, findings } = await judged(troubledRun())
    await expect(`${JSON.stringify({ verdict, findings }, null, 1)}\n`).toMatchFileSnapshot('judge.golden.json')
  })

  it('does not depend on the order of lines', async () => {
    const facts = ({ verdict, findings }: Awaited<ReturnType<typeof judge>>) => ({
      verdict: verdict.verdict, figures: verdict.figures, criteria: verdict.criteria.map(({ id, status, observed }) => [id, status, observed]),
      findings: findings.map((finding) => [finding.id, finding.count, finding.examples.map((example) => [example.dossierCode, example.statuses])]),
    })
    const expected = facts(await judged(troubledRun()))
    await fc.assert(fc.asyncProperty(fc.integer(), async (seed) => {
      const run = troubledRun()
      const shuffle = <T>(list: T[]): void => { fc.sample(fc.shuffledSubarray(list, { minLength: list.length }), { seed, numRuns: 1 })[0]!.forEach((item, index) => { list[index] = item }) }
      for (const lines of run.history.values()) shuffle(lines)
      for (const [name, file] of run.evidence) if (name !== 'processes' && !name.startsWith('resolver-')) shuffle(file.rows)
      expect(facts(await judged(run))).toEqual(expected)
    }), { numRuns: 4 })
  })

  it('passes any clean night, and names any single record that is dropped or doubled exactly once', async () => {
    const clean = cleanRun({ counts: { 'citizens-old': 5, 'lookups': 3, 'citizens-new': 6, 'sync-w1': 9, 'status-w1': 4 } })
    expect(notPassed(await judged(clean))).toEqual([])
    // Records of operations in places where the table of kinds has them due; a QR and the portal's note of a payment are not.
    const due = [...clean.evidence].flatMap(([file, { rows }]) => /^(edge|resolver|processes|load)|baseline$/.test(file) ? [] : rows.flatMap((row, index) =>
      row.op && !row.key.startsWith('qr/') && !(file === 'portal' && row.key.startsWith('payment/')) ? [{ file, index, op: row.op, key: row.key }] : []))
    await fc.assert(fc.asyncProperty(fc.constantFrom(...due), fc.boolean(), async ({ file, index, op }, drop) => {
      const run = cleanRun({ counts: { 'citizens-old': 5, 'lookups': 3, 'citizens-new': 6, 'sync-w1': 9, 'status-w1': 4 } })
      const rows = run.rows(file)
      if (drop) rows.splice(index, 1)
      else rows.push({ ...rows[index]! })
      const judgement = await judged(run)
      expect(judgement.verdict.verdict).toBe('fail')
      const { lost, duplicate } = Object.fromEntries(['lost', 'duplicate'].map((name) => [name, criterionOf(judgement, `class.${name}`).observed]))
      expect([lost, duplicate]).toEqual(drop ? ['1', '0'] : ['0', '1'])
      const line = run.history.get('w1')!.findIndex((candidate) => candidate.op === op) + 1
      expect(judgement.verdict.criteria.find((criterion) => criterion.id === `class.${drop ? 'lost' : 'duplicate'}`)!.evidence).toEqual([{ file: 'history/w1.ndjson', lines: [line] }])
      expect(judgement.findings.filter((finding) => finding.class === (drop ? 'lost' : 'duplicate'))).toHaveLength(1)
    }), { numRuns: 12, examples: [[due.find((row) => row.file === 'legacy')!, true], [due.find((row) => row.key.startsWith('paid/'))!, true]] })
  })

  it('names lines that are really those, in a file of many blocks', async () => {
    const run = smallRun({ counts: { 'sync-w1': 4_000 } })
    const op = run.opOf('sync-w1', 3_333, 'push')
    run.drop('coordination', op)
    await inDirectory(run, async (directory) => {
      const { findings } = await judge(directory)
      const [example] = findings[0]!.examples
      for (const ref of example!.evidence) {
        const text = readFileSync(join(directory, ref.file), 'utf8').split('\n')
        for (const line of ref.lines) expect(JSON.parse(text[line - 1]!)).toMatchObject({ op })
      }
      expect(example!.evidence.map((ref) => ref.file)).toEqual(['history/w1.ndjson', 'evidence/partner-justice.ndjson', 'evidence/portal.ndjson'])
    })
  })
})

describe('a record file that is not whole', () => {
  const cut = (file: string) => (directory: string) => {
    const path = join(directory, file)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${lines.slice(0, -3).join('\n')}\n`)
  }

  it.each([
    ['evidence cut at a line end', cut('evidence/portal.ndjson'), 'evidence/portal.ndjson has no trailer'],
    ['a history cut at a line end', cut('history/w1.ndjson'), 'history/w1.ndjson has no trailer'],
    ['a journal cut at a line end', cut('journal.ndjson'), 'journal.ndjson has no trailer'],
    ['a baseline cut at a line end', cut('evidence/legacy.baseline.ndjson'), 'evidence/legacy.baseline.ndjson has no trailer'],
    ['a history torn in a line', (directory: string) => { const path = join(directory, 'history/w1.ndjson'); const text = readFileSync(path, 'utf8'); writeFileSync(path, text.slice(0, text.length * 0.6)) }, 'history/w1.ndjson ends in the middle of a line'],
    ['a history that is gone', (directory: string) => rmSync(join(directory, 'history/w1.ndjson')), 'history/w1.ndjson cannot be read'],
    ['an altered row', (directory: string) => { const path = join(directory, 'evidence/sms.ndjson'); writeFileSync(path, readFileSync(path, 'utf8').replace('delivered', 'accepted_')) }, 'evidence/sms.ndjson its content does not fit the hash'],
    ['a file of another system', (directory: string) => cpSync(join(directory, 'evidence/sms.ndjson'), join(directory, 'evidence/vneid.ndjson')), 'evidence/vneid.ndjson its header names sms'],
    ['a load record that is gone', (directory: string) => rmSync(join(directory, 'evidence/load-w1.ndjson')), undefined],
    ['processes that are gone', (directory: string) => rmSync(join(directory, 'evidence/processes.ndjson')), undefined],
  ])('%s makes the run inconclusive, named, and nothing is called lost or unexpected', async (_, tamper, named) => {
    const judgement = await judged(smallRun(), tamper)
    expect(judgement.verdict.verdict).toBe('inconclusive')
    expect(judgement.findings).toEqual([])
    if (named) expect(criterionOf(judgement, 'valid.record-files-whole').observed).toContain(named)
    expect(notPassed(judgement).filter((text) => text.endsWith(': fail'))).toEqual([])
  })

  it('with a load generator killed in the middle has no ghosts either: a later attempt may be in the missing part', async () => {
    const run = smallRun()
    const line = run.history.get('w1')!.find((candidate) => candidate.op === run.opOf('citizens-new', 0, 'sms'))!
    line.outcome = 'fail'
    const judgement = await judged(run, (directory) => appendFileSync(join(directory, 'history/w1.ndjson'), '{"v":1,"op":"cit'))
    expect(notPassed(judgement)).toContain('class.unverified: inconclusive')
    expect(criterionOf(judgement, 'class.ghost').observed).toBe('0')
  })
})
