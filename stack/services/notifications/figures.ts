/**
 * Notifications' own counts (Figures of contracts/api/inside.ts), from one statement and so one snapshot: asked = sent + time-outs + failed + open.
 * `sent`: the gateway took it, whether or not delivery is confirmed; `unit`: of the dossier that the message is about, by the dossier's code.
 */
import type pg from 'pg'
import type { Figures } from '../../../contracts/api/inside.ts'

const FIGURES = `select count(*) as "sms.asked",
    count(*) filter (where status in ('accepted', 'delivered')) as "sms.sent",
    count(*) filter (where status = 'delivered') as "sms.delivered",
    count(*) filter (where status = 'timeout') as "sms.timeout",
    count(*) filter (where status = 'failed') as "sms.failed",
    count(*) filter (where status = 'asked') as "sms.open"
  from messages where $1::text is null or starts_with(dossier_code, $1 || '-') or starts_with(dossier_code, $1 || '.')`

export async function messageFigures(pool: pg.Pool, unit: string | undefined): Promise<Figures> {
  return { figures: (await pool.query(FIGURES, [unit ?? null])).rows[0] }
}
