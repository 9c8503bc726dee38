import { setupServer } from 'msw/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bankHandlers } from './banks/handlers.ts'
import { startReceiver, type Receiver } from './delivery/recording-receiver.ts'
import { ministryHandlers } from './ministries/handlers.ts'
import { provinceHandlers } from './provinces/handlers.ts'
import { smsHandlers } from './sms/handlers.ts'
import { vneidHandlers } from './vneid/handlers.ts'

const msw = setupServer()
let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver(() => ({ status: 201 }))
  msw.listen({ onUnhandledFrame: 'bypass' })
})
afterEach(async () => { msw.close(); await receiver.close() })

const json = async (url: string, body?: unknown) => {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() as any }
}

describe('handlers for tests of other systems', () => {
  it('put every partner behind a made-up name, callbacks and pushes included', async () => {
    msw.use(
      ...await vneidHandlers('http://vneid.test', { clientId: 'c', clientSecret: 's', redirectUris: ['http://portal.test/cb'] }),
      ...bankHandlers('http://bank.test', { id: 'bank-bidv', key: 'k' }),
      ...smsHandlers('http://sms.test', { key: 'k' }),
      ...ministryHandlers('justice', 'http://justice.test', { key: 'k', portalSyncUrl: receiver.url, connected: true }),
      ...provinceHandlers('tay-ninh', 'http://tay-ninh.test', { key: 'k', portalSyncUrl: receiver.url }),
    )
    expect((await json('http://vneid.test/.well-known/openid-configuration')).body.issuer).toBe('http://vneid.test')
    const { body: { qr } } = await json('http://bank.test/v1/qr', { transactionCode: 'T1', account: '1', accountName: 'A', amountVnd: 5, reference: 'r', expiresAt: Date.now() + 60_000, callbackUrl: `${receiver.url}/callback` })
    expect((await json('http://bank.test/v1/scan', { qr, personId: '999000000011', reference: 's' })).status).toBe(200)
    await receiver.count(1)
    expect(receiver.received[0]!.headers['x-bank']).toBe('bank-bidv')
    expect((await json('http://sms.test/v1/messages', { messageId: 'm', phone: '0990000001', text: 't', reference: 'r', receiptUrl: `${receiver.url}/receipt` })).status).toBe(202)
    const dossier = { reference: 'r', dossierCode: 'G08-260410-000001', procedureCode: '9.900001', applicantId: '1', applicantName: 'A', applicantBirthDate: '1980-01-01', status: 'received' }
    expect((await json('http://justice.test/desk/dossiers', dossier)).body.sync).toBe('acknowledged')
    expect((await json('http://tay-ninh.test/desk/dossiers', dossier)).body.sync).toBe('not-connected')
    expect(await json('http://tay-ninh.test/nothing')).toMatchObject({ status: 404, body: { error: { code: 'ROUTE_UNKNOWN' } } })
    await receiver.count(3)
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(['/callback', '/receipt', '/sync/v1/dossiers'])
  })

  it('name the partners there are', () => {
    expect(() => bankHandlers('http://x.test', { id: 'bank-x', key: 'k' })).toThrow('use one of bank-vcb, bank-bidv')
    expect(() => provinceHandlers('justice', 'http://x.test', { key: 'k', portalSyncUrl: 'http://y.test' })).toThrow('no province "justice": use one of ha-noi')
  })
})
