/**
 * The kinds of operations: what each changes, and where a copy of its record is due. The judge derives "right system" and
 * "elsewhere" from this table and the run's routing, never from the code of any system.
 *
 * `recordType` is the first part of an evidence key (`dossier/H29-260410-000123`). `home` is the system that acknowledges:
 * `front` means the portal that is in office at that moment (the old one until the freeze, then the new one).
 * `copies` are due in addition, within the convergence bound. `partner` stands for `partner-<id>` of the operation's unit, `bank` for `bank-<id>`.
 */
import type { BoundName } from './profile.ts'

export const OPERATION_KINDS = [
  'login', 'logout', 'service.find', 'dossier.submit', 'dossier.read', 'payment.create', 'payment.scan', 'payment.read',
  'sms.send', 'sync.dossier', 'sync.status',
  'dossier.apply', 'staff.login', 'dossier.receive', 'dossier.refuse', 'supplement.ask', 'supplement.answer', 'dossier.process', 'dossier.finish',
  'dossier.stop', 'dossier.withdraw', 'result.return', 'payment.counter', 'payment.refund', 'feedback.send', 'feedback.read', 'feedback.answer', 'report.read',
] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

export type CopyPlace = 'portal' | 'coordination' | 'partner' | 'payments' | 'bank' | 'notifications' | 'sms' | 'vneid' | 'feedback'

export type KindRule = {
  effect: 'read' | 'write'
  home: 'front' | 'portal' | 'payments' | 'bank' | 'notifications' | 'coordination' | 'feedback' | 'partner' | null
  recordType: string | null
  copies: readonly CopyRule[]
  /** Instead of `copies` where the old portal was in office: migration brings the record over, nothing is forwarded to a partner. */
  copiesFromLegacy?: readonly CopyRule[]
}
export type CopyRule = { place: CopyPlace; recordType: string; bound: BoundName }

/** A status that staff set on the coordination system: told to the citizen by the portal, and to the partner that handles the dossier. */
const BY_STAFF: KindRule = { effect: 'write', home: 'coordination', recordType: 'event', copies: [
  { place: 'portal', recordType: 'event', bound: 'statusSync' },
  { place: 'partner', recordType: 'event', bound: 'statusSync' },
] }
/** A status that the citizen sets on the portal. */
const BY_CITIZEN: KindRule = { effect: 'write', home: 'portal', recordType: 'event', copies: [
  { place: 'coordination', recordType: 'event', bound: 'statusSync' },
  { place: 'partner', recordType: 'event', bound: 'statusSync' },
] }
/** Whatever is paid gets an e-receipt, under the operation that paid. */
const RECEIPT: readonly CopyRule[] = [
  { place: 'payments', recordType: 'receipt', bound: 'receipt' },
  { place: 'portal', recordType: 'receipt', bound: 'receipt' },
]
const READ: KindRule = { effect: 'read', home: null, recordType: null, copies: [] }

export const KINDS: Record<OperationKind, KindRule> = {
  'login': { effect: 'write', home: 'front', recordType: 'session', copies: [{ place: 'vneid', recordType: 'grant', bound: 'login' }] },
  'logout': { effect: 'read', home: null, recordType: null, copies: [] },
  'service.find': { effect: 'read', home: null, recordType: null, copies: [] },
  'dossier.submit': { effect: 'write', home: 'front', recordType: 'dossier', copies: [
    { place: 'coordination', recordType: 'dossier', bound: 'dossierSync' },
    { place: 'partner', recordType: 'dossier', bound: 'dossierSync' },
  ], copiesFromLegacy: [
    { place: 'portal', recordType: 'dossier', bound: 'dossierSync' },
    { place: 'coordination', recordType: 'dossier', bound: 'dossierSync' },
  ] },
  'dossier.read': { effect: 'read', home: null, recordType: null, copies: [] },
  'payment.create': { effect: 'write', home: 'payments', recordType: 'payment', copies: [] },
  'payment.scan': { effect: 'write', home: 'bank', recordType: 'debit', copies: [
    { place: 'payments', recordType: 'paid', bound: 'payment' },
    { place: 'portal', recordType: 'paid', bound: 'payment' },
    ...RECEIPT,
  ] },
  'payment.read': { effect: 'read', home: null, recordType: null, copies: [] },
  'sms.send': { effect: 'write', home: 'notifications', recordType: 'sms', copies: [{ place: 'sms', recordType: 'sms', bound: 'sms' }] },
  'sync.dossier': { effect: 'write', home: 'portal', recordType: 'dossier', copies: [
    { place: 'coordination', recordType: 'dossier', bound: 'dossierSync' },
    { place: 'partner', recordType: 'dossier', bound: 'dossierSync' },
  ] },
  'sync.status': { effect: 'write', home: 'portal', recordType: 'event', copies: [
    { place: 'coordination', recordType: 'event', bound: 'statusSync' },
    { place: 'partner', recordType: 'event', bound: 'statusSync' },
  ] },
  /** Submitted on the ministry's own service, to which the portal redirects: it acknowledges, then syncs the dossier up (004 I.2). */
  'dossier.apply': { effect: 'write', home: 'partner', recordType: 'dossier', copies: [
    { place: 'portal', recordType: 'dossier', bound: 'dossierSync' },
    { place: 'coordination', recordType: 'dossier', bound: 'dossierSync' },
  ] },
  'staff.login': READ,
  'dossier.receive': BY_STAFF,
  'dossier.refuse': BY_STAFF,
  'supplement.ask': BY_STAFF,
  'supplement.answer': BY_CITIZEN,
  'dossier.process': BY_STAFF,
  'dossier.finish': BY_STAFF,
  'dossier.stop': BY_STAFF,
  'dossier.withdraw': BY_CITIZEN,
  'result.return': BY_STAFF,
  'payment.counter': { effect: 'write', home: 'payments', recordType: 'counter', copies: [{ place: 'portal', recordType: 'paid', bound: 'payment' }, ...RECEIPT] },
  'payment.refund': { effect: 'write', home: 'payments', recordType: 'refund', copies: [
    { place: 'bank', recordType: 'credit', bound: 'payment' },
    { place: 'portal', recordType: 'refund', bound: 'payment' },
  ] },
  'feedback.send': { effect: 'write', home: 'portal', recordType: 'feedback', copies: [{ place: 'feedback', recordType: 'feedback', bound: 'feedback' }] },
  'feedback.read': READ,
  'feedback.answer': { effect: 'write', home: 'feedback', recordType: 'feedback-answer', copies: [{ place: 'portal', recordType: 'feedback-answer', bound: 'feedback' }] },
  'report.read': READ,
}

/** Fields of a record that are compared between what the client sent and what a system holds; text after NFC and trimming. */
export const COMPARED_FIELDS = ['applicantName', 'procedureCode', 'unitCode', 'amountVnd'] as const
