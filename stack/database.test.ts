import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, openPool, reach } from './database.ts'
import { freeHost, startTestPostgres } from './services/test-bench.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let directory: string
beforeAll(async () => {
  postgres = await startTestPostgres()
  directory = await mkdtemp(join(tmpdir(), 'database-'))
})
afterAll(async () => {
  await postgres?.stop()
  await rm(directory, { recursive: true, force: true })
})

async function schemaOf(text: string): Promise<string> {
  const file = join(directory, `${Math.random()}.sql`)
  await writeFile(file, text)
  return file
}

describe('createDatabase', () => {
  it('makes it from the schema, and its pool gives numbers, local dates and epoch ms', async () => {
    const url = await createDatabase(postgres.url, 'first', await schemaOf(`create table t (money bigint, born date, at timestamptz);
      insert into t values (2500000000000, '1960-02-29', '2026-04-10 14:00:00.123456Z'), (null, null, null);`))
    const pool = openPool(url, 'test', 1)
    expect((await pool.query('select * from t')).rows).toEqual([{ money: 2_500_000_000_000, born: '1960-02-29', at: Date.UTC(2026, 3, 10, 14, 0, 0, 123) }, { money: null, born: null, at: null }])
    await pool.end()
  })
  it('keeps Vietnamese text and compares it by code point', async () => {
    const url = await createDatabase(postgres.url, 'text', await schemaOf(`create table t (name text); insert into t values ('Đặng'), ('An'), ('Ánh');`))
    const pool = openPool(url, 'test', 1)
    expect((await pool.query(`select name, upper(name) as upper from t order by name`)).rows.map((row) => row.upper)).toEqual(['AN', 'ÁNH', 'ĐẶNG'])
    await pool.end()
  })
  it.each([
    ['a name twice', 'twice', 'select 1', 'DATABASE_NOT_CREATED', /already exists/],
    ['a schema with an error', 'wrong', 'create tabel t ()', 'DATABASE_NOT_CREATED', /syntax error/],
  ])('%s is a coded error', async (_, name, schema, code, what) => {
    const file = await schemaOf(schema)
    if (name === 'twice') await createDatabase(postgres.url, name, file)
    await expect(createDatabase(postgres.url, name, file)).rejects.toMatchObject({ problem: { code, what: expect.stringMatching(what) } })
  })
  it('a missing schema file is a coded error', async () => {
    await expect(createDatabase(postgres.url, 'none', join(directory, 'none.sql'))).rejects.toMatchObject({ problem: { code: 'DATABASE_SCHEMA_UNREADABLE' } })
  })
  it('a name that is none is refused before anything is asked', async () => {
    await expect(createDatabase(postgres.url, 'x"; drop database first', await schemaOf('select 1'))).rejects.toThrow('is no database name')
  })
})

describe('reach', () => {
  it('says that no server came up, in the time it was given', async () => {
    await expect(reach(`postgresql://a:b@${freeHost()}:5432/postgres`, 300)).rejects.toMatchObject({ problem: { code: 'POSTGRES_UNREACHABLE' } })
  })
  it('does not wait where the server refuses the user', async () => {
    const url = new URL(postgres.url)
    url.password = 'wrong'
    await expect(reach(url.href, 60_000)).rejects.toMatchObject({ problem: { code: 'POSTGRES_UNREACHABLE', what: expect.stringContaining('password') } })
  })
})
