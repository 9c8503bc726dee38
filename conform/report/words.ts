/** The words of conformance reports in both languages. */
import type { Language } from '../../contracts/text.ts'

const WORDS = {
  title: ['Kết quả kiểm tra tuân thủ', 'Conformance result'], score: ['Điểm', 'Score'], index: ['Độ phủ kiểm tra', 'Index'], of: ['trên', 'of'],
  held: ['đạt', 'held'], broken: ['không đạt', 'broken'], 'not-triggerable': ['không thử được', 'not triggerable'], 'timed-out': ['hết giờ', 'timed out'], faulted: ['phép thử hỏng', 'check failed'],
  requirement: ['yêu cầu', 'requirement'], expected: ['mong đợi', 'expected'], observed: ['thực tế', 'observed'], why: ['lý do', 'why'], smallest: ['yêu cầu nhỏ nhất', 'smallest request'],
  exchange: ['trao đổi', 'exchange'], testData: ['Dữ liệu thử còn lại, cần dọn', 'Test data left behind, to be cleaned up'], answer: ['trả lời', 'answer'], flow: ['luồng', 'flow'],
  partner: ['đơn vị', 'partner'], contract: ['hợp đồng', 'contract'], label: ['xác nhận', 'seal'], signed: ['đã ký', 'signed'], 'self-declared': ['tự khai', 'self-declared'], altered: ['đã bị sửa', 'altered'], foreign: ['khóa của đơn vị khác', 'another partner\'s key'],
  ready: ['sẵn sàng', 'ready'], 'ready-with-waiver': ['sẵn sàng, có miễn trừ', 'ready with waiver'], 'not-ready': ['chưa sẵn sàng', 'not ready'], 'not-tested': ['chưa kiểm tra', 'not tested'],
  overall: ['chung', 'overall'], missing: ['yêu cầu không có trong kết quả', 'requirements that are not in the result'], unknownContract: ['phiên bản hợp đồng chưa biết', 'a contract version that is not known here'], more: ['còn nữa', 'more'], indexNote: ['phần yêu cầu thử được', 'share of requirements that could be tried'], scoreNote: ['phần đạt trong số đã thử', 'share that held of those tried'],
} as const satisfies Record<string, readonly [string, string]>

export function word(language: Language, key: keyof typeof WORDS): string { return WORDS[key][language === 'vi' ? 0 : 1] }
