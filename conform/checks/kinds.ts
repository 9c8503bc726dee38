/**
 * Which requirements stand for each kind of case that a system is to be tried with, by role; or why its contract has nothing of the kind. What a contract does
 * not have is no requirement: it lowers neither score nor index. What it has and a system cannot be brought to do lowers the index. docs/conform.md shows this.
 */
import type { Text } from '../../contracts/text.ts'

/** Ids of requirements, or the reason why there are none. */
type Stands = readonly string[] | Text
export type Kind = { kind: Text; by: Readonly<Record<'province' | 'bank' | 'sms' | 'vneid' | 'portal', Stands>> }

const NO_FILES: Text = { vi: 'hợp đồng không có tệp; nội dung quá lớn bị từ chối (*.too-large)', en: 'the contract has no files; bodies that are too large are refused (*.too-large)' }
const NO_CALLS: Text = { vi: 'hợp đồng không gọi ra bên nào do phía này đóng', en: 'in its contract it calls nobody in whose place this side stands' }

export const KINDS: readonly Kind[] = [
  { kind: { vi: 'trường hợp đúng', en: 'good cases' }, by: { province: ['forwarded.good', 'desk-dossier.good', 'dossier.push', 'dossier.result'], bank: ['qr.good', 'scan.good', 'bank.callback', 'bank.statement.complete'], sms: ['send.good', 'sms.receipt', 'sms.state'], vneid: ['authorize.good', 'login.good', 'vneid.userinfo', 'vneid.level'], portal: ['sync-dossier.good', 'sync-status.good', 'portal.login', 'portal.submit.shown'] } },
  { kind: { vi: 'mỗi lỗi', en: 'each error' }, by: { province: ['forwarded.malformed', 'forwarded.incomplete', 'forwarded.wrong-types', 'dossier.files.refused', 'dossier.supplement.refused', 'unknown-path'], bank: ['qr.malformed', 'qr.wrong-types', 'bank.scan.unreadable', 'bank.cancel.refused', 'unknown-path'], sms: ['send.malformed', 'sms.send.template', 'sms.send.too-long', 'unknown-path'], vneid: ['vneid.redirect-uri', 'vneid.request.refused', 'vneid.token.refused', 'unknown-path'], portal: ['sync-dossier.malformed', 'portal.sync.codes', 'portal.submit.refused', 'portal.session.required'] } },
  { kind: { vi: 'gửi lại, tính lũy đẳng', en: 'retries and idempotency' }, by: { province: ['dossier.forwarded.idempotent', 'dossier.push.retried', 'dossier.push-status.retried', 'dossier.desk.idempotent', 'dossier.references'], bank: ['bank.qr.idempotent', 'bank.callback.retried', 'bank.credits'], sms: ['sms.send.idempotent', 'sms.receipt.retried'], vneid: ['vneid.code.once', 'vneid.logout.back-channel'], portal: ['portal.sync.idempotent', 'portal.status.idempotent', 'portal.submit.idempotent'] } },
  { kind: { vi: 'trùng lặp', en: 'duplicates' }, by: { province: ['dossier.forwarded.not-deduplicated', 'dossier.push.not-deduplicated', 'dossier.statuses.idempotent'], bank: ['bank.scan.once', 'bank.scan.at-once', 'bank.callback.once'], sms: ['sms.receipt.once', 'sms.send.contradiction'], vneid: ['vneid.code.once', 'vneid.request.unknown'], portal: ['portal.sync.not-deduplicated', 'portal.submit.duplicate', 'portal.sync.conflict'] } },
  { kind: { vi: 'trễ, trái thứ tự', en: 'late and out of order' }, by: { province: ['dossier.statuses.out-of-order', 'dossier.statuses.early', 'dossier.push-status.sequence', 'dossier.confirmations'], bank: ['bank.callback.out-of-order', 'bank.scan.expired'], sms: ['sms.send.out-of-order'], vneid: ['vneid.interleaved'], portal: ['portal.status.order', 'portal.sync.beside-direct'] } },
  { kind: { vi: 'bên nhận trả lời chậm', en: 'slow answers' }, by: { province: ['dossier.push.once'], bank: ['bank.callback.once'], sms: ['sms.receipt.slow'], vneid: { vi: 'thông báo đăng xuất ngầm được thử với lỗi và gửi lại (vneid.logout.back-channel)', en: 'its back-channel logout is tried with a failure and its repetition (vneid.logout.back-channel)' }, portal: NO_CALLS } },
  { kind: { vi: 'chữ ký sai hoặc thiếu', en: 'wrong signatures' }, by: { province: ['confirmation.unsigned', 'confirmation.wrong-signature', 'confirmation.altered-body', 'confirmation.signed-bytes', 'dossier.push.signed', 'dossier.push-status.signed'], bank: ['bank.callback.signed', 'bank.credits.callback'], sms: ['sms.receipt.signed'], vneid: ['vneid.id-token.signature', 'vneid.logout.hint', 'vneid.logout.back-channel', 'vneid.client.secret'], portal: ['sync-dossier.unsigned', 'sync-dossier.wrong-signature', 'sync-status.wrong-signature', 'sync-dossier.altered-body', 'sync-dossier.signed-bytes', 'portal.sync.signer'] } },
  { kind: { vi: 'tiếng Việt NFC và NFD', en: 'Vietnamese text in NFC and NFD' }, by: { province: ['dossier.forwarded.text', 'dossier.push.text', 'dossier.supplement.text', 'dossier.files.name'], bank: ['bank.qr.text'], sms: ['sms.send.text'], vneid: ['vneid.userinfo', 'vneid.state'], portal: ['portal.sync.text', 'portal.submit.text', 'portal.services', 'portal.feedback'] } },
  { kind: { vi: 'tệp lớn', en: 'big attachments' }, by: { province: ['dossier.files.large', 'dossier.files.refused'], bank: NO_FILES, sms: NO_FILES, vneid: NO_FILES, portal: ['portal.sync.large', 'sync-dossier.too-large'] } },
  { kind: { vi: 'múi giờ', en: 'time zones' }, by: { province: ['dossier.push.time', 'dossier.push.birth-date', 'dossier.deadline'], bank: ['bank.callback.time', 'bank.statement.day', 'bank.statement.midnight'], sms: ['sms.receipt.time'], vneid: ['vneid.id-token.time', 'vneid.userinfo'], portal: ['portal.sync.birth-date', 'portal.sync.shown'] } },
]

export const KIND_ROLES = ['province', 'bank', 'sms', 'vneid', 'portal'] as const

/** The table of docs/conform.md. */
export function kindsTable(): string {
  const cell = (stands: Stands) => 'en' in stands ? `– ${stands.en}` : stands.map((id) => `\`${id}\``).join(' ')
  return [
    `| kind of case | ${KIND_ROLES.map((role) => role === 'province' ? '`ministry`, `province`' : `\`${role}\``).join(' | ')} |`, `|---|${KIND_ROLES.map(() => '---|').join('')}`,
    ...KINDS.map(({ kind, by }) => `| ${kind.en} | ${KIND_ROLES.map((role) => cell(by[role])).join(' | ')} |`),
  ].join('\n')
}
