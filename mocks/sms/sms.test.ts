import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { smsSimulator } from './simulator.ts'

const KEY = 'the key of the gateway'
const START = Date.parse('2026-04-10T21:00:00+07:00')

let receiver: Receiver
let served: Served
let simulator: ReturnType<typeof smsSimulator>
afterEach(async () => { await served.close(); await receiver.close() })

async function start(treat: (nth: number) => Treatment = () => ({ status: 200 }), deliveryMs: [number, number] = [0, 5]): Promise<void> {
  receiver = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { sms: KEY } })
  served = await serveSimulator(() => simulator = smsSimulator({ world, deliveryMs, retry: { firstRetryMs: 1, capMs: 5 } }))
}
const send = (n: number, changes: object = {}) => served.post('/v1/messages', {
  messageId: `m-${n}`, phone: '0990004217', text: 'Hồ sơ đã được tiếp nhận', reference: `op-${n}`, receiptUrl: `${receiver.url}/callbacks/v1/receipts`, ...changes,
})
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }

describe('the SMS gateway', () => {
  it('accepts, delivers and reports with a signature', async () => {
    await start()
    const { status, body: { gatewayId } } = await send(1)
    expect(status).toBe(202)
    await receiver.count(1)
    const { body, headers } = receiver.received[0]!
    expect(JSON.parse(body)).toEqual({ messageId: 'm-1', gatewayId, status: 'delivered', at: START })
    expect(headers['x-signature']).toBe(createHmac('sha256', KEY).update(body).digest('hex'))
    await drained()
    expect(served.evidence('sms')).toMatchObject([{ key: `sms/${gatewayId}`, op: 'op-1', status: 'delivered', fields: { messageId: 'm-1' } }])
  })

  it('is owed to the sender until the receipt is taken', async () => {
    await start((nth) => nth === 1 ? 'reset' : nth === 2 ? { status: 503 } : { status: 200 })
    await send(1)
    expect(simulator.pending()).toBe(1)
    await receiver.count(3)
    await drained()
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  })

  it('shows a message as accepted before it is delivered', async () => {
    await start(undefined, [60_000, 60_000])
    await send(1)
    expect(served.evidence('sms')).toMatchObject([{ status: 'accepted' }])
    expect(simulator.pending()).toBe(1)
  })

  it('sends a message once, however often it is handed over', async () => {
    await start()
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await send(1)).body.gatewayId))
    expect(new Set(ids).size).toBe(1)
    await drained()
    expect(receiver.received).toHaveLength(1)
  })

  it('refuses what is no message', async () => {
    await start()
    expect(await send(1, { phone: 'x' })).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } })
    expect(served.evidence('sms')).toEqual([])
  })
})
