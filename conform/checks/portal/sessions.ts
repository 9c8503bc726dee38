/**
 * What the portal's checks begin with: a citizen's session (opened through the issuer's login page, or by hand), a person and a procedure that no other check
 * uses at the same time, a dossier submitted and withdrawn again, a dossier synced up.
 */
import { handlingPartner, procedureOf, PROCEDURES, type Procedure } from '../../../contracts/reference/procedures.ts'
import { partnerOf } from '../../../contracts/reference/partners.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'
import { dueDateRule } from '../../../contracts/working-days.ts'
import { answered, Broken, demand, isNow, listIn, notTriggerable, shows, textIn, type Check, type Flow } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Citizen } from '../../fixture.ts'

export function portalCheck(topic: string, flow: Flow, vi: string, en: string, run: Check['run'], needs: Check['needs'] = ['session', 'citizen']): Check {
  return { id: `portal.${topic}`, flow, needs, requirement: { vi, en }, run }
}
export const SYNC = ['caller-key'] as const

/** `{cookie}` of the citizen's session; one for a run. */
export async function session(context: Context, citizen: Citizen): Promise<{ cookie: string }> {
  const given = context.secrets.cookieOf(citizen.personId)
  return { cookie: given ?? await context.once(`session ${citizen.personId}`, () => logIn(context, citizen)) }
}

/** As a browser goes: portal, issuer's page, portal again. */
export async function logIn(context: Context, citizen: Citizen, returnTo = '/'): Promise<string> {
  if (context.fixture.login === undefined) return notTriggerable('không có cách đăng nhập cho người này', 'there is no way to log this person in')
  const get = (name: string, url: string, headers: Record<string, string> = {}) => context.send(name, { method: 'GET', url, headers, body: undefined })
  const begun = await get('portal /auth/login', `${context.baseUrl}/auth/login?reference=${context.tag()}&return=${encodeURIComponent(returnTo)}`)
  answered(begun, 302)
  const page = await get('issuer authorize', locationOf(begun))
  answered(page, 200)
  demand(URL.canParse(String(page.json?.loginUrl)), { vi: 'địa chỉ trang đăng nhập (loginUrl)', en: 'the login page\'s address (loginUrl)' }, page.text.slice(0, 200), page)
  const loginUrl = new URL(String(page.json?.loginUrl))
  const entered = await context.send('issuer login', {
    method: 'POST', url: loginUrl.origin + loginUrl.pathname, headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ request: loginUrl.searchParams.get('request'), personId: citizen.personId, passcode: context.secrets.passcodeOf(citizen.personId) }),
  })
  answered(entered, 302)
  demand(URL.canParse(locationOf(entered)), { vi: 'địa chỉ chuyển hướng đầy đủ', en: 'an absolute address to go to' }, locationOf(entered), entered)
  const { pathname, search } = new URL(locationOf(entered))
  const back = await get('portal callback', context.baseUrl + pathname + search, { cookie: cookiesOf(begun) })
  answered(back, 302)
  const cookie = cookiesOf(back)
  demand(cookie.includes('='), { vi: 'phiên trong cookie', en: 'a session in a cookie' }, JSON.stringify(Object.keys(back.headers)), back)
  return cookie
}

export function locationOf(exchange: Exchange): string { return String(exchange.headers['location'] ?? '') }
export function cookiesOf({ headers }: Exchange): string {
  return [headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]!).filter((pair) => !pair.endsWith('=')).join('; ')
}

export type Turn = { citizen: Citizen; procedureCode: string; cookie: string }

/** A citizen of level 2 and a procedure with a fee, for this check alone: a second open dossier of the two would be refused. */
export async function turn(context: Context): Promise<Turn> {
  const pairs = await context.once('turns', async () => {
    const people = context.fixture.citizens.filter(({ kind, level }) => kind === 'citizen' && level === 2)
    return people.flatMap((citizen) => context.fixture.unit.procedures.map((procedureCode) => ({ citizen, procedureCode })))
  })
  const pair = pairs.shift()
  if (!pair) return notTriggerable('không đủ cặp công dân và thủ tục (citizens, unit.procedures)', 'too few pairs of citizen and procedure (citizens, unit.procedures)')
  return { ...pair, ...await session(context, pair.citizen) }
}
export const withFee = (procedureCode: string) => (procedureOf(procedureCode)?.feeVnd ?? 0) > 0

export function submission(context: Context, { citizen, procedureCode }: Pick<Turn, 'citizen' | 'procedureCode'>, changes: object = {}) {
  return { reference: context.tag(), procedureCode, provinceId: context.fixture.unit.provinceId, applicantName: citizen.name, applicantBirthDate: citizen.birthDate, phone: citizen.phone, note: context.mark, ...changes }
}

