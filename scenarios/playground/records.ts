/** What the played systems remember: by kind of record, under the op that it came from. One state for all of them; the real ones send each other copies. */
import { STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'

export type Fields = Record<string, unknown>
const KINDS = ['session', 'dossier', 'applied', 'payment', 'debit', 'counter', 'refund', 'sms', 'desk', 'event', 'feedback', 'feedback-answer'] as const
export type Records = Record<(typeof KINDS)[number], Map<string, Fields>>

export function emptyRecords(): Records { return Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as Records }

export function mayBecome(dossier: Fields, next: string): boolean {
  return dossier['status'] === next || STATUS_TRANSITIONS[dossier['status'] as DossierStatus].includes(next as DossierStatus)
}

export function setStatus(records: Records, dossier: Fields, status: string, reference: string, source: string): void {
  dossier['status'] = status
  records.event.set(reference, { dossierCode: dossier['dossierCode'], status, source })
}

export function isPaid(records: Records, dossierCode: unknown): boolean {
  const scanned = new Set([...records.debit.values()].map(({ qr }) => String(qr).slice('QR:'.length)))
  return [...records.payment.values()].some((one) => one['dossierCode'] === dossierCode && scanned.has(String(one['transactionCode'])))
    || [...records.counter.values()].some((one) => one['dossierCode'] === dossierCode)
}
