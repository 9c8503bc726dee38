import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import { FeedbackReply } from '../../../contracts/api/inside.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { PERMISSIONS, staffAccountOf, type Permission, type StaffLevel } from '../../../contracts/reference/staff.ts'
import { createStaffTokens } from '../staff-token.ts'
import { businessUrl, evidenceOf, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour } from '../test-bench.ts'
import { start } from './index.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let portal: Neighbour
let portalStatus: (answers: any[]) => number
let config: ServiceConfig

beforeAll(async () => {
  postgres = await startTestPostgres()
  portal = await startNeighbour(({ body }) => ({ status: portalStatus(body.answers) }))
})
afterAll(async () => {
  await portal?.close()
  await postgres?.stop()
})
beforeEach(async () => {
  portalStatus = () => 200
  portal.received.length = 0
  const { url, pool } = await serviceDatabase(postgres.url, 'feedback')
  config = testConfig('feedback', { databaseUrl: url, keys: { staff: 'key-of-staff' }, urls: { portal: portal.url } })
  const feedback = await start(config)
  return async () => { await feedback.close(); await pool.end() }
})

const HA_NOI = 'H01.02'
const item = (n: number, unitCode = HA_NOI, change: Record<string, unknown> = {}) => ({
  reference: `f${n}`, feedbackCode: `PA-260410-${n}`, personId: '999000000011', topic: 'land', provinceId: 'ha-noi', unitCode, text: `Kiến nghị thử ${n}`, sentAt: config.scenarioStartMs, ...change,
})
const token = (unitCode = 'H01', level: StaffLevel = 'province', permissions: readonly Permission[] = PERMISSIONS, key = config) =>
  createStaffTokens(key).issue({ ...staffAccountOf(unitCode, level, 7), permissions }).token

async function call(method: string, path: string, body?: unknown, bearer?: string) {
  const answer = await fetch(businessUrl(config) + path, {
    method, headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() as any }
}
const put = (...items: unknown[]) => call('POST', '/v1/feedback', { items })
const find = (reference: string, bearer = token()) => call('GET', `/staff/v1/feedback?reference=${reference}`, undefined, bearer)
const answer = (n: number, reference = `a${n}`, bearer = token(), text = 'Trả lời thử') => call('POST', `/staff/v1/feedback/PA-260410-${n}/answers`, { reference, text }, bearer)
const told = (): any[] => portal.received.flatMap(({ body }) => body.answers)
async function drained(): Promise<void> { while (await pendingOf(config) > 0) await new Promise(setImmediate) }

describe('feedback', () => {
  it('is kept once however often it comes, also twice in one batch', async () => {
    expect(await put(item(1), item(2), item(1))).toEqual({ status: 200, body: { accepted: 3 } })
    await Promise.all(Array.from({ length: 10 }, () => put(item(1), item(3))))
    const rows = await evidenceOf(config)
    expect(rows.map((row) => [row.key, row.op, row.status])).toEqual([1, 2, 3].map((n) => [`feedback/PA-260410-${n}`, `f${n}`, 'sent']))
    expect(rows[0].fields).toEqual({ topic: 'land', provinceId: 'ha-noi', unitCode: HA_NOI })
    for (const row of rows) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
    expect((await put({ ...item(4), account: 'x' })).status).toBe(400)
    expect((await put(...Array.from({ length: 501 }, (_, n) => item(n)))).status).toBe(400)
  })

  it('is found by its reference, and answered once', async () => {
    await put(item(1))
    expect(await find('f1')).toEqual({ status: 200, body: { feedbackCode: 'PA-260410-1', unitCode: HA_NOI, topic: 'land', text: 'Kiến nghị thử 1', status: 'sent' } })
    expect(await answer(1)).toEqual({ status: 201, body: { feedbackCode: 'PA-260410-1', status: 'answered' } })
    expect(await answer(1)).toEqual({ status: 200, body: { feedbackCode: 'PA-260410-1', status: 'answered' } })
    expect((await find('f1')).body.status).toBe('answered')
    expect(await answer(1, 'a9')).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_ANSWERED' } } })
    expect(await answer(1, 'a1', token(), 'khác')).toMatchObject({ status: 409, body: { error: { code: 'REFERENCE_REUSED' } } })
    expect((await evidenceOf(config)).map((row) => [row.key, row.op, row.status])).toEqual([['feedback/PA-260410-1', 'f1', 'answered'], ['feedback-answer/PA-260410-1', 'a1', 'answered']])
  })

  it('is answered by one of many at the same moment', async () => {
    await put(item(1))
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => answer(1, `a${n}`)))
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)])
    await drained()
    expect(told()).toHaveLength(1)
  })

  it('that nobody sent is not here, and not yet', async () => {
    expect(await find('f1')).toMatchObject({ status: 404, body: { error: { code: 'FEEDBACK_UNKNOWN' } } })
    expect(await answer(1)).toMatchObject({ status: 404, body: { error: { code: 'FEEDBACK_UNKNOWN' } } })
    expect((await call('GET', '/staff/v1/feedback', undefined, token())).status).toBe(400)
  })
})

