/**
 * Feedback as the units that answer it keep it. An item is kept once by its code, answered once; the answer and what the portal must be told are one
 * statement. Who may answer: staff of the item's unit (a province's offices, H01.02, belong to the province's staff); what is addressed to the portal's
 * operator is answered by ministries' staff. Throws ServiceError 404 FEEDBACK_UNKNOWN, 403 SCOPE_FORBIDDEN, 409 ALREADY_ANSWERED, 409 REFERENCE_REUSED.
 */
import type pg from 'pg'
import type { FeedbackItem, Figures } from '../../../contracts/api/inside.ts'
import { PORTAL_UNIT } from '../../../contracts/reference/feedback-units.ts'
import type { StaffAccount } from '../../../contracts/reference/staff.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { ServiceError } from '../service-error.ts'

export type FeedbackSeen = { feedbackCode: string; unitCode: string; topic: string; text: string; status: 'sent' | 'answered' }
type Officer = Pick<StaffAccount, 'account' | 'unitCode' | 'level'>

const KEEP = `insert into feedback (code, reference, person_id, topic, province_id, unit_code, text, sent_at)
  select "feedbackCode", reference, "personId", topic, "provinceId", "unitCode", text, round("sentAt")::bigint from jsonb_to_recordset($1::jsonb)
    as f("feedbackCode" text, reference text, "personId" text, topic text, "provinceId" text, "unitCode" text, text text, "sentAt" float8)
  on conflict do nothing`

const ANSWER = `with answered as (
    insert into answers (reference, feedback_code, unit_code, account, text, answered_at) select $1, code, unit_code, $3, $4, $5::bigint from feedback where code = $2
    on conflict do nothing returning *),
  queued as (insert into outbox (topic, payload) select 'answer', jsonb_build_object('reference', reference, 'feedbackCode', feedback_code,
    'unitCode', unit_code, 'text', text, 'answeredAt', answered_at) from answered)
  select reference from answered`

const FIGURES = `with counted as (select answers.reference from feedback left join answers on feedback_code = code
    where $1::text is null or feedback.unit_code = $1 or starts_with(feedback.unit_code, $1 || '.'))
  select count(*) as "feedback.total", count(reference) as "feedback.answered", count(*) - count(reference) as "feedback.open" from counted`

export function createItems({ pool, clock, answered }: { pool: pg.Pool; clock: ScenarioClockHolder; answered: () => void }) {
  return {
    async keep(items: readonly FeedbackItem[]): Promise<void> { await pool.query(KEEP, [JSON.stringify(items)]) },

    async find(officer: Officer, reference: string): Promise<FeedbackSeen> {
      const { rows: [row] } = await pool.query({
        name: 'feedback-by-reference', values: [reference],
        text: 'select code, feedback.unit_code, topic, feedback.text, answers.reference is not null as answered from feedback left join answers on feedback_code = code where feedback.reference = $1',
      })
      if (!row) throw new ServiceError(404, 'FEEDBACK_UNKNOWN', `no feedback "${reference}" here, or not yet`)
      requireScope(officer, row.unit_code)
      return { feedbackCode: row.code, unitCode: row.unit_code, topic: row.topic, text: row.text, status: row.answered ? 'answered' : 'sent' }
    },

    /** True where it was answered by this, false where the same answer was there already. */
    async answer(officer: Officer, code: string, answer: { reference: string; text: string }): Promise<boolean> {
      const { rows: [item] } = await pool.query({ name: 'feedback-unit', text: 'select unit_code from feedback where code = $1', values: [code] })
      if (!item) throw new ServiceError(404, 'FEEDBACK_UNKNOWN', `no feedback "${code}"`)
      requireScope(officer, item.unit_code)
      const { rowCount } = await pool.query({ name: 'feedback-answer', text: ANSWER, values: [answer.reference, code, officer.account, answer.text, Math.round(clock.now())] })
      if (rowCount === 1) {
        answered()
        return true
      }
      const { rows } = await pool.query({ name: 'answer-known', text: 'select reference, feedback_code, text from answers where reference = $1 or feedback_code = $2', values: [answer.reference, code] })
      const same = rows.find((row) => row.reference === answer.reference)
      if (!same) throw new ServiceError(409, 'ALREADY_ANSWERED', `${code} was answered by "${rows[0].reference}"`)
      if (same.feedback_code !== code || same.text !== answer.text) throw new ServiceError(409, 'REFERENCE_REUSED', `"${answer.reference}" stands for another answer`)
      return false
    },

    /** total = answered + open, from one snapshot; `unit`: what is addressed to it or a unit below it. */
    figures: async (unit: string | undefined): Promise<Figures> => ({ figures: (await pool.query(FIGURES, [unit ?? null])).rows[0] }),
  }
}

function requireScope({ account, unitCode, level }: Officer, addressedTo: string): void {
  const mine = addressedTo === PORTAL_UNIT ? level === 'ministry' : addressedTo.split('.')[0] === unitCode
  if (!mine) throw new ServiceError(403, 'SCOPE_FORBIDDEN', `${account} does not answer for ${addressedTo}`)
}
