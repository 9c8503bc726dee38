/**
 * Free text of dossiers: a pool made with faker's Vietnamese words once per run (`note-pool.ts`), and now and then a text that people
 * really write and that careless rules trip over: quotes, "chọn … từ …", dashes, angle brackets. None of it is an attack.
 */
import type { Draw } from './draw.ts'

/** One note in so many is taken from TRAPS. */
export const TRAP_EVERY = 36

export const TRAPS: readonly string[] = [
  'Đề nghị chọn ngày hẹn từ danh sách còn trống, không từ chối hồ sơ (thử)',
  'Ghi đúng như sổ gốc: "Người Thử", không thêm dấu \'phẩy\' (thử)',
  'Bản sao có chứng thực -- đã nộp tại bộ phận một cửa; bản chính giữ lại (thử)',
  'Diện tích < 100 m² và > 50 m² theo sổ cũ; xin cập nhật lại thông tin từ bản đồ (thử)',
  'Xin chọn nơi nhận kết quả từ các điểm bưu cục & xóa số điện thoại cũ (thử)',
  'Giảm 50% phí theo diện ưu tiên; nếu 1 = 1 hộ thì ghi chung (thử)',
]

/** An array, or something that looks it up. */
export type Notes = { readonly length: number; at: (index: number) => string | undefined }

export function noteOf(pool: Notes, draw: Draw): string {
  const kind = Math.floor(draw('note-kind') * TRAP_EVERY)
  if (kind === 0) return TRAPS[Math.floor(draw('note') * TRAPS.length)]!
  return pool.at(Math.floor(draw('note') * pool.length)) ?? ''
}
