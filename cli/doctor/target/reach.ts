/** Whether every system answers: connection, certificate (trusted, of this name, not about to expire), its clock, and the account that the file gives. */
import type { Target, TargetSystem } from '../../../contracts/target.ts'
import { shownCertificate } from '../../../cutover/shown-certificate.ts'
import { hostOf } from '../../../cutover/systems.ts'
import { WireError } from '../../../cutover/wire.ts'
import { isServedHere } from '../../target/open-foreign.ts'
import { both, each, lacks, ok, TIMEOUT_MS, unknown, type TargetCheck, type TargetContext, type TargetFinding } from './check.ts'

/** The header `Date` knows whole seconds. */
const CLOCK_MS = 2_000
const EXPIRES_WITHIN_MS = 14 * 86_400_000

export const reach: TargetCheck = {
  id: 'reach', title: both('Kết nối, chứng thư, đồng hồ, tài khoản', 'Connection, certificate, clock, account'),
  run: (context) => each([...context.target.systems.filter((system) => system.mode !== 'absent'), ...whereSimulatorsPush(context.target)], (system) => lookAt(context, system)),
}

/** The portal as the partners that the product serves reach it, by keys of their own and without an account. */
function whereSimulatorsPush(target: Target): TargetSystem[] {
  const { simulators } = target
  if (!simulators || !target.systems.some((system) => isServedHere(target, system))) return []
  return [{ id: 'simulators.portalSyncUrl', role: 'portal', mode: 'real', unit: 'portal-operator', url: simulators.portalSyncUrl }]
}

async function lookAt(context: TargetContext, system: TargetSystem): Promise<TargetFinding[]> {
  const { target, wire, client, world } = context
  const { id, url, admin } = system
  if (isServedHere(target, system)) return [ok(id, 'do sản phẩm phục vụ khi chạy', 'served by the product during a run')]
  if (admin !== undefined && !await client.of(id).ready()) {
    return [lacks(id, both('giao diện quản trị không trả lời hoặc chưa sẵn sàng', 'its administration interface does not answer, or is not ready'), both('kiểm tra địa chỉ admin và hệ thống', 'check the admin address and the system'))]
  }
  if (url === undefined) return [admin === undefined ? unknown(id, 'không có địa chỉ để kiểm tra', 'has no address that could be asked') : ok(id, 'quản trị trả lời', 'its administration answers')]
  const sentAt = world.nowMs()
  try {
    const { status, headers, body } = await wire.ask(system, url, { timeoutMs: TIMEOUT_MS })
    const cameAt = world.nowMs()
    await body.dump()
    const findings = [refused(status) && system.auth
      ? lacks(id, both(`trả lời ${status}: tài khoản không được chấp nhận`, `answers ${status}: the account is not accepted`), both('kiểm tra auth và quyền của tài khoản', 'check auth and the rights of the account'))
      : ok(id, `trả lời ${status} sau ${cameAt - sentAt} ms`, `answers ${status} after ${cameAt - sentAt} ms`)]
    return [...findings, ...clockOf(id, headers['date'], sentAt, cameAt), ...url.startsWith('https:') ? await certificateOf(context, id, url) : []]
  } catch (error) {
    const { message } = error as Error
    if (error instanceof WireError && error.certificate) return [await untrusted(context, id, url, message)]
    return [lacks(id, both(`không trả lời: ${message}`, `does not answer: ${message}`), both('kiểm tra địa chỉ, đường mạng, tường lửa', 'check address, network, firewall'))]
  }
}

const refused = (status: number) => status === 401 || status === 403

function clockOf(id: string, date: string | string[] | undefined, sentAt: number, cameAt: number): TargetFinding[] {
  const told = typeof date === 'string' ? Date.parse(date) : Number.NaN
  if (Number.isNaN(told)) return []
  // Its second began at `told`; the answer was made between the two moments.
  const offMs = told > cameAt ? told - cameAt : told + 1_000 < sentAt ? told + 1_000 - sentAt : 0
  if (Math.abs(offMs) <= CLOCK_MS) return []
  return [lacks(id, both(`đồng hồ lệch ${Math.round(offMs / 1_000)} giây`, `its clock is ${Math.round(offMs / 1_000)} s off`), both('đồng bộ đồng hồ (NTP) ở cả hai phía', 'synchronise the clocks (NTP) on both sides'))]
}

/** Of one that is trusted its end is all that can be wrong. */
async function certificateOf({ world }: TargetContext, id: string, url: string): Promise<TargetFinding[]> {
  const untilMs = await endOf(url)
  if (untilMs === null) return []
  return untilMs - world.nowMs() > EXPIRES_WITHIN_MS ? [ok(id, `chứng thư đến ${dayOf(untilMs)}`, `certificate until ${dayOf(untilMs)}`)] : [lacks(id, both(`chứng thư hết hạn ngày ${dayOf(untilMs)}`, `its certificate expires on ${dayOf(untilMs)}`), RENEW)]
}

async function untrusted({ world }: TargetContext, id: string, url: string, message: string): Promise<TargetFinding> {
  const untilMs = await endOf(url)
  return untilMs !== null && untilMs <= world.nowMs()
    ? lacks(id, both(`chứng thư đã hết hạn ngày ${dayOf(untilMs)}: ${message}`, `its certificate expired on ${dayOf(untilMs)}: ${message}`), RENEW)
    : lacks(id, both(`chứng thư không được tin cậy: ${message}`, `its certificate is not trusted: ${message}`), both('gia hạn chứng thư, hoặc nêu nơi cấp ở certificateAuthority', 'have it renewed, or name its authority under certificateAuthority'))
}

async function endOf(url: string): Promise<number | null> {
  const shown = await shownCertificate({ host: hostOf(url), port: Number(new URL(url).port) || 443, timeoutMs: TIMEOUT_MS })
  return shown?.untilMs ?? null
}

const RENEW = both('gia hạn trước đêm chuyển đổi', 'have it renewed before the cutover')
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
