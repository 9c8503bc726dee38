import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { dossierSystemSimulator } from './simulator.ts'

const START = Date.parse('2026-04-10T21:00:00+07:00')
const CODE = 'G08-260410-500001'
const CREATED: Treatment = { status: 201, body: { result: 'applied' } }

let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
afterEach(async () => { await served.close(); await portal.close() })

async function start(options: Partial<Parameters<typeof dossierSystemSimulator>[1]> = {}, treat: (nth: number) => Treatment = () => CREATED): Promise<void> {
  portal = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: KEYS })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-justice', {
    world, unitCode: 'G08', firstRetryMs: 1, push: { partnerId: 'justice', key: 'k', portalSyncUrl: portal.url }, ...options,
  }))
  simulator.control!({ action: 'connect', connected: true })
}
const forward = (dossierCode = CODE, changes: object = {}) => served.post('/v1/forwarded', {
  reference: `op-${dossierCode}`, dossierCode, procedureCode: '9.900001', unitCode: 'G08', applicantName: 'Người Thử', status: 'newly-registered', submittedAt: START, origin: 'direct', partner: 'justice', ...changes,
})
const told = (reference: string, status: string, source: string, at = START + 1_000) => served.post('/v1/statuses', { statuses: [{ reference, dossierCode: CODE, status, at, source }] })
const codeOf = ({ status, body }: JsonAnswer) => body?.error ? `${status} ${body.error.code}` : String(status)
const ask = (changes: object = {}) => served.post('/desk/supplements', { reference: 'op-ask', dossierCode: CODE, text: 'Thiếu giấy tờ', ...changes })
const answer = (changes: object = {}) => served.post('/v1/supplements', { reference: 'op-answer', dossierCode: CODE, text: 'Đã bổ sung', ...changes })
const giveBack = (changes: object = {}) => served.post('/desk/results', { reference: 'op-result', dossierCode: CODE, outcome: 'granted', ...changes })
const KEYS: Record<string, string> = { post: 'the key of the post', tax: 'the key of tax' }
/** Signed by whoever it says that it is from. */
function confirm(sequence: number, changes: { system?: string; number?: string } = {}, { sender = changes.system ?? 'post', key = KEYS[sender] ?? 'none' }: { sender?: string; key?: string } = {}): Promise<JsonAnswer> {
  const body = { system: 'post', reference: 'op-post', dossierCode: CODE, number: 'B1', status: `step-${sequence}`, sequence, at: START, ...changes }
  return served.post('/v1/confirmations', body, { 'x-system': sender, 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') })
}

describe('a supplement', () => {
  it('is asked at the desk, pushed as a status, answered by the citizen, and both sides can look it up', async () => {
    await start()
    await forward()
    expect(await ask()).toMatchObject({ status: 201, body: { sync: 'acknowledged' } })
    expect(JSON.parse(portal.received[0]!.body)).toMatchObject({ reference: 'op-ask', dossierCode: CODE, status: 'supplement-asked' })
    expect(codeOf(await ask())).toBe('201')
    expect(portal.received).toHaveLength(1)
    expect(await answer()).toMatchObject({ status: 201, body: { dossierCode: CODE, status: 'in-process' } })
    expect(codeOf(await answer())).toBe('200')
    expect((await served.get(`/v1/supplements?dossierCode=${CODE}`)).body.supplements).toEqual([
      { reference: 'op-ask', text: 'Thiếu giấy tờ', askedAt: START, answer: { reference: 'op-answer', text: 'Đã bổ sung', attachmentIds: [], answeredAt: START } }])
    expect(served.evidence('supplement')).toMatchObject([{ key: 'supplement/op-ask', op: 'op-ask', status: 'answered', fields: { dossierCode: CODE, answer: 'op-answer' } }])
    expect(served.evidence('dossier')).toMatchObject([{ status: 'in-process' }])
  })

  it('that staff asked for on the national systems can be answered too, before or after its status is told', async () => {
    await start()
    await forward()
    await told('op-staff', 'supplement-asked', 'staff')
    await told('op-answer', 'in-process', 'citizen', START + 2_000)
    expect(codeOf(await answer())).toBe('201')
    expect(served.evidence('event').filter(({ op }) => op === 'op-answer')).toHaveLength(1)
    expect(served.evidence('supplement')).toMatchObject([{ key: 'supplement/op-answer', status: 'answered' }])
  })

  it.each<[string, () => Promise<unknown>, () => Promise<JsonAnswer>, string]>([
    ['asked of an unknown dossier', async () => {}, () => ask({ dossierCode: 'G08-260410-9' }), '404 DOSSIER_UNKNOWN'],
    ['asked after the end', () => told('op-end', 'withdrawn', 'citizen'), () => ask(), '409 TRANSITION_FORBIDDEN'],
    ['asked with the reference of another', () => ask(), () => ask({ text: 'Khác' }), '409 REFERENCE_TAKEN'],
    ['asked with the reference of a status', () => told('op-ask', 'received', 'staff'), () => ask(), '409 REFERENCE_TAKEN'],
    ['answered though nobody asked', async () => {}, () => answer(), '409 NOTHING_ASKED'],
    ['answered for an unknown dossier', async () => {}, () => answer({ dossierCode: 'G08-260410-9' }), '404 DOSSIER_UNKNOWN'],
    ['answered with a file that is not there', () => ask(), () => answer({ attachmentIds: ['F0000009'] }), '422 ATTACHMENT_UNKNOWN'],
    ['answered otherwise under the same reference', async () => { await ask(); await answer() }, () => answer({ text: 'Khác' }), '409 REFERENCE_TAKEN'],
    ['looked up for an unknown dossier', async () => {}, () => served.get('/v1/supplements?dossierCode=x'), '404 DOSSIER_UNKNOWN'],
  ])('%s is refused', async (_title, before, request, expected) => {
    await start()
    await forward()
    await before()
    expect(codeOf(await request())).toBe(expected)
  })
})

describe('a result', () => {
  it('is returned once, pushed as a status, and fetched', async () => {
    await start()
    await forward()
    expect(codeOf(await served.get(`/v1/results?dossierCode=${CODE}`))).toBe('404 RESULT_NOT_READY')
    expect(await giveBack({ note: 'Đã cấp' })).toMatchObject({ status: 201, body: { sync: 'acknowledged' } })
    expect(codeOf(await giveBack({ note: 'Đã cấp' }))).toBe('201')
    expect(portal.received.map(({ body }) => JSON.parse(body).status)).toEqual(['result-returned'])
    expect((await served.get(`/v1/results?dossierCode=${CODE}`)).body).toEqual({ dossierCode: CODE, outcome: 'granted', note: 'Đã cấp', returnedAt: START, attachment: null })
    expect(served.evidence('result')).toMatchObject([{ key: `result/${CODE}`, op: 'op-result', status: 'granted' }])
  })

  it.each<[string, () => Promise<unknown>, object, string]>([
    ['of an unknown dossier', async () => {}, { dossierCode: 'G08-260410-9' }, '404 DOSSIER_UNKNOWN'],
    ['of a withdrawn dossier', () => told('op-end', 'withdrawn', 'citizen'), {}, '409 TRANSITION_FORBIDDEN'],
    ['a second time', () => giveBack(), { reference: 'op-again' }, '409 TRANSITION_FORBIDDEN'],
    ['otherwise under the same reference', () => giveBack(), { outcome: 'refused' }, '409 REFERENCE_TAKEN'],
    ['with the reference of a status', () => told('op-result', 'received', 'staff'), {}, '409 REFERENCE_TAKEN'],
    ['with a file that is not there', async () => {}, { attachmentId: 'F0000001' }, '422 ATTACHMENT_UNKNOWN'],
  ])('%s is refused', async (_title, before, changes, expected) => {
    await start()
    await forward()
    await before()
    expect(codeOf(await giveBack(changes))).toBe(expected)
  })
})

describe('what specialised systems confirm', () => {
  it('is kept once, the newest of each number, in whatever order it comes', async () => {
    await start()
    await forward()
    const results = []
    for (const sequence of [1, 3, 2, 3]) results.push((await confirm(sequence)).body.result)
    expect(results).toEqual(['received', 'received', 'late', 'unchanged'])
    await confirm(1, { system: 'tax', number: 'T9' })
    expect((await served.get(`/v1/confirmations?dossierCode=${CODE}`)).body.confirmations.map((one: { system: string; status: string }) => [one.system, one.status])).toEqual([['post', 'step-3'], ['tax', 'step-1']])
    expect(served.evidence('confirmation').map(({ key, status }) => [key, status])).toEqual([['confirmation/post/B1', 'step-3'], ['confirmation/tax/T9', 'step-1']])
  })

  it.each<[string, () => Promise<JsonAnswer>, string]>([
    ['for a dossier that is not held', () => confirm(1), '404 DOSSIER_UNKNOWN'],
    ['from a system that there is not', () => confirm(1, { system: 'police' }, { sender: 'post' }), '400 REQUEST_INVALID'],
    ['in the name of another', () => confirm(1, { system: 'tax' }, { sender: 'post' }), '403 SENDER_MISMATCH'],
    ['with another\'s key', () => confirm(1, {}, { key: 'another' }), '401 SIGNATURE_INVALID'],
  ])('is refused %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
    expect(served.evidence('confirmation')).toEqual([])
  })
})
