import { describe, expect, it } from 'vitest'
import { SMS_FAILURES, SMS_GATEWAYS } from '../../contracts/reference/sms-gateways.ts'
import { openGateway, START } from './sms-bench.ts'

const ids = (receipts: any[]) => receipts.map(({ messageId }) => messageId)

describe('receipts', () => {
  it.each(SMS_GATEWAYS.flatMap((row) => SMS_FAILURES.map((failure): [string, string, string] => [row.id, failure, row.codes[failure].code])))('of %s of a message that fails by %s say code %s', async (id, failure, code) => {
    await using gateway = await openGateway(id)
    gateway.onReceipts({ outcome: failure })
    const { body: { gatewayId } } = await gateway.send(1, { text: '[Dien tap] Ho so A1 da duoc ghi nhan. Tin nhan thu, khong co gia tri.' })
    await gateway.receiver.count(1)
    expect(gateway.receipts()).toEqual([{ messageId: 'm-1', gatewayId, status: 'failed', at: START, reason: failure, code }])
    expect((await gateway.state(1)).body).toMatchObject({ status: 'failed', reason: failure, code })
    expect(gateway.served.evidence('sms')).toMatchObject([{ op: 'op-1', status: 'failed', fields: { messageId: 'm-1', reason: failure } }])
  })

  it.each([['sms', undefined], ['sms-second', '0']])('of %s of a delivered message say code %s', async (id, code) => {
    await using gateway = await openGateway(id)
    await gateway.send(1, { text: '[Dien tap] Ho so A1 da duoc ghi nhan. Tin nhan thu, khong co gia tri.' })
    await gateway.receiver.count(1)
    expect(gateway.receipts()[0]).toEqual({ messageId: 'm-1', gatewayId: 'SMS000000001', status: 'delivered', at: START, ...(code && { code }) })
    expect(gateway.receiver.received[0]!.headers['x-gateway']).toBe(id)
    expect(gateway.served.evidence('sms')[0]!.fields).toEqual({ messageId: 'm-1', phone: '0990004217' })
  })

  it('tell that a brandname is blocked', async () => {
    await using gateway = await openGateway()
    expect((await gateway.send(1, { brandname: 'DVCQG-CU' })).status).toBe(202)
    await gateway.receiver.count(1)
    expect(gateway.receipts()).toMatchObject([{ status: 'failed', reason: 'blocked-brandname', code: 'BRBLOCK' }])
  })

  it('are a failure of the network for an outcome that is none of an SMS, and can be a delivery', async () => {
    await using gateway = await openGateway()
    gateway.onReceipts({ outcome: 'whatever' })
    await gateway.send(1)
    await gateway.receiver.count(1)
    gateway.onReceipts({ outcome: 'delivered' })
    await gateway.send(2, { brandname: 'DVCQG-CU' })
    await gateway.receiver.count(2)
    expect(gateway.receipts()).toMatchObject([{ status: 'failed', reason: 'network-failure' }, { status: 'delivered' }])
  })

  it('that are lost leave the message delivered and nothing owed', async () => {
    await using gateway = await openGateway()
    gateway.onReceipts({ lose: true })
    await gateway.send(1)
    await gateway.drained()
    gateway.onReceipts(undefined)
    await gateway.send(2)
    await gateway.drained()
    expect(ids(gateway.receipts())).toEqual(['m-2'])
    expect(gateway.served.evidence('sms').map(({ status }) => status)).toEqual(['delivered', 'delivered'])
  })

  it('twice are the same twice, until each is taken', async () => {
    await using gateway = await openGateway('sms', { treat: (nth) => ({ status: nth < 3 ? 500 : 200 }) })
    gateway.onReceipts({ copies: 2 })
    await gateway.send(1)
    await gateway.receiver.count(4)
    await gateway.drained()
    expect(gateway.receiver.received).toHaveLength(4)
    expect(new Set(gateway.receiver.received.map(({ body }) => body)).size).toBe(1)
  })

  it('out of order are overtaken by the next', async () => {
    await using gateway = await openGateway()
    gateway.onReceipts({ afterNext: true })
    await gateway.send(1)
    while (gateway.served.evidence('sms')[0]!.status !== 'delivered') await new Promise(setImmediate)
    gateway.onReceipts(undefined)
    await gateway.send(2)
    await gateway.receiver.count(2)
    expect(ids(gateway.receipts())).toEqual(['m-2', 'm-1'])
  })

  it('late come later than those of messages sent after them, with the time of the delivery', async () => {
    await using gateway = await openGateway('sms', { deliveryMs: [1_000, 1_000] })
    gateway.onReceipts({ delayMs: 60_000 })
    await gateway.send(1)
    gateway.advance(1_000)
    gateway.onReceipts(undefined)
    await gateway.send(2)
    gateway.advance(1_000)
    await gateway.receiver.count(1)
    while (gateway.simulator.pending() > 1) await new Promise(setImmediate)
    gateway.advance(60_000)
    await gateway.receiver.count(2)
    expect(ids(gateway.receipts())).toEqual(['m-2', 'm-1'])
    const [second, first] = gateway.receipts()
    expect(second.at - first.at).toBe(1_000)
    expect(first.at).toBe(START + 1_000)
  })
})