describe('who may answer', () => {
  it.each<[string, number, string, StaffLevel, string]>([
    ['a province\'s own staff', 200, 'H01', 'province', HA_NOI], ['a commune\'s of the province', 200, 'H01', 'commune', HA_NOI], ['another province\'s', 403, 'H02', 'province', HA_NOI],
    ['a ministry\'s for a province', 403, 'G12', 'ministry', HA_NOI], ['the ministry\'s own', 200, 'G12', 'ministry', 'G12'], ['another ministry\'s', 403, 'G11', 'ministry', 'G12'],
    ['any ministry\'s for the portal', 200, 'G11', 'ministry', 'G00'], ['a province\'s for the portal', 403, 'H01', 'province', 'G00'],
  ])('%s: %i', async (_who, status, unit, level, addressedTo) => {
    await put(item(1, addressedTo))
    const bearer = token(unit, level)
    const [found, answered] = [await find('f1', bearer), await answer(1, 'a1', bearer)]
    expect([found.status, answered.status]).toEqual(status === 200 ? [200, 201] : [403, 403])
    if (status === 403) expect([found.body.error.code, answered.body.error.code]).toEqual(['SCOPE_FORBIDDEN', 'SCOPE_FORBIDDEN'])
    expect(await evidenceOf(config)).toHaveLength(status === 200 ? 2 : 1)
  })

  it('is who has logged in and has the permission', async () => {
    await put(item(1))
    expect(await answer(1, 'a1', '')).toMatchObject({ status: 401, body: { error: { code: 'TOKEN_INVALID' } } })
    expect(await answer(1, 'a1', token('H01', 'province', PERMISSIONS, { ...config, keys: { staff: 'other' } }))).toMatchObject({ status: 401 })
    expect(await answer(1, 'a1', token('H01', 'province', PERMISSIONS.filter((one) => one !== 'answer-feedback')))).toMatchObject({ status: 403, body: { error: { code: 'PERMISSION_MISSING' } } })
    expect(await evidenceOf(config)).toHaveLength(1)
  })
})

describe('answers', () => {
  it('reach the portal however often it is away', async () => {
    portalStatus = () => (portal.received.length < 3 ? 503 : 200)
    await put(item(1), item(2))
    await answer(1)
    await answer(2)
    await drained()
    const replies = new Map(told().map((one) => [one.feedbackCode, FeedbackReply.parse(one)]))
    expect([...replies.values()]).toEqual([1, 2].map((n) => ({ reference: `a${n}`, feedbackCode: `PA-260410-${n}`, unitCode: HA_NOI, text: 'Trả lời thử', answeredAt: config.scenarioStartMs })))
  })

  it('that the portal refuses stay in sight and hold up no others', async () => {
    portalStatus = (answers) => (answers.some((one) => one.reference === 'a1') ? 400 : 200)
    await put(item(1), item(2))
    await answer(1)
    await answer(2)
    while (!portal.received.some(({ body }) => body.answers.length === 1 && body.answers[0].reference === 'a2')) await new Promise(setImmediate)
    expect(await pendingOf(config)).toBeGreaterThanOrEqual(1)
  })
})

it('counts what is answered and what is open, of the country and of a unit', async () => {
  await put(item(1), item(2, 'H01.05'), item(3, 'H02.01'), item(4, 'G00'))
  await answer(1)
  const figures = async (query = '') => (await call('GET', `/v1/figures${query}`)).body.figures
  expect(await figures()).toEqual({ 'feedback.total': 4, 'feedback.answered': 1, 'feedback.open': 3 })
  expect(await figures('?unit=H01')).toEqual({ 'feedback.total': 2, 'feedback.answered': 1, 'feedback.open': 1 })
  expect(await figures('?unit=H0')).toEqual({ 'feedback.total': 0, 'feedback.answered': 0, 'feedback.open': 0 })
})
