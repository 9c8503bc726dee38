/** Counts and money by status on both sides: what a row-by-row pass could only miss if both of its readers missed the same rows. Integers only. */
import type pg from 'pg'
import type { Found } from './compare-rows.ts'
import type { Mapping } from './mapping.ts'

type Sums = Map<string, { count: bigint; vnd: bigint }>

export async function compareSums(old: pg.Client, fresh: pg.Client, mapping: Mapping): Promise<Found[]> {
  const dossiers = translated(await sums(old, 'select trangthai as status, count(*), coalesce(sum(phi), 0) as vnd from hoso group by 1'), mapping.statuses)
  const payments = translated(await sums(old, 'select trangthai as status, count(*), coalesce(sum(sotien), 0) as vnd from thanhtoan group by 1'), mapping.paymentStatuses)
  // Without those that the new portal has moved on, whose statuses are its own by now, fees are compared in all.
  const { rows: [moved] } = await fresh.query<{ moved: boolean }>("select exists (select from dossier_events e join dossiers d on d.code = e.dossier_code where d.origin = 'migrated') as moved")
  const held = await sums(fresh, "select status, count(*), coalesce(sum(fee_vnd), 0) as vnd from dossiers where origin = 'migrated' group by 1")
  return [
    ...differences('dossiers', moved!.moved ? inAll(dossiers) : dossiers, moved!.moved ? inAll(held) : held),
    ...differences('payments', payments, await sums(fresh, "select status, count(*), coalesce(sum(amount_vnd), 0) as vnd from payments where origin = 'migrated' group by 1")),
  ]
}

async function sums(client: pg.Client, sql: string): Promise<Sums> {
  const { rows } = await client.query<{ status: string; count: string; vnd: string }>(sql)
  return new Map(rows.map(({ status, count, vnd }) => [String(status), { count: BigInt(count), vnd: BigInt(vnd) }]))
}

function translated(sums: Sums, statuses: ReadonlyMap<number, string>): Sums {
  const out: Sums = new Map()
  for (const [number, { count, vnd }] of sums) {
    const status = statuses.get(Number(number)) ?? `(old status ${number})`
    const before = out.get(status) ?? { count: 0n, vnd: 0n }
    out.set(status, { count: before.count + count, vnd: before.vnd + vnd })
  }
  return out
}

function inAll(sums: Sums): Sums {
  const all = { count: 0n, vnd: 0n }
  for (const { count, vnd } of sums.values()) { all.count += count; all.vnd += vnd }
  return new Map([['all', all]])
}

function differences(table: string, expected: Sums, found: Sums): Found[] {
  const statuses = [...new Set([...expected.keys(), ...found.keys()])].sort()
  return statuses.flatMap((status) => (['count', 'vnd'] as const).flatMap((figure) => {
    const [a, b] = [expected.get(status)?.[figure] ?? 0n, found.get(status)?.[figure] ?? 0n]
    return a === b ? [] : [{ field: `${table}.${figure}(${status})`, expected: String(a), found: String(b) }]
  }))
}
