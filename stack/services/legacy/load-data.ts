/**
 * Writes the generated data into an empty old portal by COPY, dossiers and then their payments in slices, so that memory is bounded; all in one
 * transaction. A portal that has dossiers already is left alone.
 */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import { legacyRecords, type DataPlan, type LegacyDossier, type LegacyPayment } from './data.ts'

const DOSSIER_COLUMNS = ['ma_hoso', 'ma_tthc', 'ma_donvi', 'so_dinhdanh', 'hoten', 'ngaysinh', 'sodienthoai', 'ghichu', 'trangthai', 'phi', 'ngaynop', 'hanxuly', 'capnhat_luc'] as const satisfies readonly (keyof LegacyDossier)[]
const PAYMENT_COLUMNS = ['ma_giaodich', 'ma_hoso', 'nganhang', 'sotien', 'trangthai', 'ngaytra', 'capnhat_luc'] as const satisfies readonly (keyof LegacyPayment)[]
const INSTANTS: ReadonlySet<string> = new Set(['ngaynop', 'hanxuly', 'capnhat_luc', 'ngaytra'])
const CHUNK = 64 * 1024
const SLICE = 20_000

/** How many dossiers were written. */
export async function loadLegacyData(databaseUrl: string, plan: DataPlan): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'legacy' })
  await client.connect()
  try {
    const { rows } = await client.query<{ held: boolean }>('select exists (select from hoso) as held')
    if (rows[0]!.held) return 0
    await client.query('begin')
    for (let first = 1; first <= plan.count; first += SLICE) {
      let payments = ''
      await copy(client, `copy hoso (${DOSSIER_COLUMNS.join(', ')}) from stdin`, function* () {
        for (const record of legacyRecords(plan, first, Math.min(first + SLICE - 1, plan.count))) {
          for (const payment of record.payments) payments += line(PAYMENT_COLUMNS, payment)
          yield line(DOSSIER_COLUMNS, record.dossier)
        }
      })
      await copy(client, `copy thanhtoan (${PAYMENT_COLUMNS.join(', ')}) from stdin`, () => [payments])
    }
    await client.query('insert into nhatky (ma_hoso, trangthai, luc) select ma_hoso, trangthai, capnhat_luc from hoso order by ma_hoso')
    await client.query("select setval('so_hoso', $1)", [plan.count])
    await client.query('commit')
    await client.query('analyze hoso, thanhtoan')
    return plan.count
  } finally {
    await client.end()
  }
}

async function copy(client: pg.Client, sql: string, lines: () => Iterable<string>): Promise<void> {
  const stream: CopyStreamQuery = client.query(copyFrom(sql))
  const done = finished(stream)
  done.catch(() => {})
  let chunk = ''
  for (const text of lines()) {
    chunk += text
    if (chunk.length < CHUNK) continue
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done])
    chunk = ''
  }
  stream.end(chunk)
  await done
}

/** COPY's text format. */
function line<T extends object>(columns: readonly (keyof T & string)[], row: T): string {
  return `${columns.map((column) => cell(column, row[column])).join('\t')}\n`
}

function cell(column: string, value: unknown): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return INSTANTS.has(column) ? new Date(value).toISOString() : String(value)
  return String(value).replace(/[\\\t\n\r]/g, (special) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[special]!)
}
