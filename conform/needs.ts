/** What a check can need of the fixture, and how a reader is told that it is missing. */
import type { Text } from '../contracts/text.ts'
import type { Fixture } from './fixture.ts'

type Definition = { has: (fixture: Fixture) => boolean; why: Text }

export const NEEDS = {
  'system-key': { has: ({ keys }) => keys.system !== undefined, why: { vi: 'thiếu khóa ký của hệ thống (keys.system)', en: 'the system\'s signing key is missing (keys.system)' } },
  'caller-key': { has: ({ keys }) => keys.caller !== undefined, why: { vi: 'thiếu khóa ký của bên gọi (keys.caller)', en: 'the caller\'s signing key is missing (keys.caller)' } },
  'specialised-key': { has: ({ keys }) => keys.specialised !== undefined, why: { vi: 'thiếu khóa ký của hệ thống hộ tịch (keys.specialised)', en: 'civil status\'s signing key is missing (keys.specialised)' } },
  'receiver': { has: ({ receiver }) => receiver.reachable, why: { vi: 'hệ thống không gọi lại được địa chỉ nhận (receiver)', en: 'the system cannot call the receiver back (receiver)' } },
  'portal': { has: ({ receiver: { reachable, portal, port } }) => reachable && (portal ?? port !== 0), why: { vi: 'hệ thống chưa được cấu hình để đẩy đến địa chỉ nhận này (receiver.portal)', en: 'the system is not configured to push to this receiver (receiver.portal)' } },
  'push-dossier': { has: ({ triggers }) => triggers.pushDossier !== undefined, why: { vi: 'không có cách kích hoạt đẩy hồ sơ (triggers.pushDossier)', en: 'no way to trigger the push of a dossier (triggers.pushDossier)' } },
  'push-status': { has: ({ triggers }) => triggers.pushStatus !== undefined, why: { vi: 'không có cách kích hoạt đẩy trạng thái (triggers.pushStatus)', en: 'no way to trigger the push of a status (triggers.pushStatus)' } },
  'own-service': { has: ({ triggers }) => triggers.ownService, why: { vi: 'không có dịch vụ riêng cho công dân (triggers.ownService)', en: 'no service of its own for citizens (triggers.ownService)' } },
  'scan': { has: ({ triggers }) => triggers.scan, why: { vi: 'không có cách quét mã QR thử (triggers.scan)', en: 'no way to scan a QR for test (triggers.scan)' } },
  'login': { has: ({ triggers, client }) => triggers.login && client !== undefined, why: { vi: 'không có cách đăng nhập bằng chương trình (triggers.login, client)', en: 'no way for a program to log a person in (triggers.login, client)' } },
  'back-channel': { has: ({ client, receiver }) => client?.backChannel === true && receiver.reachable, why: { vi: 'địa chỉ đăng xuất ngầm chưa đăng ký (client.backChannel)', en: 'the back-channel logout address is not registered (client.backChannel)' } },
  'client': { has: ({ client }) => client !== undefined, why: { vi: 'thiếu ứng dụng đăng ký (client)', en: 'the registered client is missing (client)' } },
  'citizen': { has: ({ citizens }) => citizens.length > 0, why: { vi: 'thiếu công dân thử (citizens)', en: 'a test citizen is missing (citizens)' } },
  'two-citizens': { has: ({ citizens }) => citizens.length > 1, why: { vi: 'thiếu công dân thử thứ hai (citizens)', en: 'a second test citizen is missing (citizens)' } },
  'foreigner': { has: ({ citizens }) => citizens.some(({ kind }) => kind === 'foreigner'), why: { vi: 'thiếu người nước ngoài thử (citizens)', en: 'a test foreigner is missing (citizens)' } },
  'company': { has: ({ citizens }) => citizens.some(({ kind }) => kind === 'company'), why: { vi: 'thiếu doanh nghiệp thử (citizens)', en: 'a test company is missing (citizens)' } },
  'organisation': { has: ({ citizens }) => citizens.some(({ kind }) => kind === 'organisation'), why: { vi: 'thiếu tổ chức thử (citizens)', en: 'a test organisation is missing (citizens)' } },
  'minor': { has: ({ citizens }) => citizens.some(({ kind }) => kind === 'minor'), why: { vi: 'thiếu người chưa thành niên thử (citizens)', en: 'a test minor is missing (citizens)' } },
  'level-1': { has: ({ citizens }) => citizens.some(({ level }) => level === 1), why: { vi: 'thiếu công dân thử mức 1 (citizens)', en: 'a test citizen of level 1 is missing (citizens)' } },
  'session': { has: ({ citizens, login }) => login !== undefined || citizens.some(({ cookie }) => cookie !== undefined), why: { vi: 'không có cách đăng nhập (login, hoặc citizens[].cookie)', en: 'no way to log in (login, or citizens[].cookie)' } },
} as const satisfies Record<string, Definition>

export type Need = keyof typeof NEEDS

/** The first need that the fixture does not meet. */
export function missingNeed(needs: readonly Need[] = [], fixture: Fixture): Text | undefined {
  const missing = needs.find((need) => !NEEDS[need].has(fixture))
  return missing && NEEDS[missing].why
}
