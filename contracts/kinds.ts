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
] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

export type CopyPlace = 'portal' | 'coordination' | 'partner' | 'payments' | 'bank' | 'notifications' | 'sms' | 'vneid'

export type KindRule = {
  effect: 'read' | 'write'
  home: 'front' | 'portal' | 'payments' | 'bank' | 'notifications' | null
  recordType: string | null
  copies: readonly CopyRule[]
  /** Instead of `copies` where the old portal was in office: migration brings the record over, nothing is forwarded to a partner. */
  copiesFromLegacy?: readonly CopyRule[]
}
export type CopyRule = { place: CopyPlace; recordType: string; bound: BoundName }

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
}

/** Fields of a record that are compared between what the client sent and what a system holds; text after NFC and trimming. */
export const COMPARED_FIELDS = ['applicantName', 'procedureCode', 'unitCode', 'amountVnd'] as const
