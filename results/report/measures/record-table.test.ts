import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RecordTables } from './record-table.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-tables-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const line = '{"op":"a","kind":"login","flow":"login","step":"login","invokedAt":1,"completedAt":2,"outcome":"ok","system":"portal","fields":{"applicantName":"Người Thử"}}\n'
const bytes = (...pieces: (string | number[])[]) => Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)))

test.each([
  ['whole, with its trailer', bytes(line, line, '{"trailer":{"rows":2,"sha256":"0","endedAt":1}}\n'), 2, 0],
  ['empty', bytes(), 0, 0],
  ['cut in the middle of a line', bytes(line, line.slice(0, 50)), 1, 1],
  ['cut in the middle of a character', bytes(line, '{"op":"Ng', [0xe1, 0xba]), 1, 1],
  ['not UTF-8 in the middle', bytes(line, '{"op":"', [0xff, 0x0a], line, '{"op":"', [0xe1, 0x0a], line), 3, 2],
  ['zeros at the end, as after a power cut', bytes(line, Array.from({ length: 300 }, () => 0)), 1, 1],
  ['JSON that is no operation', bytes('5\n"x"\n[1]\n{"op":7,"kind":null}\n', line), 1, 4],
  ['line ends of Windows', bytes(line.replace('\n', '\r\n'), line), 2, 0],
])('%s', async (name, content, operations, torn) => {
  const path = join(directory, `it's ${name}.ndjson`)
  writeFileSync(path, content)
  await using tables = await RecordTables.open()
  expect(await tables.loadOperations([path])).toBe(torn)
  expect(await tables.rows('SELECT count(*) AS n FROM operation')).toEqual([{ n: operations }])
})

test('a torn answer of a resolver costs that answer only', async () => {
  const path = join(directory, 'resolver.ndjson')
  writeFileSync(path, bytes('{"v":1,"system":"resolver-north"}\n', '{"key":"answer/1","status":"127.0.0.1","fields":{"name":"portal.test"},"seenAt":5}\n', '{"key":"answer/2","sta', [0xe1]))
  await using tables = await RecordTables.open()
  await tables.loadAnswers([{ system: 'resolver-north', file: path }])
  expect(await tables.rows('SELECT * FROM answer')).toEqual([{ resolver: 'resolver-north', address: '127.0.0.1', name: 'portal.test', seenAt: 5 }])
})
