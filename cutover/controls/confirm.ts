/** A person acts and confirms (the fallback of business): the harness asks, waits, and believes what it can see for itself by the step's completion criteria. */
import type { Text } from '../../contracts/text.ts'
import type { ControlAct } from '../../contracts/target/control.ts'
import { way } from './control.ts'

const WORDS: Record<ControlAct, (values: Readonly<Record<string, string>>) => Text> = {
  'mode.open': ({ system }) => ({ vi: `Mở ${system} cho người dùng`, en: `Open ${system} to the public` }),
  'mode.closed': ({ system }) => ({ vi: `Đóng ${system}`, en: `Close ${system}` }),
  'mode.frozen': ({ system }) => ({ vi: `Khóa tiếp nhận trên ${system}, vẫn cho tra cứu`, en: `Freeze submissions on ${system}, leave look-ups open` }),
  'publish': () => ({ vi: 'Công khai danh mục thủ tục trên Cổng mới', en: 'Publish the catalogue on the new portal' }),
  'unpublish': () => ({ vi: 'Gỡ danh mục thủ tục khỏi Cổng mới', en: 'Take the catalogue off the new portal' }),
  'connect': ({ partner }) => ({ vi: `Kết nối ${partner} với Cổng mới`, en: `Connect ${partner} to the new portal` }),
  'disconnect': ({ partner }) => ({ vi: `Ngắt ${partner} khỏi Cổng mới; đơn vị tiếp tục trên hệ thống của mình`, en: `Disconnect ${partner} from the new portal; it goes on in its own system` }),
  'connections.close': ({ system }) => ({ vi: `Để ${system} đóng các kết nối đang giữ`, en: `Let ${system} close kept-alive connections` }),
  'connections.keep': ({ system }) => ({ vi: `Để ${system} giữ kết nối như thường`, en: `Let ${system} keep connections alive again` }),
  'zone.set': ({ name, address, ttl }) => ({
    vi: `Đặt bản ghi A của ${name}${address ? ` trỏ tới ${address}` : ''}${ttl ? `, TTL ${ttl} giây` : ''}`, en: `Set the A record of ${name}${address ? ` to ${address}` : ''}${ttl ? `, TTL ${ttl} s` : ''}`,
  }),
}

export const confirmWay = way<'confirm'>({
  by: 'confirm',
  async act({ system, act, values, access, signal }, { ask, timeoutMs }) {
    const done = await access.confirm({ system: system.id, act, text: ask ?? WORDS[act](values), timeoutMs }, signal)
    if (!done) throw new Error('the person who was asked says that it was not done')
    return { confirmedBy: 'person' }
  },
})
