/** `bank-timeout`: choosing a bank ends in a time-out: payments without an answer, or kept by the payment system as failed for that reason. */
import { systemsOf } from '../case.ts'
import { literal } from '../database.ts'
import { readJson } from '../load-records.ts'
import { timeoutRule } from './timeouts.ts'

const PAYMENTS = `{key: 'VARCHAR', op: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(reason VARCHAR)'}`

export const bankTimeout = timeoutRule({
  id: 'bank-timeout',
  needs: ['payments'],
  async signsOf({ db, plan }) {
    await db.run('CREATE OR REPLACE TABLE bank_timeouts (op VARCHAR)')
    for (const { source } of await db.rows<{ source: string }>(`SELECT source FROM systems WHERE role = 'payments' AND whole`)) {
      await db.run(`INSERT INTO bank_timeouts SELECT op FROM ${readJson(source, PAYMENTS)} WHERE key LIKE 'payment/%' AND fields.reason = 'bank-timeout' AND op IS NOT NULL`)
    }
    return systemsOf(plan, 'bank').map((bank) => {
      const mine = `kind = 'payment.create' AND 'bank-' || bank = ${literal(bank.id)}`
      return {
        incident: 'bank-timeout', system: bank.id, allSql: `SELECT id FROM ops WHERE ${mine}`,
        touchedSql: `SELECT id FROM ops WHERE ${mine} AND outcome <> 'ok' AND (http = 504 OR error LIKE 'BANK_TIMEOUT%' OR op_name(id, chk) IN (SELECT op FROM bank_timeouts))`,
        what: 'payments', measure: `agree with ${bank.id} on its response time and capacity; offer the other bank and payment at the counter meanwhile`,
        rerunCondition: `fewer than 2 % of payments through ${bank.id} end in a time-out at the planned rate`,
      }
    })
  },
})
