/**
 * What people tested by hand before or beside a run (`--hand-tests FILE.xlsx`): columns, steps and outcomes in the words that testers use, and the name of the
 * history file in which they stand. A step is an operation kind; what is looked for afterwards is the dossier by its code.
 */
import type { OperationKind } from './kinds.ts'
import type { Outcome } from './operation.ts'
import type { DossierStatus } from './status.ts'

/** Of the file in `history/`, of the worker and of the scenario in its lines. */
export const HAND_TESTS = 'hand-tests'

export const HAND_COLUMNS = {
  dossierCode: ['mã hồ sơ', 'số hồ sơ', 'dossier code', 'dossier'],
  step: ['bước', 'bước kiểm thử', 'thao tác', 'step'],
  time: ['thời gian', 'thời điểm', 'time'],
  role: ['vai trò', 'vai trò người kiểm thử', 'người kiểm thử', 'role', 'tester\'s role'],
  outcome: ['kết quả', 'outcome', 'result'],
} as const satisfies Record<string, readonly string[]>
export type HandColumn = keyof typeof HAND_COLUMNS

export type HandStep = { step: string; kind: OperationKind; flow: string; words: readonly string[]; /** The status that the tester saw set. */ sets?: DossierStatus }

export const HAND_STEPS: readonly HandStep[] = [
  { step: 'submit', kind: 'dossier.submit', flow: 'submit', words: ['nộp', 'nộp hồ sơ', 'submit'], sets: 'newly-registered' },
  { step: 'sync', kind: 'sync.dossier', flow: 'dossier-sync', words: ['đồng bộ', 'đồng bộ hồ sơ', 'sync'] },
  { step: 'apply', kind: 'dossier.apply', flow: 'submit', words: ['nộp tại bộ', 'nộp trên hệ thống bộ', 'apply'] },
  { step: 'receive', kind: 'dossier.receive', flow: 'receive', words: ['tiếp nhận', 'receive'], sets: 'received' },
  { step: 'refuse', kind: 'dossier.refuse', flow: 'receive', words: ['từ chối tiếp nhận', 'refuse'], sets: 'not-received' },
  { step: 'supplement-ask', kind: 'supplement.ask', flow: 'supplement', words: ['yêu cầu bổ sung', 'supplement', 'ask for a supplement'], sets: 'supplement-asked' },
  { step: 'supplement-answer', kind: 'supplement.answer', flow: 'supplement', words: ['bổ sung', 'bổ sung hồ sơ', 'answer the supplement'] },
  { step: 'process', kind: 'dossier.process', flow: 'process', words: ['xử lý', 'thụ lý', 'process'], sets: 'in-process' },
  { step: 'finish', kind: 'dossier.finish', flow: 'process', words: ['xử lý xong', 'hoàn thành', 'finish'], sets: 'done' },
  { step: 'return', kind: 'result.return', flow: 'return-result', words: ['trả kết quả', 'return the result', 'return'], sets: 'result-returned' },
  { step: 'withdraw', kind: 'dossier.withdraw', flow: 'withdraw', words: ['rút hồ sơ', 'withdraw'], sets: 'withdrawn' },
  { step: 'pay', kind: 'payment.read', flow: 'pay', words: ['thanh toán', 'nộp phí', 'pay'] },
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
