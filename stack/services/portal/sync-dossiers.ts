/**
 * Dossiers that partners sync up: stored by group commit, never put to the business check (facts section 4). The same code or reference again
 * changes nothing: `unchanged` where the content is the same, `conflict` where it is another. Status and times are no part of the
 * comparison: the status moves on, and a partner that repeats a push from its outbox may stamp it anew.
 * RETURNING answers from the insert itself, so a row counts as stored once its transaction is committed.
 */
import type pg from 'pg'
import type { SyncDossier } from '../../../contracts/api/front.ts'
import { createGroupCommit } from '../group-commit.ts'
import { queueDossiers } from './coordination-payload.ts'
import type { DueDate } from '../../../contracts/working-days.ts'

export type SyncResult = 'created' | 'unchanged' | 'conflict'
type Item = { dossier: SyncDossier; partnerId: string }

const MAX_GROUP = 100
/** One: two groups with the same codes in another order would lock each other out. */
const LANES = 1
/** Few milliseconds of waiting at the load of the documented night halve what commits cost on two shared cores. */
const GATHER_MS = 5

const STORE = `with incoming as (
    select * from jsonb_to_recordset($1::jsonb) as d(code text, reference text, procedure_code text, unit_code text, partner_id text, applicant_id text,
      applicant_name text, applicant_birth_date date, note text, status text, submitted_at timestamptz, due_at timestamptz)),
  inserted as (
    insert into dossiers (code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, note,
      status, origin, fee_vnd, submitted_at, due_at)
    select code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, note,
      status, 'synced', coalesce((select fee_vnd from services where services.procedure_code = incoming.procedure_code), 0), submitted_at, due_at
    from incoming
    on conflict do nothing returning *),
  queued as (${queueDossiers('inserted', {
    level: '(select level from services where services.procedure_code = inserted.procedure_code)', territory: `case when unit_code like 'H%' then left(unit_code, 3) end`,
  })})
  select code, reference from inserted`

const KNOWN = `select code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, note
  from dossiers where code = any($1) or reference = any($2)`

export function createSyncDossiers(pool: pg.Pool, dueDate: DueDate, queued: () => void) {
  const group = createGroupCommit<Item, SyncResult>({ maxItems: MAX_GROUP, lanes: LANES, gatherMs: GATHER_MS, run: store })

  async function store(items: Item[]): Promise<SyncResult[]> {
    const { rows } = await pool.query({ name: 'sync-dossiers', text: STORE, values: [JSON.stringify(items.map(record))] })
    if (rows.length > 0) queued()
    // Of equal items in one group the first is the one that was stored.
    const stored = new Set(rows.map((row) => `${row.code} ${row.reference}`))
    const results = items.map<SyncResult | undefined>(({ dossier }) => (stored.delete(`${dossier.dossierCode} ${dossier.reference}`) ? 'created' : undefined))
    return results.includes(undefined) ? withKnown(items, results) : results as SyncResult[]
  }

  async function withKnown(items: Item[], results: (SyncResult | undefined)[]): Promise<SyncResult[]> {
    const open = items.filter((_, index) => results[index] === undefined).map((item) => item.dossier)
    const { rows } = await pool.query(KNOWN, [open.map((dossier) => dossier.dossierCode), open.map((dossier) => dossier.reference)])
    const byCode = new Map(rows.map((row) => [row.code, row]))
    const byReference = new Map(rows.map((row) => [row.reference, row]))
    return items.map((item, index) => {
      if (results[index]) return results[index]
      const known = byCode.get(item.dossier.dossierCode) ?? byReference.get(item.dossier.reference)
      if (!known) throw new Error(`dossier ${item.dossier.dossierCode} was neither stored nor there before`)
      return sameContent(known, item) ? 'unchanged' : 'conflict'
    })
  }

  function record({ dossier, partnerId }: Item) {
    return {
      code: dossier.dossierCode, reference: dossier.reference, procedure_code: dossier.procedureCode, unit_code: dossier.unitCode, partner_id: partnerId,
      applicant_id: dossier.applicantId, applicant_name: dossier.applicantName, applicant_birth_date: dossier.applicantBirthDate, note: dossier.note,
      status: dossier.status, submitted_at: new Date(dossier.submittedAt), due_at: new Date(dueDate(dossier.submittedAt)),
    }
  }

  return (dossier: SyncDossier, partnerId: string): Promise<SyncResult> => group.add({ dossier, partnerId })
}

function sameContent(known: Record<string, unknown>, { dossier, partnerId }: Item): boolean {
  return known['code'] === dossier.dossierCode && known['reference'] === dossier.reference && known['partner_id'] === partnerId
    && known['procedure_code'] === dossier.procedureCode && known['unit_code'] === dossier.unitCode && known['applicant_id'] === dossier.applicantId
    && known['applicant_name'] === dossier.applicantName && known['applicant_birth_date'] === dossier.applicantBirthDate && known['note'] === dossier.note
}
