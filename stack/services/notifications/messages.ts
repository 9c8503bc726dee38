/**
 * The life of a message: asked → accepted → delivered | failed, or timeout where the gateway did not answer within 2 s of wall time (the user is told
 * SMS_TIMEOUT, and it stays a time-out in the figures even where a receipt shows later that it arrived: then `receipt_at` says so).
 * Sent once per reference. Throws ServiceError 504 SMS_TIMEOUT, 502 SMS_UNAVAILABLE, 409 REFERENCE_REUSED, 400 TEMPLATE_UNKNOWN.
 */
import type pg from 'pg'
import { z } from 'zod'
import type { SmsReceipt } from '../../../contracts/api/inside.ts'
import { CallTimedOut, type HttpClient } from '../http-client.ts'
import { ServiceError } from '../service-error.ts'

const GATEWAY_TIMEOUT_MS = 2_000

export const SendRequest = z.strictObject({
  reference: z.string().min(1), dossierCode: z.string().min(1), phone: z.string().regex(/^\+?\d{9,15}$/), template: z.string().min(1),
})
type Request = z.infer<typeof SendRequest>
type Row = { id: string; reference: string; dossier_code: string; phone: string; template: string; status: string; reason: string | null }
type Answer = { messageId: string; status: string }

const TEMPLATES: Record<string, (dossierCode: string) => string> = {
  'dossier-received': (code) => `[Dien tap] Ho so ${code} da duoc ghi nhan. Tin nhan thu, khong co gia tri.`,
}

export type Messages = ReturnType<typeof createMessages>

export function createMessages({ pool, http, gatewayUrl, receiptUrl }: { pool: pg.Pool; http: HttpClient; gatewayUrl: string; receiptUrl: string }) {
  const underway = new Map<string, Promise<Answer>>()

  async function send(request: Request): Promise<Answer> {
    const text = TEMPLATES[request.template]?.(request.dossierCode)
    if (text === undefined) throw new ServiceError(400, 'TEMPLATE_UNKNOWN', `no template "${request.template}", there are ${Object.keys(TEMPLATES).join(', ')}`)
    const { rows: [row] } = await pool.query<Row>({
      name: 'message-ask',
      text: `insert into messages (id, reference, dossier_code, phone, template, status) values ('M' || lpad(nextval('message_number')::text, 10, '0'), $1, $2, $3, $4, 'asked')
        on conflict (reference) do nothing returning *`,
      values: [request.reference, request.dossierCode, request.phone, request.template],
    })
    if (!row) return again(request)
    const gateway = await http.postJson(`${gatewayUrl}/v1/messages`, { messageId: row.id, phone: row.phone, text, reference: row.reference, receiptUrl }, GATEWAY_TIMEOUT_MS).catch((error: Error) => error)
    if (gateway instanceof CallTimedOut) return conclude(row, 'timeout', 'gateway-timeout')
    if (gateway instanceof Error) return conclude(row, 'failed', 'gateway-unavailable')
    if (gateway.status !== 202) return conclude(row, 'failed', gateway.status < 500 ? 'gateway-refused' : 'gateway-unavailable')
    return conclude(row, 'accepted', null, gateway.body?.gatewayId)
  }

  /** The receipt may have come before the gateway's own answer was read: then the message is delivered, not merely accepted. */
  async function conclude(row: Row, status: string, reason: string | null, gatewayId?: string): Promise<Answer> {
    const { rows: [now] } = await pool.query<Row>({
      name: 'message-conclude',
      text: `update messages set gateway_id = coalesce(gateway_id, $4), updated_at = now(), status = case when status = 'asked' or $2 = 'timeout' then $2 else status end,
        reason = case when status = 'asked' or $2 = 'timeout' then $3 else reason end where id = $1 returning *`,
      values: [row.id, status, reason, gatewayId ?? null],
    })
    return answerOf(now!)
  }

  async function again(request: Request): Promise<Answer> {
    const { rows: [row] } = await pool.query<Row>({ name: 'message-by-reference', text: 'select * from messages where reference = $1', values: [request.reference] })
    if (row!.dossier_code !== request.dossierCode || row!.phone !== request.phone || row!.template !== request.template) throw new ServiceError(409, 'REFERENCE_REUSED', `"${request.reference}" stands for another message`)
    return answerOf(row!)
  }

  return {
    async send(request: Request): Promise<Answer> {
      const before = underway.get(request.reference)
      if (before) await before.catch(() => {})
      const mine = send(request)
      underway.set(request.reference, mine)
      try { return await mine } finally { if (underway.get(request.reference) === mine) underway.delete(request.reference) }
    },

    /** The first receipt counts; the same again changes nothing. */
    async receive({ messageId, gatewayId, status }: SmsReceipt): Promise<void> {
      const { rowCount } = await pool.query({
        name: 'message-receipt',
        text: `with known as (select id from messages where id = $1),
          taken as (update messages set receipt_at = now(), updated_at = now(), gateway_id = coalesce(gateway_id, $2),
            status = case when status in ('asked', 'accepted') then $3 else status end,
            reason = case when status in ('asked', 'accepted') and $3 = 'failed' then 'not-delivered' else reason end where id = $1 and receipt_at is null)
          select id from known`,
        values: [messageId, gatewayId, status],
      })
      if (rowCount === 0) throw new ServiceError(404, 'MESSAGE_UNKNOWN', `no message "${messageId}"`)
    },

    /** Accepted and not older than `withinMs`: a receipt is still to be expected. */
    async awaited(withinMs: number): Promise<number> {
      const { rows } = await pool.query({ name: 'messages-awaited', text: `select count(*) as awaited from messages where status = 'accepted' and created_at > now() - $1 * interval '1 millisecond'`, values: [withinMs] })
      return rows[0].awaited
    },
  }
}

function answerOf({ id, status, reason }: Row): Answer {
  if (status === 'timeout') throw new ServiceError(504, 'SMS_TIMEOUT', `the gateway did not answer for ${id} within ${GATEWAY_TIMEOUT_MS} ms`)
  if (status === 'failed' || status === 'asked') throw new ServiceError(502, 'SMS_UNAVAILABLE', `the gateway did not take ${id}: ${reason ?? 'interrupted'}`)
  return { messageId: id, status: 'accepted' }
}
