/**
 * Feedback and petitions (PAKN): taken here, given to the unit that answers by topic and province (contracts/reference/feedback-units.ts), queued for
 * the feedback system in the same statement; answers come back from there. The same reference again gives the same feedback. Throws ServiceError
 * 400 FEEDBACK_TOPIC_UNKNOWN, 404 FEEDBACK_UNKNOWN, 409 CONFLICT.
 */
import type pg from 'pg'
import type { z } from 'zod'
import type { FeedbackAnswer, SendFeedback } from '../../../contracts/api/front.ts'
import type { FeedbackReply } from '../../../contracts/api/inside.ts'
import { feedbackUnit } from '../../../contracts/reference/feedback-units.ts'
import { hanoiDay } from '../hanoi-day.ts'
import { ServiceError } from '../service-error.ts'

const SEND = `with number as (select nextval('feedback_number')::text as n),
  sent as (
    insert into feedback (code, reference, person_id, topic, province_id, unit_code, text, phone, sent_at)
    select 'PA-' || $1::text || '-' || lpad(n, greatest(6, length(n)), '0'), $2, $3, $4, $5, $6, $7, $8, $9 from number
    on conflict (reference) do nothing returning *),
  queued as (
    insert into outbox (topic, payload) select 'feedback', jsonb_build_object('reference', reference, 'feedbackCode', code, 'personId', person_id, 'topic', topic,
      'provinceId', province_id, 'unitCode', unit_code, 'text', text, 'sentAt', round(extract(epoch from sent_at) * 1000)::bigint) from sent)
  select code, unit_code, answer from sent`

const ANSWER = `with incoming as (
    select * from jsonb_to_recordset($1::jsonb) as a(reference text, "feedbackCode" text, text text, "answeredAt" float8)),
  strange as (select "feedbackCode" from incoming where not exists (select from feedback where code = "feedbackCode")),
  answered as (
    update feedback set answer = incoming.text, answer_reference = incoming.reference, answered_at = to_timestamp("answeredAt" / 1000.0), answer_recorded_at = now()
    from incoming where code = "feedbackCode" and answer_reference is null and not exists (select from strange))
  select "feedbackCode" as strange from strange limit 1`

type Row = { code: string; unit_code: string; answer: string | null }

export function createFeedback(pool: pg.Pool, queued: () => void) {
  return {
    async send(personId: string, body: z.infer<typeof SendFeedback>, nowMs: number): Promise<{ created: boolean; answer: z.infer<typeof FeedbackAnswer> }> {
      const unitCode = unitFor(body.topic, body.provinceId)
      const values = [hanoiDay(nowMs), body.reference, personId, body.topic, body.provinceId, unitCode, body.text, body.phone, new Date(Math.round(nowMs))]
      const { rows: [sent] } = await pool.query<Row>({ name: 'feedback-send', text: SEND, values })
      if (sent) {
        queued()
        return { created: true, answer: answerOf(sent) }
      }
      const { rows: [known] } = await pool.query<Row & { person_id: string }>({
        name: 'feedback-by-reference', text: 'select code, unit_code, answer, person_id from feedback where reference = $1', values: [body.reference],
      })
      if (known?.person_id !== personId) throw new ServiceError(409, 'CONFLICT', `reference "${body.reference}" belongs to another person's feedback`)
      return { created: false, answer: answerOf(known) }
    },

    async own(personId: string, code: string): Promise<z.infer<typeof FeedbackAnswer>> {
      const { rows: [row] } = await pool.query<Row>({ name: 'feedback-own', text: 'select code, unit_code, answer from feedback where code = $1 and person_id = $2', values: [code, personId] })
      if (!row) throw new ServiceError(404, 'FEEDBACK_UNKNOWN', `you have sent no feedback "${code}"`)
      return answerOf(row)
    },

    /** From the feedback system, in batches; the first answer to a feedback stays. A batch with one that is not here is refused whole. */
    async takeAnswers(answers: readonly FeedbackReply[]): Promise<void> {
      const { rows: [unknown] } = await pool.query<{ strange: string }>(ANSWER, [JSON.stringify(answers)])
      if (unknown) throw new ServiceError(404, 'FEEDBACK_UNKNOWN', `the portal has no feedback "${unknown.strange}"; nothing of the batch was stored`)
    },
  }
}

export type Feedback = ReturnType<typeof createFeedback>

function answerOf({ code, unit_code: unitCode, answer }: Row): z.infer<typeof FeedbackAnswer> {
  return { feedbackCode: code, unitCode, status: answer === null ? 'sent' : 'answered', answer }
}

function unitFor(topic: string, provinceId: string): string {
  try { return feedbackUnit(topic, provinceId) } catch (error) { throw new ServiceError(400, 'FEEDBACK_TOPIC_UNKNOWN', (error as Error).message) }
}
