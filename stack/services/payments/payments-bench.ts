/** Payments for tests: real database, real sockets, the banks and the portal played by neighbours; each test gets an empty one. */
import { createHmac } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { businessUrl, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour, type Received } from '../test-bench.ts'
import { start } from './index.ts'

type Answer = { status: number; body?: unknown }
export const KEYS = { 'bank-vcb': 'key-vcb', 'bank-bidv': 'key-bidv', justice: 'key-justice' }
export const DOSSIER = 'H01-260410-000001'

/** A bank that does what it is asked: a QR for an order, a reference for what is paid back. */
export const issues = ({ path, body }: Received): Answer => (
  path === '/v1/credits' ? { status: 201, body: { bankReference: `C-${body.reference}` } } : { status: 201, body: { qr: `QR-${body.transactionCode}` } })

export const order = (change: Record<string, unknown> = {}) => ({ reference: 'p1', dossierCode: DOSSIER, unitCode: 'H01', amountVnd: 8000, bank: 'bank-vcb', ...change })
export const callback = (transactionCode: string, change: Record<string, unknown> = {}) => ({ transactionCode, bankReference: 'VCB1', reference: 'scan1', amountVnd: 8000, paidAt: Date.UTC(2026, 3, 10, 15), ...change })

export type PaymentsBench = ReturnType<typeof usePayments>

/** Registers the hooks; what it gives is filled anew before each test. */
export function usePayments() {
  const answers: { bank: (request: Received) => Answer | Promise<Answer>; portal: (request: Received) => Answer } = { bank: issues, portal: () => ({ status: 200 }) }
  let postgres: Awaited<ReturnType<typeof startTestPostgres>>
  const bench = {
    bank: undefined! as Neighbour, portal: undefined! as Neighbour, pool: undefined! as pg.Pool, config: undefined! as ServiceConfig, answers,

    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const answer = await fetch(businessUrl(bench.config) + path, { method, headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body) })
      return { status: answer.status, body: await answer.json() as any }
    },
    create: (change: Record<string, unknown> = {}) => bench.call('POST', '/v1/transactions', order(change)),
    callBack: (body: unknown, id: keyof typeof KEYS = 'bank-vcb', key = KEYS[id]) =>
      bench.call('POST', '/callbacks/v1/bank', body, { 'x-bank': id, 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') }),
    /** Online, in full: created and called back. Gives the transaction's code. */
    async payOnline(reference: string, change: Record<string, unknown> = {}): Promise<string> {
      const { body } = await bench.create({ reference, ...change })
      await bench.callBack(callback(body.transactionCode, { reference: `scan-${reference}`, bankReference: `VCB-${reference}`, amountVnd: body.amountVnd }))
      return body.transactionCode
    },
    /** Resolves when everything has been delivered onward. */
    async drained(): Promise<void> { while (await pendingOf(bench.config) > 0) await new Promise(setImmediate) },
    /** What the portal was told at a path, in batches or not. */
    told: (path: string): any[] => bench.portal.received.filter((request) => request.path === `/internal/v1/${path}`).flatMap(({ body }) => body[path] ?? [body]),
  }

  beforeAll(async () => {
    postgres = await startTestPostgres()
    bench.bank = await startNeighbour((request) => answers.bank(request))
    bench.portal = await startNeighbour((request) => answers.portal(request))
  })
  afterAll(async () => {
    await bench.bank?.close()
    await bench.portal?.close()
    await postgres?.stop()
  })
  beforeEach(async () => {
    answers.bank = issues
    answers.portal = () => ({ status: 200 })
    bench.bank.received.length = bench.portal.received.length = 0
    const database = await serviceDatabase(postgres.url, 'payments')
    bench.pool = database.pool
    bench.config = testConfig('payments', { databaseUrl: database.url, keys: KEYS })
    bench.config.urls = { payments: businessUrl(bench.config), portal: bench.portal.url, 'bank-vcb': bench.bank.url, 'bank-bidv': bench.bank.url }
    const payments = await start(bench.config)
    return async () => { await payments.close(); await database.pool.end() }
  })
  return bench
}
