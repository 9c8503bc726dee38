/** A coordination system for tests: real database, real sockets; portal, payments and two partners played by neighbours; each test gets an empty one. */
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { StaffAction } from '../../../contracts/api/staff.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { staffAccountOf, type StaffAccount } from '../../../contracts/reference/staff.ts'
import { businessUrl, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour, type Received } from '../test-bench.ts'
import { start } from './index.ts'

type Answer = { status: number; body?: unknown }
const NEIGHBOURS = ['portal', 'payments', 'partner-justice', 'partner-ha-noi'] as const
type NeighbourId = (typeof NEIGHBOURS)[number]
const accepts = () => ({ status: 200, body: {} })

export type CoordinationBench = {
  config: ServiceConfig
  pool: pg.Pool
  neighbours: Record<NeighbourId, Neighbour>
  /** How neighbours answer in this test. */
  answers: Record<NeighbourId, (request: Received) => Answer>
}

/** Registers the hooks; what it gives is filled anew before each test. */
export function useCoordination(): CoordinationBench {
  const bench = {} as CoordinationBench
  let postgres: Awaited<ReturnType<typeof startTestPostgres>> | undefined
  beforeAll(async () => {
    postgres = await startTestPostgres()
    bench.neighbours = Object.fromEntries(await Promise.all(NEIGHBOURS.map(async (id) => [id, await startNeighbour((request) => bench.answers[id](request))]))) as CoordinationBench['neighbours']
  })
  afterAll(async () => {
    await Promise.all(Object.values(bench.neighbours ?? {}).map((neighbour) => neighbour.close()))
    await postgres?.stop()
  })
  beforeEach(async () => {
    bench.answers = Object.fromEntries(NEIGHBOURS.map((id) => [id, accepts])) as unknown as CoordinationBench['answers']
    for (const neighbour of Object.values(bench.neighbours)) neighbour.received.length = 0
    const { url, pool } = await serviceDatabase(postgres!.url, 'coordination')
    bench.pool = pool
    bench.config = testConfig('coordination', { databaseUrl: url, keys: { staff: 'key-staff' }, urls: Object.fromEntries(NEIGHBOURS.map((id) => [id, bench.neighbours[id].url])) })
    const coordination = await start(bench.config)
    return async () => { await coordination.close(); await pool.end() }
  })
  return bench
}

export async function call({ config }: CoordinationBench, method: string, path: string, body?: unknown, token?: string) {
  const answer = await fetch(businessUrl(config) + path, {
    method, headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() as any }
}

/** Officers by what they are; those whose number ends in 0 may receive anywhere. */
export const OFFICERS = {
  ministry: staffAccountOf('G08', 'ministry', 1), province: staffAccountOf('H01', 'province', 1), commune: staffAccountOf('H01', 'commune', 1),
  elsewhere: staffAccountOf('H02', 'province', 1), anywhere: staffAccountOf('H02', 'province', 10), otherMinistry: staffAccountOf('G06', 'ministry', 1),
} as const
export type Officer = keyof typeof OFFICERS

export async function logIn(bench: CoordinationBench, { account, passcode }: Pick<StaffAccount, 'account' | 'passcode'>): Promise<string> {
  const { status, body } = await call(bench, 'POST', '/staff/v1/sessions', { account, passcode })
  if (status !== 201) throw new Error(`${account} cannot log in: ${JSON.stringify(body)}`)
  return body.token
}

/** A dossier of commune level in Ha Noi, submitted on the portal. */
export function dossier(number: number, change: Record<string, unknown> = {}) {
  return {
    reference: `submit.${number}.submit.0000000000`, dossierCode: `H01-260410-${String(number).padStart(6, '0')}`, procedureCode: '9.900001', unitCode: 'H01',
    applicantName: `Người Thử ${number}`, status: 'newly-registered', submittedAt: Date.UTC(2026, 3, 10, 14), origin: 'direct', partner: 'ha-noi',
    level: 'commune', territory: 'H01', feeVnd: 8000, dueAt: Date.UTC(2026, 3, 17, 10), ...change,
  }
}

export const codeOf = (number: number) => dossier(number).dossierCode

export async function put(bench: CoordinationBench, ...dossiers: unknown[]): Promise<void> {
  const { status, body } = await call(bench, 'POST', '/v1/dossiers', { dossiers })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

export function act(bench: CoordinationBench, token: string, reference: string, action: StaffAction, code = codeOf(1)) {
  return call(bench, 'POST', `/staff/v1/dossiers/${code}/actions`, { reference, action, note: 'vì' }, token)
}

/** Resolves when everything has been delivered onward. */
export async function drained({ config }: CoordinationBench): Promise<void> { while (await pendingOf(config) > 0) await new Promise(setImmediate) }

/** The statuses that a neighbour was told, in order. */
export function toldTo(bench: CoordinationBench, id: NeighbourId): any[] {
  return bench.neighbours[id].received.filter(({ path }) => path.endsWith('/v1/statuses')).flatMap(({ body }) => body.statuses)
}
