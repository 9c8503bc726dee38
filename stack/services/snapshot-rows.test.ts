import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { snapshotRows, type SnapshotPart } from './snapshot-rows.ts'
import { serviceDatabase, startTestPostgres } from './test-bench.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let pool: pg.Pool
beforeAll(async () => { postgres = await startTestPostgres() })
afterAll(async () => { await postgres?.stop() })
beforeEach(async () => {
  pool = (await serviceDatabase(postgres.url, 'coordination')).pool
  await pool.query(`insert into dossier_events (reference, dossier_code, status, at) select 'r' || lpad(n::text, 6, '0'), 'c' || n, 'done', now() from generate_series(1, 5000) n`)
  return () => pool.end()
})

const part = (prefix: string, order = 'reference'): SnapshotPart => ({
  sql: `select reference from dossier_events order by ${order}`, row: (row, seenAt) => ({ key: `${prefix}/${row.reference}`, fields: {}, seenAt }),
})

describe('snapshot rows', () => {
  it('show every part at one moment, whatever is written meanwhile', async () => {
    const keys: string[] = []
    for await (const row of snapshotRows(pool, [part('first'), part('second', 'reference desc')])) {
      if (keys.length === 0) {
        await pool.query(`delete from dossier_events where reference > 'r002500'`)
        await pool.query(`insert into dossier_events (reference, dossier_code, status, at) values ('r999999', 'c', 'done', now())`)
      }
      keys.push(row.key)
    }
    expect(keys).toHaveLength(10_000)
    expect(new Set(keys).size).toBe(10_000)
    expect(keys[0]).toBe('first/r000001')
    expect(keys[5_000]).toBe('second/r005000')
    expect((await pool.query('select count(*) as n from dossier_events')).rows[0].n).toBe(2_501)
  })
  it('give their connection back when the reader goes away in the middle', async () => {
    for (let n = 0; n < 10; n += 1) for await (const _ of snapshotRows(pool, [part('a')])) break
    expect(pool.waitingCount).toBe(0)
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
  it('throw what goes wrong, and the pool goes on', async () => {
    const read = async () => { for await (const _ of snapshotRows(pool, [part('a'), { ...part('b'), sql: 'select reference, 1 / 0 from dossier_events' }])); }
    await expect(read()).rejects.toThrow('division by zero')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})
