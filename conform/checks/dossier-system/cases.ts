/** What the checks of a dossier system begin with: a forwarded dossier, one taken at the desk and pushed, an inbox that stands for the portal. */
import type { CoordinationDossier } from '../../../contracts/api/inside.ts'
import { answered, demand, notTriggerable, shows, type Check, type Flow } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Inbox, Received, Treatment } from '../../receiver.ts'

export type DeskOrder = { reference: string; dossierCode: string; procedureCode: string; applicantId: string; applicantName: string; applicantBirthDate: string; status: string; note: string }
export type StatusOrder = { reference: string; dossierCode: string; status: string }

export function dossierCheck(topic: string, flow: Flow, vi: string, en: string, run: Check['run'], needs: Check['needs'] = []): Check {
  return { id: `dossier.${topic}`, flow, needs, requirement: { vi, en }, run }
}
export const times = (n: number) => ({ vi: `${n} lần`, en: `${n} times` })

export function forwardedDossier(context: Context, changes: Partial<CoordinationDossier> = {}): CoordinationDossier {
  const { unit, citizens } = context.fixture
  return {
    reference: context.tag(), dossierCode: context.dossierCode(), procedureCode: unit.procedures[0]!, unitCode: unit.unitCode, applicantName: citizens[0]!.name, status: 'newly-registered',
    submittedAt: context.nowMs() - 60_000, origin: 'direct', partner: unit.partnerId, level: null, feeVnd: 0, dueAt: null, territory: unit.unitCode.startsWith('H') ? unit.unitCode : null, ...changes,
  }
}

export async function forwarded(context: Context, changes: Partial<CoordinationDossier> = {}): Promise<CoordinationDossier> {
  const input = forwardedDossier(context, changes)
  const exchange = await context.ask('forwarded', input)
  answered(exchange, 200)
  demand(exchange.json?.result === 'received', 'received', String(exchange.json?.result), exchange)
  context.made('dossier', input.dossierCode)
  return input
}

export async function statusOf(context: Context, reference: string): Promise<{ status: string; exchange: Exchange }> {
  const exchange = await context.ask('desk-look-up', { reference })
  answered(exchange, 200)
  return { status: String(exchange.json?.status), exchange }
}

export async function demandStatus(context: Context, reference: string, wanted: string): Promise<void> {
  const { status, exchange } = await statusOf(context, reference)
  demand(status === wanted, wanted, status, exchange)
}

export function deskOrder(context: Context, changes: Partial<DeskOrder> = {}): DeskOrder {
  const { unit, citizens: [citizen] } = context.fixture
  return {
    reference: context.tag(), dossierCode: context.dossierCode(), procedureCode: unit.procedures[0]!, applicantId: citizen!.personId, applicantName: citizen!.name,
    applicantBirthDate: citizen!.birthDate, status: 'received', note: context.mark, ...changes,
  }
}

/** Makes the system take a dossier and push it, the way the fixture says. The exchange is with its desk, where that is how. */
export async function takeAtDesk(context: Context, order: DeskOrder): Promise<Exchange> {
  const exchange = await trigger(context, context.fixture.triggers.pushDossier, 'desk-dossier', order)
  context.made('dossier', order.dossierCode)
  return exchange
}

export async function setAtDesk(context: Context, order: StatusOrder): Promise<Exchange> { return trigger(context, context.fixture.triggers.pushStatus, 'desk-status', order) }

async function trigger(context: Context, how: Context['fixture']['triggers']['pushDossier'], operation: string, order: Record<string, string>): Promise<Exchange> {
  if (how === undefined) return notTriggerable('không có cách kích hoạt', 'there is no way to trigger it')
  if (how === 'desk') return context.ask(operation, order)
  const fill = (text: string, encode: (value: string) => string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => name in order ? encode(order[name]!) : whole)
  const exchange = await context.send(`trigger ${operation}`, {
    method: how.method, url: fill(how.url, encodeURIComponent), headers: how.headers, body: how.body === '' ? undefined : fill(how.body, (value) => JSON.stringify(value).slice(1, -1)),
  })
  demand(exchange.status !== null && exchange.status < 300, { vi: 'kích hoạt được', en: 'the trigger is taken' }, String(exchange.status ?? exchange.error), exchange)
  return exchange
}

/** What the desk of the contract says of the push; other triggers say nothing of it. */
export function demandSync(context: Context, exchange: Exchange, wanted: string): void {
  if (context.fixture.triggers.pushDossier !== 'desk') return
  answered(exchange, 201)
  demand(exchange.json?.sync === wanted, wanted, String(exchange.json?.sync), exchange)
}

/** What a desk is told where the portal has said yes. */
export function demandAcknowledged(exchange: Exchange): void {
  answered(exchange, 201)
  shows(exchange, { sync: 'acknowledged', portalStatus: 201 })
}
/** And where it has refused. */
export function demandRefused(exchange: Exchange, portalStatus: number, errorCode: string): void {
  answered(exchange, 201)
  shows(exchange, { sync: 'refused', portalStatus, errorCode })
}

/** The portal, for pushes of this dossier. */
export function portalFor(context: Context, dossierCode: string, kind: 'push-dossier' | 'push-status', treat?: (nth: number) => Treatment): Inbox {
  const yes: Treatment = { status: 201, body: { result: kind === 'push-dossier' ? 'created' : 'applied' } }
  return context.pushes(kind, (said) => said?.dossierCode === dossierCode, treat ?? (() => yes))
}

export async function pushed(context: Context, inbox: Inbox, count = 1): Promise<Received> {
  const { callbackMs } = context.fixture.waits
  demand(await inbox.arrived(count, callbackMs), { vi: `đẩy lên cổng trong ${callbackMs} ms`, en: `a push to the portal within ${callbackMs} ms` }, times(inbox.received.length), context.exchanges.at(-1))
  return inbox.received[count - 1]!
}

/** A dossier that was taken at the desk and is on the portal. */
export async function deskDossier(context: Context, changes: Partial<DeskOrder> = {}): Promise<DeskOrder> {
  const order = deskOrder(context, changes)
  const inbox = portalFor(context, order.dossierCode, 'push-dossier')
  demandSync(context, await takeAtDesk(context, order), 'acknowledged')
  await pushed(context, inbox)
  return order
}
