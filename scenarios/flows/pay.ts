/**
 * Paying a fee: the portal creates the payment and shows a QR, the citizen scans it in the bank's app, then looks until the portal says paid.
 * Where any of it fails the dossier goes on and is paid in another way (facts section 4), so the journey goes on too.
 */
import { bodyOf, conclude, unreadable, type Fields, type Said } from '../answer.ts'
import type { Flow, Journey } from './flow.ts'

const CREATE = { step: 'pay-create', kind: 'payment.create' } as const
const SCAN = { step: 'pay-scan', kind: 'payment.scan' } as const
const READ = { step: 'pay-read', kind: 'payment.read' } as const

/** How often and how long a citizen looks whether the payment has arrived. */
const MAX_LOOKS = 10
const LOOK_EVERY_MS = 200

export const pay: Flow = {
  id: 'pay',
  title: { vi: 'Thanh toán trực tuyến', en: 'Pay online' },
  actor: 'citizen',
  steps: [CREATE, SCAN, READ],
  run: (journey) => {
    const { dossier } = journey.learnt
    const { bank } = journey.citizen
    if (!dossier || bank === undefined || dossier.feeVnd === 0) return true
    const due = create(journey, dossier.code, bank)
    if (due && scan(journey, due)) look(journey, due)
    return true
  },
}

type Due = { dossierCode: string; bank: string; transactionCode: string; qr: string; amountVnd: number }

function create(journey: Journey, dossierCode: string, bank: string): Due | undefined {
  let due: Due | undefined
  journey.perform(pay, CREATE, (op) => {
    const answer = journey.front(op, 'POST', `/api/dossiers/${encodeURIComponent(dossierCode)}/payments`, { reference: op, bank })
    const conclusion = conclude(answer, 'portal', { dossierCode, fields: { bank: shortBank(bank) } })
    if (conclusion.outcome !== 'ok') return conclusion
    const { transactionCode, qr, amountVnd } = bodyOf(answer) ?? {}
    if (typeof transactionCode !== 'string' || typeof qr !== 'string' || typeof amountVnd !== 'number') return unreadable(conclusion, 'no transaction with a QR')
    due = { dossierCode, bank, transactionCode, qr, amountVnd }
    conclusion.amountVnd = amountVnd
    conclusion.fields = fieldsOf(due)
    return conclusion
  })
  return due
}

function scan(journey: Journey, due: Due): boolean {
  return journey.perform(pay, SCAN, (op) => {
    const answer = journey.system(op, due.bank, 'POST', '/v1/scan', { qr: due.qr, personId: journey.citizen.person.personId, reference: op })
    const conclusion = conclude(answer, due.bank, moneyOf(due))
    return conclusion.outcome === 'ok' && typeof bodyOf(answer)?.['bankReference'] !== 'string' ? unreadable(conclusion, 'no bankReference') : conclusion
  }).outcome === 'ok'
}

function look(journey: Journey, due: Due): void {
  journey.perform(pay, READ, (op) => {
    for (let looks = 1; ; looks += 1) {
      const answer = journey.front(op, 'GET', `/api/payments/${encodeURIComponent(due.transactionCode)}`)
      const conclusion = conclude(answer, 'portal', moneyOf(due))
      if (conclusion.outcome !== 'ok') return conclusion
      const status = bodyOf(answer)?.['status']
      if (typeof status !== 'string') return unreadable(conclusion, 'no payment status')
      if (status === 'paid' || looks === MAX_LOOKS) {
        conclusion.observed = status
        return conclusion
      }
      journey.pause(LOOK_EVERY_MS)
    }
  })
}

function moneyOf(due: Due): Said {
  return { dossierCode: due.dossierCode, amountVnd: due.amountVnd, fields: fieldsOf(due) }
}
function fieldsOf({ bank, transactionCode, amountVnd }: Due): Fields { return { bank: shortBank(bank), transactionCode, amountVnd } }

/** `vcb` for the system `bank-vcb`: so the judge names copies due at a bank. */
export function shortBank(systemId: string): string { return systemId.startsWith('bank-') ? systemId.slice('bank-'.length) : systemId }
