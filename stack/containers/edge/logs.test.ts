import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { edgeLogs } from './logs.ts'

const access = (n: number) => `${JSON.stringify({ at: 1775836823 + n, s: 0, op: `op-${n}`, status: '200', line: `GET /api/${n} HTTP/1.1`, remote: '10.0.0.1', place: '/', done: 'OK', length: '', got: '' })}\n`
const audit = (uri: string, ruleId = '942100') => `${JSON.stringify({ transaction: {
  client_ip: '10.0.0.1', unique_id: '1775836823.861-f0', request: { uri, headers: {} },
  messages: [ruleId, '949110'].map((id) => ({ message: 'A rule', details: { match: '', ruleId: id, data: 'x', severity: '2' } })),
} })}\n`

let directory: string
let files: { access: string; audit: string }
let logs: ReturnType<typeof edgeLogs>
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'edge-logs-'))
  files = { access: join(directory, 'access.ndjson'), audit: join(directory, 'audit.ndjson') }
  await writeFile(files.access, access(1) + access(2))
  await writeFile(files.audit, audit('/sync/v1/dossiers') + audit('/api/x'))
  logs = edgeLogs(files, {})
})
afterEach(() => rm(directory, { recursive: true }))
const keys = async () => {
  const all: string[] = []
  for await (const { key } of logs.rows()) all.push(key)
  return all
}

test('a read is one snapshot: what comes during it is not in it', async () => {
  const seen: string[] = []
  for await (const { key } of logs.rows()) {
    seen.push(key)
    if (seen.length === 1) await appendFile(files.access, access(3))
  }
  expect(seen).toEqual(['request/1', 'request/2', 'block/1', 'block/2'])
  expect(await keys()).toHaveLength(5)
})

test('counts go on from where they were', async () => {
  expect([await logs.served(), await logs.blocked()]).toEqual([2, { all: 2, sync: 1 }])
  await appendFile(files.access, access(3))
  await appendFile(files.audit, audit('/sync/v1/statuses'))
  expect(await Promise.all([logs.served(), logs.served(), logs.blocked()])).toEqual([3, 3, { all: 3, sync: 2 }])
})

test('a line that is being written is waited for', async () => {
  const line = access(3)
  await appendFile(files.access, line.slice(0, 20))
  const reading = keys()
  await appendFile(files.access, line.slice(20))
  expect(await reading).toHaveLength(5)
})

test.each([
  { what: 'a line without its end', harm: () => appendFile(files.access, access(3).slice(0, 20)), says: /end of the last line/ },
  { what: 'a line that is no record', harm: () => appendFile(files.access, 'no record\n'), says: /access\.ndjson:3 cannot be read/ },
  { what: 'a torn line with a whole one behind it', harm: () => appendFile(files.audit, `{"transaction":${audit('/x')}`), says: /audit\.ndjson:3 cannot be read/ },
  { what: 'a loss that nginx told of', harm: async () => logs.damage('write() to "access.ndjson" failed (28: No space left on device)'), says: /gaps.*No space left/ },
  { what: 'a log that is not there', harm: () => rm(files.audit), says: /ENOENT/ },
])('$what makes the read fail', async ({ harm, says }) => {
  await harm()
  await expect(keys()).rejects.toThrow(says)
})

test('a log that has lost its end makes the count fail instead of falling', async () => {
  await logs.served()
  await truncate(files.access, 10)
  await expect(logs.served()).rejects.toThrow()
})
