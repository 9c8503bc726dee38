/**
 * What people tested by hand before or beside a run (`--hand-tests FILE.xlsx`): columns, steps and outcomes in the words that testers use, and the name of the
 * history file in which they stand. A step is an operation kind; what is looked for afterwards is the dossier by its code, the status that was seen, and what was paid.
 */
import { z } from 'zod'
import type { OperationKind } from './kinds.ts'
import type { Outcome } from './operation.ts'
import type { DossierStatus } from './status.ts'

/** Of the file in `history/`, of the worker and of the scenario in its lines. */
export const HAND_TESTS = 'hand-tests'

/** `hand-tests.json` of a run folder: tests that joined when the run was over. */
export const AddedHandTests = z.strictObject({ v: z.literal(1), rows: z.int(), sha256: z.string(), addedAt: z.number() })
export type AddedHandTests = z.infer<typeof AddedHandTests>

export const HAND_COLUMNS = {
  dossierCode: ['mã hồ sơ', 'số hồ sơ', 'dossier code', 'dossier'],
  step: ['bước', 'bước kiểm thử', 'thao tác', 'step'],
  time: ['thời gian', 'thời điểm', 'time'],
  role: ['vai trò', 'vai trò người kiểm thử', 'người kiểm thử', 'role', 'tester\'s role'],
  outcome: ['kết quả', 'outcome', 'result'],
} as const satisfies Record<string, readonly string[]>
export type HandColumn = keyof typeof HAND_COLUMNS

/** Columns that may be left out, and cells of theirs that may be empty: the status that the tester saw (else that which the step sets), the sum that was paid. */
export const HAND_MORE_COLUMNS = {
  status: ['trạng thái', 'trạng thái hồ sơ', 'status'],
  amount: ['số tiền', 'số tiền (đồng)', 'amount', 'amount (vnd)'],
} as const satisfies Record<string, readonly string[]>
export type HandMoreColumn = keyof typeof HAND_MORE_COLUMNS

/** A status in the words that portals show; its own id will do too. */
export const HAND_STATUSES: Readonly<Record<DossierStatus, readonly string[]>> = {
  'newly-registered': ['mới đăng ký', 'mới nộp', 'chờ tiếp nhận', 'newly registered'], 'received': ['đã tiếp nhận', 'được tiếp nhận', 'received'], 'not-received': ['không được tiếp nhận', 'không tiếp nhận', 'từ chối tiếp nhận', 'not received'],
  'in-process': ['đang xử lý', 'đang giải quyết', 'in process'], 'supplement-asked': ['yêu cầu bổ sung', 'chờ bổ sung', 'supplement asked'], 'financial-obligation': ['yêu cầu thực hiện nghĩa vụ tài chính', 'chờ nộp phí', 'financial obligation'],
  'withdrawn': ['công dân yêu cầu rút hồ sơ', 'đã rút', 'withdrawn'], 'stopped': ['dừng xử lý', 'stopped'], 'done': ['đã xử lý xong', 'đã giải quyết', 'done'], 'result-returned': ['đã trả kết quả', 'result returned'],
}

export type HandStep = { step: string; kind: OperationKind; flow: string; words: readonly string[]; /** The status that the tester saw set. */ sets?: DossierStatus; /** Done, the dossier is there. */ makes?: true; /** Done, its fee is paid. */ pays?: true }

export const HAND_STEPS: readonly HandStep[] = [
  { step: 'submit', kind: 'dossier.submit', flow: 'submit', words: ['nộp', 'nộp hồ sơ', 'submit'], sets: 'newly-registered', makes: true },
  { step: 'sync', kind: 'sync.dossier', flow: 'dossier-sync', words: ['đồng bộ', 'đồng bộ hồ sơ', 'sync'], makes: true },
  { step: 'apply', kind: 'dossier.apply', flow: 'submit', words: ['nộp tại bộ', 'nộp trên hệ thống bộ', 'apply'], makes: true },
  { step: 'receive', kind: 'dossier.receive', flow: 'receive', words: ['tiếp nhận', 'receive'], sets: 'received' },
  { step: 'refuse', kind: 'dossier.refuse', flow: 'receive', words: ['từ chối tiếp nhận', 'refuse'], sets: 'not-received' },
  { step: 'supplement-ask', kind: 'supplement.ask', flow: 'supplement', words: ['yêu cầu bổ sung', 'supplement', 'ask for a supplement'], sets: 'supplement-asked' },
  { step: 'supplement-answer', kind: 'supplement.answer', flow: 'supplement', words: ['bổ sung', 'bổ sung hồ sơ', 'answer the supplement'] },
  { step: 'process', kind: 'dossier.process', flow: 'process', words: ['xử lý', 'thụ lý', 'process'], sets: 'in-process' },
  { step: 'finish', kind: 'dossier.finish', flow: 'process', words: ['xử lý xong', 'hoàn thành', 'finish'], sets: 'done' },
  { step: 'return', kind: 'result.return', flow: 'return-result', words: ['trả kết quả', 'return the result', 'return'], sets: 'result-returned' },
  { step: 'withdraw', kind: 'dossier.withdraw', flow: 'withdraw', words: ['rút hồ sơ', 'withdraw'], sets: 'withdrawn' },
  { step: 'pay', kind: 'payment.read', flow: 'pay', words: ['thanh toán', 'nộp phí', 'pay'], pays: true },
  { step: 'read', kind: 'dossier.read', flow: 'find-service', words: ['tra cứu', 'xem hồ sơ', 'look up', 'read'] },
]

/** `ok`: it was seen done. `fail`: it was told that it is refused, and nothing may be there. `info`: it did not work, and nobody knows what became of it. */
export const HAND_OUTCOMES: Readonly<Record<Outcome, readonly string[]>> = {
  ok: ['đạt', 'thành công', 'ok', 'pass', 'passed', 'success'],
  fail: ['từ chối', 'bị từ chối', 'refused', 'rejected'],
  info: ['không đạt', 'lỗi', 'không rõ', 'fail', 'failed', 'error', 'unknown', 'timeout'],
}

/** As people write: without case, with one blank between words. */
export function handWord(text: string): string { return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase() }
