/**
 * Readers of real systems against real servers: an HTTP export in pages, a PostgreSQL database, dropped files. Each with what must be read whole, and with every
 * way in which an export is not what its mapping says.
 */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EvidenceMode, EvidenceRow } from '../../contracts/evidence.ts'
import { Read } from '../../contracts/target/read.ts'
import { Target, type TargetSystem } from '../../contracts/target.ts'
import { blotting, OWN_STACK, pseudonymsBy, type TargetAccess } from '../access.ts'
import { createAdminClient, type AdminClient } from '../admin-client.ts'
import { startThrowawayPostgres, type Portals } from '../migration/throwaway-postgres.ts'
import { throwawayCertificate } from '../throwaway-certificate.ts'
import { momentOf } from './map-row.ts'
import type { ReadError } from './reader.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp() })

const SECRETS: Record<string, string> = { 'env:TOKEN': 'bearer-canary-1', 'env:DB': '' }
const access = (changes: Partial<TargetAccess> = {}): TargetAccess => ({ ...OWN_STACK, secretOf: (ref) => SECRETS[ref]!, blot: blotting(['bearer-canary-1']), ...changes })

function clientOf(system: Partial<TargetSystem>, { allow = ['127.0.0.0/8'], with: own = access() }: { allow?: string[]; with?: TargetAccess } = {}): AdminClient {
  const target = Target.parse({
    version: 1, name: 'staging', kind: 'foreign', allow, portalHost: 'portal.staging.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' },
    regions: [{ id: 'north', gateway: 'http://127.0.0.1:1', resolver: { host: '127.0.0.1', port: 53, profile: 'honest' } }],
    systems: [{ id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', ...system }],
  })
  const client = createAdminClient({ target, access: own, timeoutMs: 2_000 })
  cleanUps.push(() => client.close())
  return client
}

async function rowsOf(client: AdminClient, mode: EvidenceMode = 'final'): Promise<EvidenceRow[]> {
  const rows: EvidenceRow[] = []
  for await (const lines of client.of('portal').evidence(mode)) for (const line of lines) rows.push(JSON.parse(line) as EvidenceRow)
  return rows
}

async function failed(client: AdminClient, mode?: EvidenceMode): Promise<ReadError> {
  const error = await rowsOf(client, mode).then(() => undefined, (caught: unknown) => caught as ReadError)
  if (!error) throw new Error('it was read all the same')
  return error
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => { server.closeAllConnections(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const dossier = (n: number) => ({ ma: `H01-260410-${String(n).padStart(6, '0')}`, thamchieu: `sync-w1.${n}.push.0123456789`, trang_thai: n % 2 === 0 ? 4 : 1, nguoi: { ten: `Người Thử ${n}` }, le_phi: '8000', luc: '2026-04-10 23:05:00' })
const MAPPING = { type: 'dossier', key: 'ma', op: 'thamchieu', status: 'trang_thai', at: 'luc', statuses: { 1: 'received', 4: 'done' }, fields: { applicantName: 'nguoi.ten', feeVnd: 'le_phi' } }
const COUNT = 1_234

describe('an export over HTTP', () => {
  const all = Array.from({ length: COUNT }, (_, n) => dossier(n + 1))
  type Paged = { name: string; paging: unknown; answer: (url: URL, base: string) => { body: unknown; headers?: Record<string, string> } }
  const slice = (from: number, size: number) => all.slice(from, from + size)
  const WAYS: readonly Paged[] = [
    { name: 'by page', paging: { by: 'page', size: 100, sizeParameter: 'limit' }, answer: (url) => ({ body: { data: { items: slice((Number(url.searchParams.get('page')) - 1) * 100, Number(url.searchParams.get('limit'))) }, total: COUNT } }) },
    { name: 'by cursor', paging: { by: 'cursor', next: 'next', size: 500, sizeParameter: 'n' }, answer: (url) => { const at = Number(url.searchParams.get('cursor') ?? 0); return { body: { data: { items: slice(at, 500) }, next: at + 500 < COUNT ? at + 500 : null, total: COUNT } } } },
    { name: 'by a link in the body', paging: { by: 'link', next: 'links.next' }, answer: (url, base) => { const at = Number(url.searchParams.get('from') ?? 0); return { body: { data: { items: slice(at, 300) }, links: { next: at + 300 < COUNT ? `${base}/export?from=${at + 300}` : '' }, total: COUNT } } } },
    { name: 'by the header Link', paging: { by: 'link' }, answer: (url) => { const at = Number(url.searchParams.get('from') ?? 0); return { body: { data: { items: slice(at, 300) }, total: COUNT }, ...(at + 300 < COUNT && { headers: { link: `</export?from=${at + 300}>; rel="next", </export>; rel="first"` } }) } } },
    { name: 'in one page', paging: undefined, answer: () => ({ body: { data: { items: all }, total: COUNT } }) },
  ]
  it.each(WAYS)('comes whole $name', async ({ paging, answer }) => {
    let base = ''
    const asked: (string | undefined)[] = []
    base = await serve((request, response) => {
      asked.push(request.headers.authorization)
      const { body, headers } = answer(new URL(request.url!, base), base)
      json(response, body, 200, headers)
    })
    const rows = await rowsOf(clientOf({ url: base, auth: { by: 'bearer', token: 'env:TOKEN' }, read: Read.parse({ by: 'http', records: [{ ...MAPPING, path: '/export', rows: 'data.items', total: 'total', paging }] }) }))
    expect(rows).toHaveLength(COUNT)
    expect(new Set(rows.map(({ key }) => key)).size).toBe(COUNT)
    expect(rows[1]).toMatchObject({ key: 'dossier/H01-260410-000002', op: 'sync-w1.2.push.0123456789', status: 'done', fields: { applicantName: 'Người Thử 2', feeVnd: 8_000 }, sourceAt: Date.parse('2026-04-10T23:05:00+07:00') })
    expect(new Set(asked)).toEqual(new Set(['Bearer bearer-canary-1']))
  })

  const one = (answer: (response: ServerResponse, request: IncomingMessage) => void, records: object = {}, more: object = {}) => async () => {
    const base = await serve((request, response) => answer(response, request))
    return failed(clientOf({ url: base, read: Read.parse({ by: 'http', timeoutMs: 600, records: [{ ...MAPPING, path: '/export', ...records }], ...more }) }))
  }
  const bad = (change: object) => (response: ServerResponse) => json(response, [dossier(1), { ...dossier(2), ...change }])
  it.each<[string, () => Promise<ReadError>, string, RegExp]>([
    ['that refuses the account', one((response) => json(response, {}, 403)), 'READER_REFUSED', /answered 403: the credentials do not allow/],
    ['that is not there', one((response) => json(response, {}, 404)), 'READER_REFUSED', /answered 404/],
    ['that keeps failing', one((response) => json(response, {}, 503)), 'READER_UNREACHABLE', /answered 503/],
    ['that never answers', one(() => {}), 'READER_UNREACHABLE', /no answer within 600 ms/],
    ['that is no JSON', one((response) => { response.end('<html>') }), 'EXPORT_SCHEMA', /is no JSON/],
    ['that is no list', one((response) => json(response, { data: [] })), 'EXPORT_SCHEMA', /say under "rows:"/],
    ['without a list where it should be', one((response) => json(response, { data: 1 }), { rows: 'data' }), 'EXPORT_SCHEMA', /"data" is no list/],
    ['with a row without its key', one(bad({ ma: null })), 'EXPORT_SCHEMA', /has no "ma".*\/export row 2/],
    ['with a row without its reference', one(bad({ thamchieu: undefined })), 'EXPORT_SCHEMA', /has no "thamchieu"/],
    ['with a status that is not mapped', one(bad({ trang_thai: 9 })), 'EXPORT_SCHEMA', /status "9" is not in the mapping; it knows 1, 4/],
    ['with an amount that is none', one(bad({ le_phi: '8.000,5' })), 'EXPORT_SCHEMA', /no whole number of đồng/],
    ['with a time that is none', one(bad({ luc: '10/4/2026' })), 'EXPORT_SCHEMA', /no moment/],
    ['with a field that is gone', one(bad({ nguoi: {} })), 'EXPORT_SCHEMA', /has no "nguoi.ten" \(for applicantName\)/],
    ['with a row that is no object', one((response) => json(response, [1])), 'EXPORT_SCHEMA', /is a number, not an object/],
    ['with fewer rows than it says', one((response) => json(response, { items: [dossier(1)], total: 2 }), { rows: 'items', total: 'total' }), 'EXPORT_INCOMPLETE', /1 rows came, the export says 2/],
    ['that leads in a circle', one((response) => json(response, { items: [dossier(1)], next: 'a' }), { rows: 'items', paging: { by: 'cursor', next: 'next' } }), 'EXPORT_INCOMPLETE', /leads back to a page/],
    ['whose next page is at another host', one((response) => json(response, { items: [dossier(1)], next: 'http://127.0.0.9/x' }), { rows: 'items', paging: { by: 'link', next: 'next' } }), 'EXPORT_INCOMPLETE', /another host/],
  ])('%s is refused, with its place', async (_, read, code, says) => {
    const error = await read()
    expect(error).toMatchObject({ name: 'ReadError', code, system: 'portal' })
    expect(error.message).toMatch(says)
    expect(error.message).not.toMatch(/Người Thử|bearer-canary/)
  })

  it('is not read from a server whose certificate nobody trusts, and is where the target names its authority', async () => {
    const own = throwawayCertificate()
    const server = createSecureServer({ cert: own.certificate, key: own.key }, (_request, response) => { json(response, [dossier(1)]) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanUps.push(() => { server.closeAllConnections(); server.close() })
    const system = { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, read: Read.parse({ by: 'http', records: [{ ...MAPPING, path: '/' }] }) }
    expect(await failed(clientOf(system))).toMatchObject({ code: 'READER_CERTIFICATE', message: expect.stringContaining('certificate is not trusted') })
    expect(await rowsOf(clientOf(system, { with: access({ authority: own.certificate }) }))).toHaveLength(1)
  })

  it('is not read from a host that the target does not allow', async () => {
    const base = await serve((_request, response) => json(response, []))
    await expect(rowsOf(clientOf({ url: base, read: Read.parse({ by: 'http', records: [{ ...MAPPING, path: '/' }] }) }, { allow: ['10.0.0.0/8'] }))).rejects.toThrow(/TARGET_NOT_ALLOWED/)
  })

  it('reads only what "only" asks for', async () => {
    const base = await serve((_request, response) => json(response, [{ ...dossier(1), loai: 'hs' }, { ...dossier(2), loai: 'nhap' }]))
    expect(await rowsOf(clientOf({ url: base, read: Read.parse({ by: 'http', records: [{ ...MAPPING, path: '/', only: { path: 'loai', is: 'hs' } }] }) }))).toHaveLength(1)
  })
})

describe('personal fields and secrets', () => {
  it('are pseudonyms and blots in what is handed on, equal for equal people, another in another run', async () => {
    const people = [{ ...dossier(1), nguoi: { ten: 'Người Thử 1', sdt: '0990000001' } }, { ...dossier(2), nguoi: { ten: ' Người  Thử 1'.normalize('NFD'), sdt: 'bearer-canary-1' } }, { ...dossier(3), nguoi: { ten: 'Người Thử 3', sdt: null } }]
    const base = await serve((_request, response) => json(response, people))
    const read = Read.parse({ by: 'http', records: [{ ...MAPPING, path: '/', fields: { applicantName: 'nguoi.ten', note: 'nguoi.sdt', contact: 'nguoi.sdt', feeVnd: 'le_phi' }, personal: ['contact'] }] })
    const rows = await rowsOf(clientOf({ url: base, read }, { with: access({ pseudonymOf: pseudonymsBy('k1') }) }))
    expect(JSON.stringify(rows)).not.toMatch(/Người|bearer-canary/)
    const [a, b, c] = rows.map(({ fields }) => fields)
    expect(a!['applicantName']).toMatch(/^p-[0-9a-f]{24}$/)
    expect(b!['applicantName']).toBe(a!['applicantName'])
    expect(c!['applicantName']).not.toBe(a!['applicantName'])
    expect(a!['contact']).toMatch(/^p-/)
    expect(b!['note']).toBe('•••')
    expect(c!['contact']).toBeNull()
    expect(a!['feeVnd']).toBe(8_000)
    const other = await rowsOf(clientOf({ url: base, read }, { with: access({ pseudonymOf: pseudonymsBy('k2') }) }))
    expect(other[0]!.fields['applicantName']).not.toBe(a!['applicantName'])
  })
})

describe('a database', () => {
  let postgres: Portals
  let url: string
  beforeAll(async () => {
    postgres = await startThrowawayPostgres()
    url = postgres.to
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`create table ho_so (ma text, thamchieu text, trang_thai int, ten text, le_phi bigint, luc timestamp);
      insert into ho_so select 'H01-260410-' || lpad(n::text, 6, '0'), 'sync-w1.' || n || '.push.0123456789', 1, 'Người Thử ' || n, 8000, timestamp '2026-04-10 23:05:00' from generate_series(1, 12000) n;
      create role reader login password 'reader-canary-2'; create table secret (x int); grant select on ho_so to reader`)
    await client.end()
  }, 120_000)
  afterAll(() => postgres?.close())

  const SQL = { ...MAPPING, fields: { applicantName: 'ten', feeVnd: 'le_phi' } }
  const asReader = (password = 'reader-canary-2') => { const own = new URL(url); own.username = 'reader'; own.password = password; return own.href }
  const reading = (query: string, database = asReader()) => clientOf({ read: Read.parse({ by: 'sql', database: 'env:DB', timeoutMs: 5_000, records: [{ ...SQL, query }] }) }, { with: access({ secretOf: () => database, blot: blotting(['reader-canary-2', 'wrong-canary-3']) }) })

  it('is read in one snapshot, in batches, by an account that may only read', async () => {
    const rows = await rowsOf(reading('select ma, thamchieu, trang_thai, ten, le_phi, luc from ho_so order by ma;'))
    expect(rows).toHaveLength(12_000)
    expect(rows[0]).toMatchObject({ key: 'dossier/H01-260410-000001', status: 'received', fields: { feeVnd: 8_000 }, sourceAt: Date.parse('2026-04-10T23:05:00+07:00') })
  })

  it.each<[string, string, () => string, string, RegExp]>([
    ['a table that the account may not read', 'select x as ma from secret', asReader, 'READER_REFUSED', /permission denied/],
    ['a column that is not there', 'select nope from ho_so', asReader, 'EXPORT_SCHEMA', /column "nope" does not exist/],
    ['a mapping that does not fit', 'select ma from ho_so limit 1', asReader, 'EXPORT_SCHEMA', /has no "thamchieu"/],
    ['a value that does not fit, which may be a name', 'select ten::int as ma from ho_so', asReader, 'EXPORT_SCHEMA', /a value does not fit the query \(SQLSTATE 22P02\)/],
    ['a function that writes', `with x as (select nextval('s')) select * from x`, asReader, 'EXPORT_SCHEMA', /"s" does not exist/],
    ['a wrong password', 'select 1', () => asReader('wrong-canary-3'), 'READER_REFUSED', /authentication failed/],
    ['nobody there', 'select 1', () => 'postgresql://reader:reader-canary-2@127.0.0.1:1/x', 'READER_UNREACHABLE', /cannot be reached/],
    ['no address', 'select 1', () => 'reader-canary-2', 'READER_UNREACHABLE', /no PostgreSQL address/],
  ])('%s gives one clear error without a secret', async (_, query, database, code, says) => {
    const error = await failed(reading(query, database()))
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(says)
    expect(error.message).not.toMatch(/canary|Người Thử/)
  })

  it('takes nothing but one SELECT', () => {
    for (const query of ['delete from ho_so', 'select 1; drop table ho_so', 'call x()']) expect(Read.safeParse({ by: 'sql', database: 'env:DB', records: [{ ...SQL, query }] }).success, query).toBe(false)
  })

  it('cannot write even where the account could', async () => {
    const error = await failed(reading(`with gone as (delete from ho_so returning *) select * from gone`, url))
    expect(error.message).toMatch(/read-only transaction|must be at the top level|data-modifying/i)
  })
})

describe('dropped files', () => {
  const drop = () => { const directory = mkdtempSync(join(tmpdir(), 'drop-')); cleanUps.push(() => rmSync(directory, { recursive: true, force: true })); return directory }
  const reading = (directory: string, records: object, more: object = {}) => clientOf({ read: Read.parse({ by: 'files', directory, waitMs: 300, records: [records], ...more }) })
  const CSV = { ...MAPPING, fields: { applicantName: 'ten', feeVnd: 'le_phi' }, file: '*.csv', format: 'csv' }
  const HEAD = 'ma,thamchieu,trang_thai,ten,le_phi,luc'

  it('are read as CSV with quotes, line ends within a field and a byte order mark, several by a pattern', async () => {
    const directory = drop()
    writeFileSync(join(directory, 'a.csv'), `\ufeff${HEAD}\r\nH01-1,op-1,1,"Người ""Thử"", một\nhai",8000,2026-04-10T23:05:00+07:00\r\n`)
    writeFileSync(join(directory, 'b.csv'), `${HEAD}\nH01-2,,4,Người,,\n`)
    writeFileSync(join(directory, 'c.txt'), 'other')
    const rows = await rowsOf(reading(directory, CSV))
    expect(rows.map(({ key, op, status, fields }) => ({ key, op, status, fields }))).toEqual([
      { key: 'dossier/H01-1', op: 'op-1', status: 'received', fields: { applicantName: 'Người "Thử", một\nhai', feeVnd: 8_000 } },
      { key: 'dossier/H01-2', op: undefined, status: 'done', fields: { applicantName: 'Người', feeVnd: null } },
    ])
  })

  it('are read as NDJSON, and the final read waits for the marker of after the load', async () => {
    const directory = drop()
    writeFileSync(join(directory, 'd.ndjson'), `${JSON.stringify(dossier(1))}\n\n${JSON.stringify(dossier(2))}\n`)
    writeFileSync(join(directory, 'DONE'), '')
    utimesSync(join(directory, 'DONE'), 1, 1)
    const client = reading(directory, { ...MAPPING, file: 'd.ndjson', format: 'ndjson' }, { done: 'DONE', waitMs: 5_000 })
    client.loadEnded(Date.now())
    const reading_ = rowsOf(client)
    const timer = setTimeout(() => writeFileSync(join(directory, 'DONE'), ''), 400)
    expect(await reading_).toHaveLength(2)
    clearTimeout(timer)
  })

  it.each<[string, (directory: string) => void, object, string, RegExp]>([
    ['that are not there', () => {}, CSV, 'EXPORT_INCOMPLETE', /\*\.csv was not written/],
    ['with a short line', (directory) => writeFileSync(join(directory, 'a.csv'), `${HEAD}\nH01-1,op\n`), CSV, 'EXPORT_SCHEMA', /a\.csv:2/],
    ['with a quote that is not closed', (directory) => writeFileSync(join(directory, 'a.csv'), `${HEAD}\n"H01-1,op\n`), CSV, 'EXPORT_SCHEMA', /not closed/],
    ['that are empty', (directory) => writeFileSync(join(directory, 'a.csv'), ''), CSV, 'EXPORT_SCHEMA', /is empty/],
    ['with a torn line', (directory) => writeFileSync(join(directory, 'a.ndjson'), `${JSON.stringify(dossier(1))}\n{"ma"`), { ...MAPPING, file: 'a.ndjson', format: 'ndjson' }, 'EXPORT_SCHEMA', /a\.ndjson:2/],
    ['from before the load', (directory) => { writeFileSync(join(directory, 'a.csv'), `${HEAD}\n`); utimesSync(join(directory, 'a.csv'), 1, 1) }, CSV, 'EXPORT_INCOMPLETE', /a\.csv was not written again after the load/],
  ])('%s are refused', async (_, make, records, code, says) => {
    const directory = drop()
    make(directory)
    const client = reading(directory, records)
    client.loadEnded(Date.now())
    const error = await failed(client)
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(says)
  })

  it('a directory that is not there is unreachable; the baseline may lie elsewhere', async () => {
    const directory = drop()
    expect(await failed(reading(join(directory, 'none'), CSV), 'baseline')).toMatchObject({ code: 'READER_UNREACHABLE' })
    mkdirSync(join(directory, 'before'))
    writeFileSync(join(directory, 'before', 'a.csv'), `${HEAD}\nH01-9,,1,x,,\n`)
    expect(await rowsOf(reading(directory, CSV, { baseline: join(directory, 'before') }), 'baseline')).toHaveLength(1)
  })
})

describe('momentOf', () => {
  const AT = Date.parse('2026-04-10T23:05:00+07:00')
  it.each<[unknown, number | null]>([
    ['2026-04-10T23:05:00+07:00', AT], ['2026-04-10T16:05:00Z', AT], ['2026-04-10 23:05:00', AT], ['2026-04-10T23:05', AT], ['2026-04-10 16:05:00+00', AT], [AT, AT], [AT / 1_000, AT], [String(AT), AT], [new Date(AT), AT],
    ['10/04/2026', null], ['', null], ['yesterday', null], [12, null],
  ])('%s', (value, ms) => expect(momentOf(value)).toBe(ms))
})
