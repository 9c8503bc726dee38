/** The clock that vendors can move reaches everything that has time in it: tokens, QR codes, receipts, callbacks, deadlines. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personOf } from '../../contracts/reference/people.ts'
import { serveMocks, type ServedMocks } from './testing/served.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let served: ServedMocks
beforeAll(async () => { served = await serveMocks('--partners', 'vneid,bank-vcb,sms,justice') })
afterAll(async () => { expect(await served.end()).toBe(0) })

const advance = async (ms: number) => expect((await served.post('/_mocks/control', { action: 'clock.advance', ms })).status).toBe(200)
const scenarioNow = async (): Promise<number> => (await served.get('/_mocks/clock')).body.scenarioMs

const VERIFIER = 'v'.repeat(43)

/** As a portal does it: the code of a login, and the tokens for it. */
async function codeOf(index: number): Promise<string> {
  const { vneidClient: { clientId, redirectUris } } = served.described
  const query = new URLSearchParams({
    response_type: 'code', client_id: clientId, redirect_uri: redirectUris[0]!, scope: 'openid', state: 's', nonce: 'n',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'), code_challenge_method: 'S256',
  })
  const page = await served.get(`${served.at('vneid')}/authorize?${query}`)
  const { personId } = personOf(index)
  const login = await served.post(`${served.at('vneid')}/authorize/login`, { request: new URL(page.body.loginUrl).searchParams.get('request'), personId, passcode: personId.slice(-6) })
  return new URL(login.headers.get('location')!).searchParams.get('code')!
}
async function tokensFor(code: string) {
  const { vneidClient: { clientId, clientSecret, redirectUris } } = served.described
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUris[0]!, client_id: clientId, client_secret: clientSecret, code_verifier: VERIFIER })
  const response = await fetch(`${served.at('vneid')}/token`, { method: 'POST', body })
  return { status: response.status, body: await response.json() as any }
}

describe('the clock, moved', () => {
  it('goes on by as much, and never back', async () => {
    const before = await scenarioNow()
    await advance(HOUR)
    expect(await scenarioNow() - before).toBeGreaterThanOrEqual(HOUR)
    expect((await served.post('/_mocks/control', { action: 'clock.set', scenarioMs: before })).status).toBe(400)
    const target = await scenarioNow() + HOUR
    expect((await served.post('/_mocks/control', { action: 'clock.set', scenarioMs: target })).body.scenarioNowMs).toBeGreaterThanOrEqual(target)
  })

  it('does not go where no date can be written', async () => {
    const before = await scenarioNow()
    for (const control of [{ action: 'clock.advance', ms: 1e17 }, { action: 'clock.set', scenarioMs: 1e17 },
      ...[{ startedAtMs: -1e300 }, { scenarioStartMs: 1e17 }, { timeScale: 1e300 }, { timeScale: -1 }].map((wild) => ({ action: 'clock', startedAtMs: before, scenarioStartMs: before, timeScale: 1, ...wild }))]) {
      expect(await served.post('/_mocks/control', control)).toMatchObject({ status: 400, body: { error: { code: 'NUMBER_INVALID' } } })
    }
    expect(await scenarioNow() - before).toBeLessThan(HOUR)
  })

  it('ends codes and tokens of VNeID', async () => {
    const [late, inTime] = [await codeOf(1), await codeOf(2)]
    const tokens = await tokensFor(inTime)
    expect(tokens.status).toBe(200)
    const userinfo = async () => (await fetch(`${served.at('vneid')}/userinfo`, { headers: { authorization: `Bearer ${tokens.body.access_token}` } })).status
    await advance(MINUTE)
    expect(await tokensFor(late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await userinfo()).toBe(200)
    await advance(DAY)
    expect(await userinfo()).toBe(401)
  })

  it('lets a QR code expire', async () => {
    const bank = served.at('bank-vcb')
    const order = (transactionCode: string, expiresAt: number) => served.post(`${bank}/v1/qr`, { transactionCode, account: '0011009990001', accountName: 'DON VI THU', amountVnd: 1_000, reference: transactionCode, expiresAt, callbackUrl: `${served.described.inbox}/bank` })
    const soon = await order('T1', await scenarioNow() + 10 * MINUTE)
    const later = await order('T2', await scenarioNow() + 30 * MINUTE)
    await advance(11 * MINUTE)
    const scan = (qr: string, reference: string) => served.post(`${bank}/v1/scan`, { qr, personId: personOf(3).personId, reference })
    expect((await scan(soon.body.qr, 's1')).body.error.code).toBe('QR_EXPIRED')
    expect((await scan(later.body.qr, 's2')).status).toBe(200)
  })

  it('brings late receipts and callbacks', async () => {
    await served.post('/_mocks/control?partner=sms', { action: 'behave', behaviours: [{ route: 'receipt', delayMs: 2 * HOUR }] })
    await served.post(`${served.at('sms')}/v1/messages`, { messageId: 'm1', phone: '+84999000001', text: 'Hồ sơ đã được tiếp nhận', reference: 'late-1', receiptUrl: `${served.described.inbox}/late` })
    const came = async () => (await served.journal('inbox')).filter(({ path }) => path === '/late')
    await advance(HOUR)
    expect(await came()).toEqual([])
    await advance(HOUR + MINUTE)
    while ((await came()).length === 0) await new Promise(setImmediate)
    expect(JSON.parse((await came())[0]!.requestBody)).toMatchObject({ messageId: 'm1', status: 'delivered' })
    await served.post('/_mocks/control?partner=sms', { action: 'behave', behaviours: [] })
  })

  it('lets a deadline pass', async () => {
    const dossierCode = 'G08-260410-000777'
    const justice = served.at('partner-justice')
    const dossier = { reference: 'd1', dossierCode, procedureCode: '9.900001', applicantId: personOf(4).personId, applicantName: personOf(4).name, applicantBirthDate: '1980-01-01', status: 'received' }
    expect((await served.post(`${justice}/desk/dossiers`, dossier)).body.sync).toBe('acknowledged')
    const overdue = async () => (await served.get(`${justice}/v1/deadlines?dossierCode=${dossierCode}`)).body.overdue
    expect(await overdue()).toBe(false)
    await advance(30 * DAY)
    expect(await overdue()).toBe(true)
  })
})
