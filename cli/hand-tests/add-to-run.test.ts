/** `judge RUN --hand-tests FILE`: tests by hand join a run that is over; its verdict then stands on them, with or without the option; declared ones are never replaced. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HAND_TESTS } from '../../contracts/hand-tests.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { Verdict } from '../../contracts/verdict.ts'
import { smallRun } from '../../results/judge/clean-run.ts'
import { inDirectory } from '../../results/judge/judged.ts'
import { run } from '../run.ts'
import { testWorld } from '../testing/world.ts'
import { writeWorkbook } from './workbook.ts'

const HEAD = ['Mã hồ sơ', 'Bước', 'Thời gian', 'Vai trò', 'Kết quả', 'Trạng thái', 'Số tiền']
/** The clean run's own dossiers are not tested by hand: these are of the day before. */
const [THERE, GONE] = ['H01-260409-000042', 'H01-260409-000043']
const row = (code: string, status: string | null = null) => [code, 'tiếp nhận', '09/04/2026 09:00', 'cán bộ', 'đạt', status, null]

it('joins them, judges the same again without the option, replaces what was added, and keeps what was declared', async () => {
  const night = smallRun()
  for (const system of ['portal', 'coordination', 'partner-ha-noi']) night.record(system, `dossier/${THERE}`, undefined, 'received', { unitCode: 'H01' }, night.at('21:00') - 86_000_000)
  await inDirectory(night, async (directory) => {
    const folder = runFolder(directory)
    const judged = async (...args: string[]) => {
      const world = testWorld({ cwd: directory, nowMs: () => Date.parse('2026-04-12T08:00:00+07:00') })
      const code = await run(['judge', directory, '--json', ...args], world)
      return { code, err: world.err(), verdict: code === 254 ? null : Verdict.parse(JSON.parse(world.out())) }
    }
    const workbook = (name: string, rows: (string | null)[][]) => { const file = join(directory, name); writeWorkbook(file, { 'Kiểm thử': [HEAD, ...rows] }); return file }
    const criterion = (verdict: Verdict | null, id: string) => verdict?.criteria.find((one) => one.id === id)

    expect(criterion((await judged()).verdict, 'hand-tests.accounted')).toBeUndefined()

    const lost = await judged('--hand-tests', workbook('lost.xlsx', [row(THERE), row(GONE)]))
    expect(lost.code, lost.err).toBe(1)
    expect(criterion(lost.verdict, 'hand-tests.accounted')).toMatchObject({ status: 'fail', observed: `2 dossiers: 1 found everywhere; lost ${GONE} (portal)` })
    expect(criterion(lost.verdict, 'valid.hand-tests')).toMatchObject({ status: 'pass', expected: 'the tests by hand are those that were added after the run' })
    const bytes = readFileSync(folder.verdict, 'utf8')
    expect((await judged()).code).toBe(1)
    expect(readFileSync(folder.verdict, 'utf8')).toBe(bytes)

    const found = await judged('--hand-tests', workbook('found.xlsx', [row(THERE, 'đã tiếp nhận')]))
    expect(criterion(found.verdict, 'hand-tests.accounted')).toMatchObject({ status: 'pass', observed: '1 dossiers: 1 found everywhere' })
    const stale = await judged('--hand-tests', workbook('stale.xlsx', [row(THERE, 'Đã trả kết quả')]))
    expect(criterion(stale.verdict, 'hand-tests.accounted')).toMatchObject({ status: 'fail', observed: expect.stringMatching(/stale /) })

    // The history is another than the one that was added, though it fits its own trailer.
    writeFileSync(folder.handTests, JSON.stringify({ v: 1, rows: 1, sha256: 'another', addedAt: 1 }))
    expect(criterion((await judged()).verdict, 'valid.hand-tests')).toMatchObject({ status: 'inconclusive', observed: 'the file is another' })

    rmSync(folder.handTests)
    rmSync(folder.historyOf(HAND_TESTS))
    writeFileSync(folder.plan, JSON.stringify({ ...JSON.parse(readFileSync(folder.plan, 'utf8')) as object, handTests: { rows: 9, sha256: 'declared before' } }))
    const declared = await judged('--hand-tests', join(directory, 'found.xlsx'))
    expect([declared.code, declared.err]).toEqual([254, expect.stringMatching(/^HAND_TESTS_DECLARED: the run declared 9 tests by hand before it began, and these are others/)])
  })
})
