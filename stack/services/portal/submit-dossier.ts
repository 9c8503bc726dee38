/**
 * A direct submission. Technical idempotency: the same reference again gives the same dossier. Business check, for direct submissions
 * only (facts section 4): the same person has an open dossier of the same procedure → 409. A procedure that its ministry takes itself is not
 * taken here (409 REDIRECTED). One statement stores the dossier and queues it
 * for coordination; the check holds between concurrent submissions by the unique index `dossiers_open_direct`.
 */
import type pg from 'pg'
import type { DossierAnswer, SubmitDossier } from '../../../contracts/api/front.ts'
import { DOSSIER_STATUSES, STATUS_TRANSITIONS, type DossierStatus } from '../../../contracts/status.ts'
import { hanoiDay } from '../hanoi-day.ts'
import { ServiceError } from '../service-error.ts'
import { queueDossiers } from './coordination-payload.ts'
import { dossierAnswer } from './dossier-answer.ts'
import type { DueDate } from '../../../contracts/working-days.ts'
import type { Offer } from './published-services.ts'

const FIRST_STATUS: DossierStatus = 'newly-registered'
/** Open: something can still happen with it before the result. The index in schema.sql lists the others. */
const OPEN_STATUSES = DOSSIER_STATUSES.filter((status) => STATUS_TRANSITIONS[status].length > 0 && status !== 'done')
/** A running number that is taken already is passed over; so many in a row mean that the sequence stands wrong. */
const NUMBER_ATTEMPTS = 20

const SUBMIT = `with number as (select nextval('dossier_number')::text as n),
  inserted as (
    insert into dossiers (code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, phone, note,
      status, origin, fee_vnd, submitted_at, due_at)
    select $2::text || '-' || $3::text || '-' || lpad(n, greatest(6, length(n)), '0'), $1, $4, $2, $5, $6, $7, $8, $9, $10, '${FIRST_STATUS}', 'direct', $11, $12, $13
    from number
    where not exists (select from dossiers where applicant_id = $6 and procedure_code = $4 and status = any($14))
    on conflict do nothing returning *),
  queued as (${queueDossiers('inserted', { level: '$15::text', territory: '$16::text' })})
  select * from inserted`

export type Submission = { person: string; body: SubmitDossier; offer: Offer; nowMs: number }

export function createSubmitDossier(pool: pg.Pool, dueDate: DueDate, queued: () => void) {
  return async ({ person, body, offer, nowMs }: Submission): Promise<{ created: boolean; answer: DossierAnswer }> => {
    if (offer.redirected) throw new ServiceError(409, 'REDIRECTED', `${offer.procedureCode} is taken on the ministry's own service; nothing was stored`)
    const values = [
      body.reference, offer.unitCode, hanoiDay(nowMs), offer.procedureCode, offer.partnerId, person, body.applicantName, body.applicantBirthDate, body.phone,
      body.note, offer.feeVnd, new Date(nowMs), new Date(dueDate(nowMs)), OPEN_STATUSES, offer.level, offer.territory,
    ]
    for (let attempt = 0; attempt < NUMBER_ATTEMPTS; attempt += 1) {
      const { rows } = await pool.query({ name: 'dossier-submit', text: SUBMIT, values })
      if (rows[0]) {
        queued()
        return { created: true, answer: dossierAnswer(rows[0]) }
      }
      const known = await pool.query({ name: 'dossier-by-reference', text: 'select * from dossiers where reference = $1', values: [body.reference] })
      if (known.rows[0]) {
        if (known.rows[0].applicant_id !== person) throw new ServiceError(409, 'CONFLICT', `reference "${body.reference}" belongs to another person's dossier`)
        // Two submissions under one reference: to answer the second as the first would tell a citizen that it was taken.
        if (known.rows[0].procedure_code !== offer.procedureCode) throw new ServiceError(409, 'CONFLICT', `reference "${body.reference}" belongs to a dossier of another procedure`)
        return { created: false, answer: dossierAnswer(known.rows[0]) }
      }
      const open = await pool.query({
        name: 'dossier-open', text: 'select code from dossiers where applicant_id = $1 and procedure_code = $2 and status = any($3) limit 1', values: [person, offer.procedureCode, OPEN_STATUSES],
      })
      if (open.rows[0]) throw new ServiceError(409, 'DUPLICATE_OPEN_DOSSIER', `dossier ${open.rows[0].code} of the same procedure is still open`)
    }
    throw new Error(`no free dossier number for ${offer.unitCode} in ${NUMBER_ATTEMPTS} attempts`)
  }
}
