import { expect, test } from 'vitest'
import { AccessLog, type AccessEntry } from './access-log.ts'

const entry = (n: number): AccessEntry => ({ at: n, ms: 1.5, op: `op-${n}`, status: '200', method: 'GET', path: `/api/${n}`, origin: { region: 'north', partner: null }, remote: '127.100.4.1' })

test('a read is one snapshot: what comes during it is not in it', () => {
  const log = new AccessLog()
  for (let n = 1; n <= 3; n += 1) log.add(entry(n))
  const keys: string[] = []
  for (const row of log.rows()) { keys.push(row.key); log.add(entry(9)) }
  expect(keys).toEqual(['request/1', 'request/2', 'request/3'])
  expect([...log.rows()]).toHaveLength(6)
})

test('a full log gives no whole read', () => {
  const log = new AccessLog(2)
  log.add(entry(1))
  log.add(entry(2))
  expect([...log.rows()]).toHaveLength(2)
  log.add(entry(3))
  expect(() => [...log.rows()]).toThrow('the access log is full at 2 rows, 1 are missing')
})
