/** A portal for tests: real database, real sockets, coordination, payments, notifications and feedback played by neighbours; each test gets an empty one. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { businessUrl, control, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour, type Received } from '../test-bench.ts'
import { start } from './index.ts'

export const KEYS = { justice: 'key-of-justice', 'ha-noi': 'key-of-ha-noi', 'bank-vcb': 'key-of-a-bank' }
export const PAID_PROCEDURE = PROCEDURES.find((procedure) => procedure.feeVnd > 0 && procedure.handledBy === 'province')!
/** Ministries that take some procedures on their own service. */
export const OWN_SERVICES = { 'partner-finance': 'http://127.0.0.1:10', 'partner-public-security': 'http://127.0.0.1:11' }
const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province').map((partner) => partner.id)

type Answer = { status: number; body?: unknown }
const NEIGHBOURS = ['coordination', 'payments', 'notifications', 'feedback'] as const
type NeighbourId = (typeof NEIGHBOURS)[number]

const USUAL: Record<NeighbourId, (request: Received) => Answer> = {
  coordination: ({ body }) => ({ status: 200, body: { accepted: (body.dossiers ?? body.statuses).length } }),
  payments: ({ body }) => ({ status: 201, body: { transactionCode: `T-${body.reference}`, qr: 'QR', amountVnd: body.amountVnd, bank: body.bank, expiresAt: 1 } }),
  notifications: () => ({ status: 202, body: { messageId: 'M1', status: 'accepted' } }),
  feedback: ({ body }) => ({ status: 200, body: { accepted: body.items.length } }),
}

export type PortalBench = {
  config: ServiceConfig
  pool: pg.Pool
  neighbours: Record<NeighbourId, Neighbour>
  /** How neighbours answer in this test. */
  answers: Record<NeighbourId, (request: Received) => Answer>
}

/** Registers the hooks; what it gives is filled anew before each test. */
export function usePortal(): PortalBench {
  const bench = { answers: { ...USUAL } } as PortalBench
  let postgres: Awaited<ReturnType<typeof startTestPostgres>> | undefined
  beforeAll(async () => {
    postgres = await startTestPostgres()
    const started = await Promise.all(NEIGHBOURS.map(async (id) => [id, await startNeighbour((request) => bench.answers[id](request))] as const))
    bench.neighbours = Object.fromEntries(started) as PortalBench['neighbours']
  })
  afterAll(async () => {
    await Promise.all(Object.values(bench.neighbours ?? {}).map((neighbour) => neighbour.close()))
    await postgres?.stop()
  })
  beforeEach(async () => {
    Object.assign(bench.answers, USUAL)
    for (const neighbour of Object.values(bench.neighbours)) neighbour.received.length = 0
    const database = await serviceDatabase(postgres!.url, 'portal')
    const urls = Object.fromEntries(NEIGHBOURS.map((id) => [id, bench.neighbours[id].url]))
    bench.pool = database.pool
    bench.config = testConfig('portal', { databaseUrl: database.url, keys: KEYS, urls: { ...OWN_SERVICES, ...urls, vneid: 'http://127.0.0.1:9' } })
    const portal = await start(bench.config)
    return async () => { await portal.close(); await database.pool.end() }
  })
  return bench
}

export async function call({ config }: PortalBench, method: string, path: string, options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {}) {
  const answer = await fetch(businessUrl(config) + path, {
    method, redirect: 'manual',
    headers: { ...options.headers, ...(options.cookie && { cookie: options.cookie }), ...(options.body !== undefined && { 'content-type': 'application/json' }) },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined, servedBy: answer.headers.get('x-served-by') }
}

/** A session as the callback leaves it in the table. */
export async function loggedIn({ pool }: PortalBench, personId: string): Promise<string> {
  const value = randomBytes(16).toString('hex')
  await pool.query('insert into sessions (id, person_id, level, reference, begun_at) values ($1, $2, 2, $3, now())',
    [createHash('sha256').update(value).digest('hex').slice(0, 32), personId, randomBytes(8).toString('hex')])
  return `sid=${value}`
}

export async function openPortal(bench: PortalBench): Promise<void> {
  const procedures = PROCEDURES.map(({ code, title, ...rest }) => ({ procedureCode: code, title: title.vi, ...rest, provinces: PROVINCES }))
  expect((await call(bench, 'POST', '/internal/v1/catalogue', { body: { procedures } })).body).toEqual({ published: PROCEDURES.length })
  expect(await control(bench.config, { action: 'mode', mode: 'open' })).toEqual({ status: 200, body: { mode: 'open' } })
}

export function submission(reference: string, person = personOf(1), procedureCode = PAID_PROCEDURE.code) {
  return { reference, procedureCode, provinceId: 'ha-noi', applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone, note: '' }
}

/** A dossier as the Ministry of Justice pushes it. */
export function pushed(number: number, change: Record<string, unknown> = {}) {
  const person = personOf(number)
  return {
    reference: `sync.${number}.push.0000000000`, dossierCode: `G08-260410-${String(number).padStart(6, '0')}`, procedureCode: PAID_PROCEDURE.code, unitCode: 'G08',
    applicantId: person.personId, applicantName: person.name, applicantBirthDate: person.birthDate, status: 'received', submittedAt: Date.UTC(2026, 3, 10, 15), note: '', ...change,
  }
}

export function push(bench: PortalBench, path: string, body: unknown, partner: keyof typeof KEYS = 'justice', key = KEYS[partner]) {
  const signature = createHmac('sha256', key).update(JSON.stringify(body)).digest('hex')
  return call(bench, 'POST', path, { body, headers: { 'x-partner': partner, 'x-signature': signature } })
}

/** Resolves when everything has been delivered onward. */
export async function drained({ config }: PortalBench): Promise<void> {
  while (await pendingOf(config) > 0) await new Promise(setImmediate)
}

export async function countDossiers({ pool }: PortalBench): Promise<number> {
  return (await pool.query('select count(*)::int as n from dossiers')).rows[0].n
}

/** What the systems behind the portal tell it. */
export function tellInside(bench: PortalBench, path: string, body: unknown) { return call(bench, 'POST', `/internal/v1/${path}`, { body }) }

/** What a neighbour was sent in batches, in order. */
export function sentTo(bench: PortalBench, id: NeighbourId, member: string): any[] {
  return bench.neighbours[id].received.flatMap(({ body }) => body[member] ?? [])
}
