/**
 * Disturbances: what breaks under a system that runs on real parts, and is none of the 44 incidents. They are planted like faults, need a stack that lets its parts be
 * touched (`contracts/platform.ts`), and are over after a while. What the judge finds of them it finds by what they did to users, partners and records.
 */
import type { Text } from './text.ts'

export const DISTURBANCES = {
  'container-stop': { vi: 'Một thành phần bị dừng theo thứ tự rồi chạy lại', en: 'A part is stopped in order, and started again later' },
  'container-pause': { vi: 'Một thành phần đứng im: kết nối còn đó nhưng không ai trả lời', en: 'A part stands still: its connections stay, and nobody answers' },
  'container-kill': { vi: 'Một thành phần bị giết giữa chừng rồi chạy lại', en: 'A part is killed in the middle of its work, and started again later' },
  'container-restart': { vi: 'Một thành phần bị khởi động lại', en: 'A part is restarted' },
  'network-cut': { vi: 'Mạng giữa hai thành phần hoặc hai vùng bị cắt', en: 'The network between two parts or zones is cut' },
  'network-loss': { vi: 'Một thành phần mất một phần gói tin gửi đến nó', en: 'A part loses a share of the packets sent to it' },
  'network-delay': { vi: 'Mọi thứ một thành phần gửi đi đều đến muộn', en: 'All that a part sends arrives late' },
  'disk-full': { vi: 'Ổ đĩa của cơ sở dữ liệu bị đầy', en: 'The disk of a database is full' },
  'database-failover': { vi: 'Máy chủ PostgreSQL chết, máy dự phòng tiếp quản', en: 'The PostgreSQL server dies and its standby takes over' },
  'certificate-expired': { vi: 'Chứng thư mà một thành phần đưa cho đối tác đã hết hạn', en: 'The certificate that a part shows to partners has expired' },
  'resolver-restart': { vi: 'Máy phân giải tên miền của một vùng bị khởi động lại, bộ nhớ đệm trống hoặc cũ', en: 'A region\'s resolver is restarted, with an empty or a stale cache' },
} as const satisfies Record<string, Text>

export type DisturbanceId = keyof typeof DISTURBANCES
export const DISTURBANCE_IDS = Object.keys(DISTURBANCES) as DisturbanceId[]
