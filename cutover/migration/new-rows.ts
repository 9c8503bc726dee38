/**
 * What is written to the new portal (`stack/services/portal/schema.sql`): a batch is one statement and one transaction, and writing it again
 * changes nothing. A dossier that the new portal has already moved on (it has events), and a payment that it knows as paid, are left alone.
 * A batch that the database refuses is halved until the refused row stands alone, so that one bad row is named and the others arrive.
 */
import type pg from 'pg'
import type { NewDossier, NewPayment, Refusal } from './translate.ts'

export type Written = { inserted: number; updated: number; refused: Refusal[] }

const DOSSIERS = `
  with incoming as (
    select * from json_to_recordset($1::json) as r(code text, reference text, procedure_code text, unit_code text, partner_id text, applicant_id text, applicant_name text,
      applicant_birth_date date, phone text, note text, status text, legacy_code text, fee_vnd bigint, submitted_at timestamptz, due_at timestamptz, updated_at timestamptz)
  ), written as (
    insert into dossiers as d (code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, phone, note, status, origin,
      legacy_code, fee_vnd, submitted_at, due_at, updated_at)
    select code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, phone, note, status, 'migrated',
      legacy_code, fee_vnd, submitted_at, due_at, updated_at from incoming
    on conflict (legacy_code) do update set reference = excluded.reference, procedure_code = excluded.procedure_code, unit_code = excluded.unit_code,
      partner_id = excluded.partner_id, applicant_id = excluded.applicant_id, applicant_name = excluded.applicant_name, applicant_birth_date = excluded.applicant_birth_date,
      phone = excluded.phone, note = excluded.note, status = excluded.status, fee_vnd = excluded.fee_vnd, submitted_at = excluded.submitted_at,
      due_at = excluded.due_at, updated_at = excluded.updated_at
    where (d.reference, d.procedure_code, d.unit_code, d.partner_id, d.applicant_id, d.applicant_name, d.applicant_birth_date, d.phone, d.note, d.status, d.fee_vnd,
      d.submitted_at, d.due_at, d.updated_at) is distinct from (excluded.reference, excluded.procedure_code, excluded.unit_code, excluded.partner_id, excluded.applicant_id,
      excluded.applicant_name, excluded.applicant_birth_date, excluded.phone, excluded.note, excluded.status, excluded.fee_vnd, excluded.submitted_at, excluded.due_at, excluded.updated_at)
      and not exists (select from dossier_events e where e.dossier_code = d.code)
    returning (xmax = 0) as inserted
  ) select count(*) filter (where inserted)::int as inserted, count(*) filter (where not inserted)::int as updated from written`

// A payment whose dossier did not arrive is not written: verification names both.
const PAYMENTS = `
  with incoming as (
    select r.* from json_to_recordset($1::json) as r(transaction_code text, dossier_code text, bank text, amount_vnd bigint, status text, paid_at timestamptz)
    where exists (select from dossiers d where d.code = r.dossier_code)
  ), written as (
    insert into payments as p (transaction_code, dossier_code, bank, amount_vnd, status, paid_at, origin)
    select transaction_code, dossier_code, bank, amount_vnd, status, paid_at, 'migrated' from incoming
    on conflict (transaction_code) do update set dossier_code = excluded.dossier_code, bank = excluded.bank, amount_vnd = excluded.amount_vnd, status = excluded.status, paid_at = excluded.paid_at
    where p.origin = 'migrated' and (p.status <> 'paid' or excluded.status = 'paid')
      and (p.dossier_code, p.bank, p.amount_vnd, p.status, p.paid_at) is distinct from (excluded.dossier_code, excluded.bank, excluded.amount_vnd, excluded.status, excluded.paid_at)
    returning (xmax = 0) as inserted
  ) select count(*) filter (where inserted)::int as inserted, count(*) filter (where not inserted)::int as updated from written`

export function writeDossiers(client: pg.Client, rows: NewDossier[]): Promise<Written> {
  return write(client, 'migrate_dossiers', DOSSIERS, rows, (row) => row.legacy_code)
}

export function writePayments(client: pg.Client, rows: NewPayment[]): Promise<Written> {
  return write(client, 'migrate_payments', PAYMENTS, rows, (row) => row.transaction_code)
}

async function write<T>(client: pg.Client, name: string, text: string, rows: T[], nameOf: (row: T) => string): Promise<Written> {
  if (rows.length === 0) return { inserted: 0, updated: 0, refused: [] }
  try {
    const { rows: [counts] } = await client.query<{ inserted: number; updated: number }>({ name, text, values: [JSON.stringify(rows)] })
    return { ...counts!, refused: [] }
  } catch (error) {
    const { code, constraint, message } = error as { code?: string; constraint?: string; message: string }
    // Class 22: a value that does not fit; class 23: a constraint, and 21000: the same row twice in one batch. All else ends the copy.
    if (!code || !/^2[23]|^21000$/.test(code)) throw error
    if (rows.length === 1) return { inserted: 0, updated: 0, refused: [{ legacyCode: nameOf(rows[0]!), field: constraint ?? code, value: '', reason: message }] }
    const middle = rows.length >> 1
    const first = await write(client, name, text, rows.slice(0, middle), nameOf)
    const second = await write(client, name, text, rows.slice(middle), nameOf)
    return { inserted: first.inserted + second.inserted, updated: first.updated + second.updated, refused: [...first.refused, ...second.refused] }
  }
}
