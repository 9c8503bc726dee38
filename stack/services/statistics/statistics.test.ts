import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Report } from '../../../contracts/api/inside.ts'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { PERMISSIONS, staffAccountOf, type Permission } from '../../../contracts/reference/staff.ts'
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'
import { createHttpClient } from '../http-client.ts'
import { createStaffTokens } from '../staff-token.ts'
import { businessUrl, control, evidenceOf, pendingOf, startNeighbour, testConfig, type Neighbour } from '../test-bench.ts'
import { start } from './index.ts'
import { createReports, SOURCES } from './reports.ts'
import type { SourceId } from './sums.ts'

const statuses = Object.fromEntries(DOSSIER_STATUSES.map((status) => [`dossiers.${status}`, status === 'received' ? 5 : 0]))
const USUAL: Record<SourceId, Record<string, unknown>> = {
  coordination: { ...statuses, 'dossiers.total': 5, 'dossiers.direct': 3, 'dossiers.synced': 2, 'dossiers.migrated': 0, 'dossiers.dueSoon': 1, 'dossiers.overdue': 0 },
  payments: {
    'payments.asked': 4, 'payments.paid': 2, 'payments.failed': 1, 'payments.expired': 1, 'payments.open': 0, 'payments.fee': 1, 'payments.fine': 1, 'payments.social-insurance': 0,
    'money.paidVnd': 808_000, 'money.refundedVnd': 8_000, 'refunds': 1,
  },
  notifications: { 'sms.asked': 3, 'sms.sent': 2, 'sms.delivered': 2, 'sms.timeout': 1, 'sms.failed': 0, 'sms.open': 0 },
  feedback: { 'feedback.total': 2, 'feedback.answered': 1, 'feedback.open': 1 },
}
const WHOLE = Object.assign({}, ...SOURCES.map((source) => USUAL[source])) as Record<string, number>

let neighbours: Record<SourceId, Neighbour>
let answers: Record<SourceId, { status: number; body?: unknown }>
let config: ServiceConfig

beforeAll(async () => {
  neighbours = Object.fromEntries(await Promise.all(SOURCES.map(async (source) => [source, await startNeighbour(() => answers[source])]))) as typeof neighbours
})
afterAll(async () => { await Promise.all(Object.values(neighbours).map((neighbour) => neighbour.close())) })
beforeEach(async () => {
  answers = Object.fromEntries(SOURCES.map((source) => [source, { status: 200, body: { figures: USUAL[source] } }])) as typeof answers
  for (const source of SOURCES) neighbours[source].received.length = 0
  config = testConfig('statistics', { keys: { staff: 'key-of-staff' }, urls: Object.fromEntries(SOURCES.map((source) => [source, neighbours[source].url])) })
  const statistics = await start(config)
  return () => statistics.close()
})

const token = (permissions: readonly Permission[] = PERMISSIONS) => createStaffTokens(config).issue({ ...staffAccountOf('G12', 'ministry', 1), permissions }).token
async function report(query = '', bearer = token()) {
  const answer = await fetch(`${businessUrl(config)}/v1/report${query}`, { headers: { authorization: `Bearer ${bearer}` } })
  return { status: answer.status, body: await answer.json() as any }
}

describe('a report', () => {
  it('has the figures of all systems, counted at the moment', async () => {
    const { status, body } = await report()
    expect({ status, body: Report.parse(body) }).toEqual({ status: 200, body: { unit: 'all', at: config.scenarioStartMs, figures: WHOLE } })
  })

  it('of a unit asks each system for that unit; of a level only the one that knows levels', async () => {
    expect((await report('?unit=H01')).body.unit).toBe('H01')
    for (const source of SOURCES) expect(neighbours[source].received).toMatchObject([{ method: 'GET', path: '/v1/figures?unit=H01' }])
    expect((await report('?unit=H01&level=commune')).body.figures).toEqual(USUAL.coordination)
    expect(SOURCES.map((source) => neighbours[source].received.length)).toEqual([2, 1, 1, 1])
    expect(neighbours.coordination.received[1]!.path).toBe('/v1/figures?unit=H01&level=commune')
    for (const query of ['?unit=H99', '?unit=all', '?level=city']) expect((await report(query)).status).toBe(400)
  })

  it('asked for by many at once is counted once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => report()))
    expect(new Set(all.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(SOURCES.map((source) => neighbours[source].received.length)).toEqual([1, 1, 1, 1])
  })

  it('that does not add up is shown to nobody', async () => {
    answers.payments = { status: 200, body: { figures: { ...USUAL.payments, 'payments.paid': 3 } } }
    const { status, body } = await report()
    expect({ status, code: body.error.code }).toEqual({ status: 500, code: 'REPORT_INCONSISTENT' })
    expect(body.error.message).toContain('payments.asked = 4')
    expect(body.error.message).toContain('payments.paid = 3')
    answers.payments = { status: 200, body: { figures: USUAL.payments } }
    expect((await report()).status).toBe(200)
  })

  it.each<[string, { status: number; body?: unknown }]>([['does not count', { status: 500 }], ['says nothing', { status: 200, body: {} }], ['counts in parts', { status: 200, body: { figures: { 'sms.asked': 0.5 } } }]])(
    'is none where a system %s', async (_name, answer) => {
      answers.notifications = answer
      expect(await report()).toMatchObject({ status: 502, body: { error: { code: 'SOURCE_UNAVAILABLE', message: expect.stringContaining('notifications') } } })
    })

  it('is for staff who may see it', async () => {
    expect(await report('', 'x')).toMatchObject({ status: 401, body: { error: { code: 'TOKEN_INVALID' } } })
    expect(await report('', token(PERMISSIONS.filter((one) => one !== 'report')))).toMatchObject({ status: 403, body: { error: { code: 'PERMISSION_MISSING' } } })
    expect(neighbours.coordination.received).toHaveLength(0)
  })

  it('is at most a second old', async () => {
    let now = 5_000
    const http = createHttpClient()
    const reports = createReports({ http, urlOf: (source) => neighbours[source].url, now: () => now, wallNow: () => now })
    const first = await reports.report({})
    now += 999
    expect(await reports.report({})).toBe(first)
    now += 1
    expect((await reports.report({})).at).toBe(6_000)
    expect(neighbours.feedback.received).toHaveLength(2)
    await http.close()
  })
})

describe('administration', () => {
  it('gives one row a figure, counted at the read, also where they do not add up', async () => {
    await report()
    answers.feedback = { status: 200, body: { figures: { ...USUAL.feedback, 'feedback.open': 7 } } }
    const rows = await evidenceOf(config)
    expect(rows).toHaveLength(Object.keys(WHOLE).length)
    expect(rows.find((row) => row.key === 'figure/feedback.open')).toEqual({ key: 'figure/feedback.open', fields: { value: 7, source: 'feedback' }, seenAt: expect.any(Number) })
    for (const row of rows) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
  })

  it('gives no whole evidence where a system could not be asked', async () => {
    answers.coordination = { status: 503 }
    await expect(evidenceOf(config)).rejects.toThrow()
  })

  it('is ready without a database, owes nobody anything, and takes the clock', async () => {
    expect((await fetch(`http://${config.host}:${config.adminPort}/ready`)).status).toBe(200)
    expect(await pendingOf(config)).toBe(0)
    expect((await control(config, { action: 'clock', startedAtMs: Date.now(), timeScale: 140, scenarioStartMs: config.scenarioStartMs })).status).toBe(200)
    expect((await control(config, { action: 'mode', mode: 'open' })).status).toBe(400)
  })
})
