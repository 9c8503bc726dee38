/** A bank, payment gateway or the Treasury: QR codes, payments, callbacks, refunds, reconciliation. */
import { BANK } from '../../../contracts/partner-api/roles/bank.ts'
import type { RoleSuite } from '../role-suite.ts'
import { issued, order, paid } from './orders.ts'
import { PAYMENT_CHECKS } from './payment.ts'
import { QR_CHECKS } from './qr.ts'
import { RECONCILIATION_CHECKS } from './reconciliation.ts'

export const bankSuite: RoleSuite = {
  role: BANK, flow: 'pay', flows: {}, checks: [...QR_CHECKS, ...PAYMENT_CHECKS, ...RECONCILIATION_CHECKS],
  samples: {
    'banks': { status: 200, input: () => ({}) },
    'qr': { status: 201, input: (context) => order(context, context.inbox()) },
    'qr-status': { status: 200, input: async (context) => ({ transactionCode: (await issued(context, context.inbox())).transactionCode }) },
    'cancel': { status: 200, input: async (context) => ({ transactionCode: (await issued(context, context.inbox())).transactionCode, reference: context.tag() }) },
    'scan': { status: 200, needs: ['scan'], input: async (context) => ({ qr: (await issued(context, context.inbox())).qr, personId: context.fixture.citizens[0]!.personId, reference: context.tag() }) },
    'credits': { status: 201, needs: ['scan'], input: async (context) => { const code = await paid(context, context.inbox()); return { reference: context.tag(), transactionCode: code.transactionCode, amountVnd: code.amountVnd } } },
    'statement': { status: 200, input: (context) => ({ day: new Date(context.nowMs() + 7 * 3_600_000).toISOString().slice(0, 10) }) },
  },
}
