import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRecordFile, RecordWriter, sealRecordFile } from './record-file.ts'

let directory: string
let file: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'record-')); file = join(directory, 'a.ndjson') })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function write(rows: number): void {
  const writer = new RecordWriter(file)
  for (let n = 0; n < rows; n += 1) writer.write({ n, text: 'Đăng ký khai sinh' })
  writer.close(1_775_000_000_000)
}

describe('a record file', () => {
  it.each([0, 1, 7, 50_000])('of %i rows is whole as written', async (rows) => {
    write(rows)
    expect(await checkRecordFile(file)).toMatchObject({ whole: true, rows, endedAt: 1_775_000_000_000 })
  })

  it.each([
    ['cut at a line end', () => { const text = readFileSync(file, 'utf8').split('\n'); writeFileSync(file, `${text.slice(0, -2).join('\n')}\n`) }, /no trailer/],
    ['cut in the middle of a line', () => truncateSync(file, readFileSync(file).length - 5), /middle of a line/],
    ['with a row taken out', () => { const text = readFileSync(file, 'utf8').split('\n'); text.splice(2, 1); writeFileSync(file, text.join('\n')) }, /says 7 rows, it has 6/],
    ['with a row altered', () => writeFileSync(file, readFileSync(file, 'utf8').replace('khai sinh', 'khai sanh')), /does not fit the hash/],
    ['with a row after its trailer', () => appendFileSync(file, '{"n":9}\n'), /no trailer/],
    ['emptied', () => truncateSync(file, 0), /is empty/],
    ['gone', () => rmSync(file), /cannot be read/],
  ])('%s is not whole, and says why', async (_, damage, reason) => {
    write(7)
    damage()
    const check = await checkRecordFile(file)
    expect(check.whole).toBe(false)
    expect(check.whole ? '' : check.reason).toMatch(reason)
  })

  it('of another program is sealed when it ends at a line end, and only then', async () => {
    writeFileSync(file, '{"a":1}\n{"a":2}\n')
    expect(await sealRecordFile(file, 5)).toMatchObject({ sealed: true, rows: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await checkRecordFile(file)).toMatchObject({ whole: true, rows: 2 })
    writeFileSync(file, '{"a":1}\n{"a"')
    expect(await sealRecordFile(file, 5)).toMatchObject({ sealed: false })
    expect(await checkRecordFile(file)).toMatchObject({ whole: false })
  })
})
