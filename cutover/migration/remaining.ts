/** How many rows of the old portal have changed since the last copy and are not on the new side yet: 0 lets a delta be called complete. */
import type { MigrationOptions } from './copy.ts'
import { withSides } from './connection.ts'
import { oldDossiers, oldPayments } from './old-rows.ts'
import { recallReadFrom } from './progress.ts'
import { translateDossier, translatePayment } from './translate.ts'

export function remainingChanges(options: Pick<MigrationOptions, 'from' | 'to' | 'mapping' | 'signal'>): Promise<number> {
  const { mapping, signal } = options
  return withSides(options, signal, async (old, fresh) => {
    const since = await recallReadFrom(fresh)
    let remaining = 0
    await old.query('begin isolation level repeatable read read only')
    for await (const batch of oldDossiers(old, mapping, since)) {
      const rows = batch.flatMap((row) => { const done = translateDossier(row, mapping); return 'row' in done ? [done.row] : [] })
      remaining += batch.length - await count(fresh, `select count(*)::int as held from json_to_recordset($1::json) as r(legacy_code text, status text, updated_at timestamptz)
        join dossiers d using (legacy_code) where d.updated_at = r.updated_at and d.status = r.status or d.code in (select dossier_code from dossier_events)`, rows)
    }
    for await (const batch of oldPayments(old, mapping, since)) {
      const rows = batch.flatMap((row) => { const done = translatePayment(row, mapping); return 'row' in done ? [done.row] : [] })
      remaining += batch.length - await count(fresh, `select count(*)::int as held from json_to_recordset($1::json) as r(transaction_code text, status text)
        join payments p using (transaction_code) where p.status = r.status or p.status = 'paid'`, rows)
    }
    return remaining
  })

  async function count(client: { query: (text: string, values: unknown[]) => Promise<{ rows: { held: number }[] }> }, text: string, rows: unknown[]): Promise<number> {
    const { rows: [first] } = await client.query(text, [JSON.stringify(rows)])
    return first!.held
  }
}
