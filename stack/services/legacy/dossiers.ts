/**
 * Dossiers of the old portal: submitting (the same reference again gives the same dossier; an open one of the same person and procedure refuses
 * another), looking one's own up, and partners' statuses. Statuses are numbers; `capnhat_luc` is the transaction's time, which the delta copy goes by.
 */
import type pg from 'pg'
import { z } from 'zod'
import { LEGACY_STATUS_NUMBERS, type DossierAnswer, type SubmitDossier } from '../../../contracts/api/front.ts'
import { DOSSIER_STATUSES, STATUS_TRANSITIONS, type DossierStatus } from '../../../contracts/status.ts'
import type { DueDate } from '../../../contracts/working-days.ts'
import { ServiceError } from '../service-error.ts'
import { offerOf } from './offers.ts'

export const PartnerStatus = z.strictObject({ legacyDossierCode: z.string().min(1), statusNumber: z.int().min(1).max(DOSSIER_STATUSES.length), at: z.number() })

type Row = { ma_hoso: string; ma_tthc: string; ma_donvi: string; so_dinhdanh: string; trangthai: number; phi: number; ngaynop: number; hanxuly: number | null }

const COLUMNS = 'ma_hoso, ma_tthc, ma_donvi, so_dinhdanh, trangthai, phi, ngaynop, hanxuly'
const LISTED = 50
/** Open: something can still happen with it before the result. */
const OPEN_NUMBERS = DOSSIER_STATUSES.filter((status) => STATUS_TRANSITIONS[status].length > 0 && status !== 'done').map((status) => LEGACY_STATUS_NUMBERS[status])

export function statusOfNumber(number: number): DossierStatus | undefined { return DOSSIER_STATUSES.find((status) => LEGACY_STATUS_NUMBERS[status] === number) }

export type Dossiers = ReturnType<typeof createDossiers>

export function createDossiers(pool: pg.Pool, dueDate: DueDate) {
  return {
    async submit(personId: string, body: SubmitDossier, nowMs: number): Promise<{ created: boolean; answer: DossierAnswer }> {
      const offer = offerOf(body.procedureCode, body.provinceId)
      return inTransaction(pool, async (client) => {
        // One submission of a person at a time: the business check must hold between two at the same moment too.
        await client.query({ name: 'hoso-lock', text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))', values: [personId] })
        const { rows: [known] } = await client.query<Row>({ name: 'hoso-reference', text: `select ${COLUMNS} from hoso where ma_thamchieu = $1`, values: [body.reference] })
        if (known && known.so_dinhdanh !== personId) throw new ServiceError(409, 'CONFLICT', `reference "${body.reference}" belongs to another person's dossier`)
        if (known && known.ma_tthc !== body.procedureCode) throw new ServiceError(409, 'CONFLICT', `reference "${body.reference}" belongs to a dossier of another procedure`)
        if (known) return { created: false, answer: answerOf(known) }
        const { rows: [open] } = await client.query<Row>({
          name: 'hoso-open', text: `select ma_hoso from hoso where so_dinhdanh = $1 and ma_tthc = $2 and trangthai = any($3) limit 1`, values: [personId, body.procedureCode, OPEN_NUMBERS],
        })
        if (open) throw new ServiceError(409, 'DUPLICATE_OPEN_DOSSIER', `dossier ${open.ma_hoso} of the same procedure is still open`)
        const { rows: [stored] } = await client.query<Row>({
          name: 'hoso-submit',
          text: `with stored as (
              insert into hoso (ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, so_dinhdanh, hoten, ngaysinh, sodienthoai, ghichu, trangthai, phi, ngaynop, hanxuly)
              values ($1::text || '.' || $2::text || '.' || lpad(nextval('so_hoso')::text, 6, '0'), $3, $4, $1, $5, $6, $7::timestamp at time zone 'Asia/Ho_Chi_Minh', $8, $9, 1, $10, $11, $12)
              returning ${COLUMNS}),
            logged as (insert into nhatky (ma_hoso, trangthai, luc) select ma_hoso, trangthai, now() from stored)
            select * from stored`,
          values: [offer.unitCode, hanoiYear(nowMs), body.reference, body.procedureCode, personId, body.applicantName, body.applicantBirthDate, body.phone, body.note, offer.feeVnd, new Date(nowMs), new Date(dueDate(nowMs))],
        })
        return { created: true, answer: answerOf(stored!) }
      })
    },

    async list(personId: string): Promise<DossierAnswer[]> {
      const { rows } = await pool.query<Row>({ name: 'hoso-list', text: `select ${COLUMNS} from hoso where so_dinhdanh = $1 order by ngaynop desc, ma_hoso desc limit ${LISTED}`, values: [personId] })
      return rows.map(answerOf)
    },

    /** 404 also where it is somebody else's, so that nobody learns that it exists. */
    async own(personId: string, code: string): Promise<DossierAnswer> {
      const { rows: [row] } = await pool.query<Row>({ name: 'hoso-own', text: `select ${COLUMNS} from hoso where ma_hoso = $1 and so_dinhdanh = $2`, values: [code, personId] })
      if (!row) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `you have no dossier "${code}"`)
      return answerOf(row)
    },

    /** A partner's status; the same again changes nothing. */
    async move({ legacyDossierCode: code, statusNumber }: z.infer<typeof PartnerStatus>): Promise<'applied' | 'unchanged'> {
      return inTransaction(pool, async (client) => {
        const { rows: [row] } = await client.query<Row>({ name: 'hoso-for-move', text: 'select trangthai from hoso where ma_hoso = $1 for update', values: [code] })
        if (!row) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier "${code}"`)
        if (row.trangthai === statusNumber) return 'unchanged'
        const [before, after] = [statusOfNumber(row.trangthai)!, statusOfNumber(statusNumber)!]
        if (!STATUS_TRANSITIONS[before].includes(after)) throw new ServiceError(409, 'TRANSITION_FORBIDDEN', `${code} cannot go from ${row.trangthai} to ${statusNumber}`)
        await client.query({ name: 'hoso-move', text: MOVE, values: [code, statusNumber] })
        return 'applied'
      })
    },
  }
}

/** The new status and its log entry in one statement. */
export const MOVE = `with moved as (update hoso set trangthai = $2, capnhat_luc = now() where ma_hoso = $1 returning ma_hoso, trangthai)
  insert into nhatky (ma_hoso, trangthai, luc) select ma_hoso, trangthai, now() from moved`

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => { broken = true })
    throw error
  } finally {
    client.release(broken)
  }
}

function answerOf(row: Row): DossierAnswer {
  return { dossierCode: row.ma_hoso, procedureCode: row.ma_tthc, unitCode: row.ma_donvi, status: String(row.trangthai), feeVnd: row.phi, submittedAt: row.ngaynop, dueAt: row.hanxuly }
}

function hanoiYear(epochMs: number): string { return String(new Date(epochMs + 7 * 3_600_000).getUTCFullYear()) }
