/**
 * Payments begun on the old portal before the cutover. None is begun any more: paying has gone over to the central payment system, so asking is answered
 * NOTHING_TO_PAY. Those that were begun are still settled by their bank's callback or the nightly batch.
 */
import type pg from 'pg'
import type { BankCallback } from '../../../contracts/api/inside.ts'
import { ServiceError } from '../service-error.ts'

export const PAYMENT_NUMBERS = { begun: 0, paid: 1, failed: 2, expired: 3 } as const

/** A begun payment becomes paid, and a dossier that waited for the money goes on. $2: when it was paid. */
export const SETTLE = `with paid as (update thanhtoan set trangthai = ${PAYMENT_NUMBERS.paid}, ngaytra = $2, capnhat_luc = now() where ma_giaodich = $1 and trangthai <> ${PAYMENT_NUMBERS.paid} returning ma_hoso),
  moved as (update hoso set trangthai = 4, capnhat_luc = now() from paid where hoso.ma_hoso = paid.ma_hoso and hoso.trangthai = 6 returning hoso.ma_hoso, hoso.trangthai)
  insert into nhatky (ma_hoso, trangthai, luc) select ma_hoso, trangthai, now() from moved`

export function createLegacyPayments(pool: pg.Pool) {
  return {
    refuse(dossierCode: string): never { throw new ServiceError(409, 'NOTHING_TO_PAY', `the old portal takes no payment for ${dossierCode} any more`) },

    /** The old portal's own number, as text. */
    async statusOf(personId: string, code: string): Promise<{ transactionCode: string; status: string }> {
      const { rows: [row] } = await pool.query({
        name: 'thanhtoan-own', text: 'select t.trangthai from thanhtoan t join hoso h using (ma_hoso) where t.ma_giaodich = $1 and h.so_dinhdanh = $2', values: [code, personId],
      })
      if (!row) throw new ServiceError(404, 'PAYMENT_UNKNOWN', `you have no payment "${code}"`)
      return { transactionCode: code, status: String(row.trangthai) }
    },

    /** The same callback again changes nothing. */
    async settle(bank: string, callback: BankCallback): Promise<void> {
      const { rows: [row] } = await pool.query({ name: 'thanhtoan-of', text: 'select nganhang, sotien from thanhtoan where ma_giaodich = $1', values: [callback.transactionCode] })
      if (!row || row.nganhang !== bank) throw new ServiceError(404, 'TRANSACTION_UNKNOWN', `${bank} has no transaction "${callback.transactionCode}" here`)
      if (row.sotien !== callback.amountVnd) throw new ServiceError(409, 'AMOUNT_MISMATCH', `${callback.transactionCode} is over ${row.sotien} VND, not ${callback.amountVnd}`)
      await pool.query({ name: 'thanhtoan-settle', text: SETTLE, values: [callback.transactionCode, new Date(callback.paidAt)] })
    },
  }
}
