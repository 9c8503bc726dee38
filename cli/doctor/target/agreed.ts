/** What the file itself says: hosts that may be spoken to, hours, what may be done. */
import { isoHanoi } from '../../../contracts/scenario-clock.ts'
import { permissionsOf } from '../../../contracts/target.ts'
import { placesOf } from '../../../cutover/allow-list.ts'
import { windowProblem } from '../../target/window.ts'
import { both, lacks, ok, type TargetCheck, type TargetFinding } from './check.ts'

export const allowList: TargetCheck = {
  id: 'allow-list', title: both('Danh sách địa chỉ được phép', 'Allow-list'),
  run: async ({ target }) => [ok('allow', `${new Set(placesOf(target).map(([, host]) => host)).size} máy chủ, tất cả được phép (${target.allow.join(', ')})`, `${new Set(placesOf(target).map(([, host]) => host)).size} hosts, all allowed (${target.allow.join(', ')})`)],
}

export const window: TargetCheck = {
  id: 'window', title: both('Khung giờ được phép tải', 'Hours in which it may be loaded'),
  async run({ target, world }) {
    const { window: hours } = permissionsOf(target)
    if (!hours) return [ok('may.window', 'không giới hạn', 'no limit')]
    const told = `${hours.from}–${hours.to}`
    const now = isoHanoi(world.nowMs()).slice(11, 16)
    return [windowProblem(hours, world.nowMs(), 0) === null ? ok('may.window', `${told}, bây giờ là ${now}`, `${told}, it is ${now}`)
      : lacks('may.window', both(`${told}, bây giờ là ${now}`, `${told}, it is ${now}`), both('chạy trong khung giờ, hoặc sửa may.window nếu đã thỏa thuận', 'run within these hours, or change may.window if that is agreed'))]
  },
}

export const permissions: TargetCheck = {
  id: 'permissions', title: both('Được phép làm gì', 'What may be done'),
  async run({ target }) {
    const { write, control, faults, ratePerSecond, identities } = permissionsOf(target)
    const list = faults === 'all' ? 'all' : faults.join(', ') || '-'
    const told: TargetFinding[] = [ok('may', `điều khiển: ${control ? 'có' : 'không'}; sự cố: ${list}; tối đa ${ratePerSecond ?? '∞'} yêu cầu/giây; người thử: ${identities ?? '*'}`, `control: ${control ? 'yes' : 'no'}; faults: ${list}; at most ${ratePerSecond ?? '∞'} requests/s; identities: ${identities ?? '*'}`)]
    return write ? told : [...told, lacks('may.write', both('chỉ được đọc', 'read only'), both('đặt may.write: true nếu đã được đồng ý; nếu không, không chạy tải được', 'set may.write: true if that is agreed; without it no load can be run'))]
  },
}