/** Of a dossier that has just been submitted: nothing of it may be another's. */
export const DOSSIER_FIELDS = ['dossierCode', 'procedureCode', 'unitCode', 'feeVnd', 'submittedAt', 'dueAt'] as const
export function demandSubmitted(context: Context, exchange: Exchange, procedureCode: string): void {
  shows(exchange, { procedureCode })
  const { unitCode, feeVnd, status, submittedAt, dueAt } = exchange.json ?? {}
  const procedure = procedureOf(procedureCode)
  if (procedure) {
    demandUnit(context, exchange, procedure, unitCode)
    demand(feeVnd === procedure.feeVnd, `feeVnd = ${procedure.feeVnd}`, `feeVnd = ${feeVnd}`, exchange)
  }
  demand(DOSSIER_STATUSES.includes(status), DOSSIER_STATUSES.join(' | '), String(status), exchange)
  isNow(submittedAt, 'submittedAt', context.nowMs(), exchange)
  const due = dueDateRule()(submittedAt)
  demand(dueAt === due, `dueAt = ${new Date(due).toISOString()}`, `dueAt = ${String(dueAt)}`, exchange)
}
/** The unit that routing names, or one below it. */
export function demandUnit(context: Context, exchange: Exchange, procedure: Procedure, said: unknown): void {
  const { unitCode } = partnerOf(handlingPartner(procedure, context.fixture.unit.provinceId))
  demand(said === unitCode || String(said).startsWith(`${unitCode}.`), `unitCode = ${unitCode}`, `unitCode = ${String(said)}`, exchange)
}

export async function submitted(context: Context, mine: Turn, changes: object = {}): Promise<{ input: ReturnType<typeof submission>; dossierCode: string; exchange: Exchange }> {
  const input = submission(context, mine, changes)
  let exchange = await context.ask('submit', input, { headers: { cookie: mine.cookie } })
  // Left open by a run that was cut short.
  if (exchange.code === 'DUPLICATE_OPEN_DOSSIER') {
    await withdrawOpen(context, mine)
    exchange = await context.ask('submit', input, { headers: { cookie: mine.cookie } })
  }
  answered(exchange, 201)
  const dossierCode = textIn(exchange, 'dossierCode')
  context.made('dossier', dossierCode)
  return { input, dossierCode, exchange }
}

export function withdraw(context: Context, cookie: string, dossierCode: string, reference = context.tag()): Promise<Exchange> {
  return context.ask('withdraw', { dossierCode, reference, reason: context.mark }, { headers: { cookie } })
}

async function withdrawOpen(context: Context, { cookie, procedureCode }: Turn): Promise<void> {
  const list = await context.ask('own-dossiers', {}, { headers: { cookie } })
  for (const one of listIn(list, 'dossiers')) if (one.procedureCode === procedureCode) await withdraw(context, cookie, one.dossierCode)
}

/** Runs with a dossier of one's own and withdraws it afterwards, whatever happened. */
export async function withSubmitted(context: Context, run: (mine: Turn & { dossierCode: string }) => Promise<void>, which: (procedureCode: string) => boolean = () => true): Promise<void> {
  let mine = await turn(context)
  while (!which(mine.procedureCode)) mine = await turn(context)
  const { dossierCode } = await submitted(context, mine)
  try { await run({ ...mine, dossierCode }) } finally { await withdraw(context, mine.cookie, dossierCode).catch((error: unknown) => { if (!(error instanceof Broken)) throw error }) }
}

let strangers = 0
/** As the partner of the fixture pushes it; of a person whom nobody else in the run is, unless one is named. */
export function syncOrder(context: Context, changes: object = {}) {
  const { unit } = context.fixture
  const { personId, name, birthDate } = personOf(91_000_000 + (strangers += 1) % 1_000_000)
  return {
    reference: context.tag(), dossierCode: context.dossierCode(), procedureCode: unit.procedures[0]!, unitCode: unit.unitCode, applicantId: personId, applicantName: name,
    applicantBirthDate: birthDate, status: 'received', submittedAt: context.nowMs() - 60_000, note: context.mark, ...changes,
  }
}
export async function synced(context: Context, changes: object = {}): Promise<ReturnType<typeof syncOrder>> {
  const input = syncOrder(context, changes)
  answered(await context.ask('sync-dossier', input), 201)
  context.made('dossier', input.dossierCode)
  return input
}
export function statusOrder(context: Context, dossierCode: string, status: string, changes: object = {}) { return { reference: context.tag(), dossierCode, status, at: context.nowMs(), ...changes } }

export const REDIRECTED = PROCEDURES.find(({ redirected }) => redirected)
