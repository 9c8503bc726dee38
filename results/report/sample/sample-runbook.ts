/** The runbook of the sample night: the steps, gates, owners and times of a cutover night, in both languages. */
import type { RunbookInput } from '../../../contracts/runbook.ts'

type Row = readonly [id: string, at: string, action: string, owner: string, vi: string, en: string, doneWhen: string, undo?: boolean]

const STEPS: readonly Row[] = [
  ['lower-ttl', '21:00', 'dns.ttl', 'infrastructure', 'Hạ TTL của bản ghi DNS', 'Lower the TTL of the DNS record', 'dns.ttl(all) <= 60s'],
  ['wait-ttl', '21:05', 'wait', 'infrastructure', 'Chờ TTL cũ hết hạn', 'Wait out the old TTL', 'dns.ttl(all) <= 60s'],
  ['steady-state', '21:20', 'steady.hold', 'portal-operator', 'Xác nhận trạng thái ổn định', 'Confirm the steady state', 'portal.errorRate < 2%'],
  ['freeze-legacy', '22:00', 'legacy.freeze', 'legacy-operator', 'Đóng băng cổng cũ', 'Freeze the old portal', 'legacy.frozen == 1'],
  ['bulk-copy', '22:05', 'migration.bulk', 'legacy-operator', 'Chuyển toàn bộ hồ sơ cũ', 'Bulk copy of the old dossiers', 'migration.remaining == 0'],
  ['delta-copy', '22:40', 'migration.delta', 'legacy-operator', 'Chuyển phần phát sinh', 'Copy the delta', 'migration.remaining == 0'],
  ['verify-copy', '22:50', 'migration.verify', 'portal-operator', 'Đối soát hồ sơ đã chuyển', 'Verify the copy row by row', 'migration.mismatches == 0'],
  ['publish-catalogue', '23:05', 'catalogue.publish', 'portal-operator', 'Công khai danh mục thủ tục', 'Publish the catalogue', 'catalogue.published >= 16'],
  ['open-portal', '23:10', 'portal.open', 'portal-operator', 'Mở cổng mới', 'Open the new portal', 'portal.open == 1'],
  ['switch-dns', '23:15', 'dns.switch', 'infrastructure', 'Chuyển DNS sang cổng mới', 'Switch DNS to the new portal', 'dns.ttl(all) <= 60s'],
  ['watch-dns', '23:16', 'dns.watch', 'infrastructure', 'Theo dõi hội tụ DNS từng vùng', 'Watch convergence per region', 'dns.converged(all) == 100%', false],
  ['connect-wave-1', '23:42', 'partners.connect', 'partners', 'Kết nối đợt 1: các bộ, EVN', 'Connect wave 1: ministries, EVN', 'partners.connected(wave-1) >= 16', false],
  ['connect-wave-2', '00:40', 'partners.connect', 'partners', 'Kết nối đợt 2: miền Bắc', 'Connect wave 2: the North', 'partners.connected(wave-2) >= 15', false],
  ['connect-wave-3', '01:37', 'partners.connect', 'partners', 'Kết nối đợt 3: miền Trung và Nam', 'Connect wave 3: Centre and South', 'partners.connected(wave-3) >= 19', false],
]

export function sampleRunbook(timeScale: number): RunbookInput {
  return {
    version: 1, name: 'night-2026-04-10', title: { vi: 'Diễn tập chuyển đổi đêm 10 rạng ngày 11/4/2026', en: 'Cutover rehearsal of the night of 10 to 11 April 2026' },
    window: { date: '2026-04-10', start: '21:00', end: '04:00', timeScale },
    parties: {
      'portal-operator': 'Đơn vị vận hành cổng mới', 'infrastructure': 'Đơn vị hạ tầng', 'legacy-operator': 'Đơn vị vận hành cổng cũ', 'partners': 'Bộ, ngành, địa phương',
      'bank': 'Ngân hàng', 'telecom': 'Nhà mạng', 'vneid-operator': 'Đơn vị vận hành VNeID', 'payment-operator': 'Đơn vị thanh toán', 'steering-committee': 'Ban Chỉ đạo',
    },
    load: { profile: 'night', split: 'split-night-2026-04-10' },
    steadyState: ['portal.errorRate < 2%', 'portal.submit.p95 < 800ms'],
    steps: [
      ...STEPS.map(([id, at, action, owner, vi, en, doneWhen, undo = true]) => ({
        id, at, owner, title: { vi, en }, do: { [action]: {} }, doneWhen: [doneWhen], watch: ['portal.errorRate < 2%'], timeout: '20m', fallback: { undo, proceed: !undo },
      })),
      { gate: 'go-no-go', title: { vi: 'Quyết định tiếp tục hay dừng', en: 'Go / no-go' }, at: '03:30', asks: ['migration.mismatches == 0', 'sync.pending(all) == 0', 'dns.converged(all) == 100%'], approver: 'steering-committee', onNo: 'record' },
      { id: 'close', at: '03:50', owner: 'portal-operator', title: { vi: 'Kết thúc phiên', en: 'Close the night' }, do: { 'night.close': {} }, doneWhen: ['portal.errorRate < 2%'], watch: ['portal.errorRate < 2%'], timeout: '10m', fallback: { proceed: true } },
    ],
  }
}
