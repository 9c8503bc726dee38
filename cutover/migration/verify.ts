/**
 * Proves a migration: every row of the old portal against its row on the new one, by one pass over both sides in the order of their codes, and by
 * meaning: references, status map, text after mending, birth dates as local days, counts and money by status, number range.
 * Expected values are derived here from the raw old rows, not by the copier's statements. Each mismatch names codes, field and both values.
 * Memory is bounded by one batch a side and the first 1,000 mismatches.
 */
import { batchesOf, RowCursor, withSides } from './connection.ts'
import type { MigrationOptions } from './copy.ts'
import { compareDossier, compareNumbers, comparePayment, NEW_DOSSIERS, NEW_PAYMENTS, OLD_DOSSIERS, OLD_PAYMENTS, type Found, type HeldDossier, type HeldPayment, type RawDossier, type RawPayment } from './compare-rows.ts'
import { compareSums } from './compare-sums.ts'

/** Codes are null where a figure, not a row, does not fit. */
export type Mismatch = { legacyCode: string | null; code: string | null } & Found
export type VerifyResult = {
  /** Rows compared: dossiers and payments of the old side, and those that only the new side has. */
  compared: number
  mismatchCount: number
  byField: Record<string, number>
  /** The first 1,000, in the order of the codes. */
  mismatches: Mismatch[]
}
export type VerifyOptions = MigrationOptions & { onMismatch?: (mismatch: Mismatch) => void }

const MISMATCHES_KEPT = 1_000

export function verify(options: VerifyOptions): Promise<VerifyResult> {
  return withSides(options, options.signal, async (old, fresh) => {
    const result: VerifyResult = { compared: 0, mismatchCount: 0, byField: {}, mismatches: [] }
    const name = (mismatch: Mismatch): void => {
      result.mismatchCount += 1
      result.byField[mismatch.field] = (result.byField[mismatch.field] ?? 0) + 1
      if (result.mismatches.length < MISMATCHES_KEPT) result.mismatches.push(mismatch)
      options.onMismatch?.(mismatch)
    }
    for (const client of [old, fresh]) await client.query('begin isolation level repeatable read read only')
    const { rows: [totals] } = await old.query<{ dossiers: number; payments: number }>('select (select count(*) from hoso)::int as dossiers, (select count(*) from thanhtoan)::int as payments')
    const { mapping } = options

    result.compared += await merge<RawDossier, HeldDossier>({
      old: batchesOf(old, 'raw_dossiers', OLD_DOSSIERS), held: batchesOf(fresh, 'held_dossiers', NEW_DOSSIERS),
      keyOld: (row) => row.ma_hoso, keyHeld: (row) => row.legacy_code ?? '',
      both: (raw, held) => { for (const found of compareDossier(raw, held, mapping)) name({ legacyCode: raw.ma_hoso, code: held.code, ...found }) },
      missing: (raw) => name({ legacyCode: raw.ma_hoso, code: null, field: 'dossier', expected: 'present', found: null }),
      extra: (held) => name({ legacyCode: held.legacy_code, code: held.code, field: 'dossier', expected: null, found: 'present' }),
      each: (done) => { options.signal?.throwIfAborted(); options.onProgress?.({ phase: 'verify', table: 'dossiers', done, total: totals!.dossiers }) },
    })
    result.compared += await merge<RawPayment, HeldPayment>({
      old: batchesOf(old, 'raw_payments', OLD_PAYMENTS), held: batchesOf(fresh, 'held_payments', NEW_PAYMENTS),
      keyOld: (row) => row.ma_giaodich, keyHeld: (row) => row.transaction_code,
      both: (raw, held) => { for (const found of comparePayment(raw, held, mapping)) name({ legacyCode: raw.ma_giaodich, code: held.transaction_code, ...found }) },
      missing: (raw) => name({ legacyCode: raw.ma_giaodich, code: null, field: 'payment', expected: 'present', found: null }),
      extra: (held) => name({ legacyCode: null, code: held.transaction_code, field: 'payment', expected: null, found: 'present' }),
      each: (done) => { options.signal?.throwIfAborted(); options.onProgress?.({ phase: 'verify', table: 'payments', done, total: totals!.payments }) },
    })
    for (const found of await compareSums(old, fresh, mapping)) name({ legacyCode: null, code: null, ...found })
    for (const found of await compareNumbers(old, fresh, mapping)) name({ legacyCode: null, code: null, ...found })
    return result
  })
}

type Merge<O, H> = {
  old: AsyncGenerator<O[]>; held: AsyncGenerator<H[]>
  keyOld: (row: O) => string; keyHeld: (row: H) => string
  both: (old: O, held: H) => void; missing: (old: O) => void; extra: (held: H) => void
  each: (done: number) => void
}

const EACH_ROWS = 2_000

/** Both sides ascend by bytes (collation C), and codes are ASCII, so JavaScript's order is the same. A key that the new side has twice is extra the second time. */
async function merge<O, H>({ old, held, keyOld, keyHeld, both, missing, extra, each }: Merge<O, H>): Promise<number> {
  const left = new RowCursor(old)
  const right = new RowCursor(held)
  let a = await left.next()
  let b = await right.next()
  let compared = 0
  for (; a !== undefined || b !== undefined; compared += 1) {
    if (compared % EACH_ROWS === 0) each(compared)
    const keyA = a === undefined ? undefined : keyOld(a)
    const keyB = b === undefined ? undefined : keyHeld(b)
    if (keyB === undefined || (keyA !== undefined && keyA < keyB)) {
      missing(a!)
      a = await left.next()
    } else if (keyA === undefined || keyB < keyA) {
      extra(b!)
      b = await right.next()
    } else {
      both(a!, b!)
      a = await left.next()
      b = await right.next()
    }
  }
  each(compared)
  return compared
}
