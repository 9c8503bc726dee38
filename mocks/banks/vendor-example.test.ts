/** How a vendor tries his own payment system against a bank: the example of docs/mocks.md, run as it stands there; and that a bank by a guide and one without differ. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
// Example begins
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { bankHandlers } from './handlers.ts'

/** The system that is tried: yours. */
const orderQr = async (transactionCode: string, amountVnd: number, callbackUrl: string): Promise<string> => {
  const response = await fetch('http://bank.test/v1/qr', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transactionCode, account: '0011009990001', accountName: 'DON VI THU', amountVnd, reference: `pay-${transactionCode}`, expiresAt: Date.now() + 600_000, callbackUrl }),
  })
  const answer = await response.json() as { qr: string; error?: { code: string } }
  if (!response.ok) throw new Error(answer.error!.code)
  return answer.qr
}

describe('payments', () => {
  const KEY = 'a key of this test'
  const msw = setupServer(...bankHandlers('http://bank.test', { id: 'bank-vcb', key: KEY }))
  const callback = Promise.withResolvers<{ signature: unknown; body: string }>()
  const receiver = createServer(async (request, response) => {
    callback.resolve({ signature: request.headers['x-signature'], body: (await request.setEncoding('utf8').toArray()).join('') })
    response.end('{}')
  })
  beforeAll(async () => {
    msw.listen({ onUnhandledFrame: 'bypass' })
    await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve) })
  })
  afterAll(() => { msw.close(); receiver.close() })
  const callbackUrl = () => `http://127.0.0.1:${(receiver.address() as { port: number }).port}/bank-callbacks`

  test('a citizen who scans is told of by a signed callback', async () => {
    const qr = await orderQr('T1', 8_000, callbackUrl())
    await fetch('http://bank.test/v1/scan', { method: 'POST', body: JSON.stringify({ qr, personId: '999000000011', reference: 'scan-1' }) })
    const { signature, body } = await callback.promise
    expect(signature).toBe(createHmac('sha256', KEY).update(body).digest('hex'))
    expect(JSON.parse(body)).toMatchObject({ transactionCode: 'T1', amountVnd: 8_000 })
  })

  test('a bank that is out of service is told to the citizen', async () => {
    await expect(orderQr('T2', 999_000_503, callbackUrl())).rejects.toThrow('OUT_OF_SERVICE')
  })
})
// Example ends

it('docs/mocks.md shows this very example', () => {
  const own = readFileSync(new URL(import.meta.url), 'utf8').split('// Example begins\n')[1]!.split('// Example ends')[0]!
  const shown = /```ts\n(.*?)```/s.exec(readFileSync(new URL('../../docs/mocks.md', import.meta.url), 'utf8'))?.[1] ?? ''
  expect(shown.replace("import { afterAll, beforeAll, describe, expect, test } from 'vitest'", "import { afterAll, beforeAll, describe, test } from 'vitest'").replace("'./mocks/banks/handlers.ts'", "'./handlers.ts'").trim()).toBe(own.trim())
})

it('with a contract profile the same bank speaks as that guide says, and without it does not', async () => {
  const contractProfile = ContractProfile.parse(parse(readFileSync(new URL('../../contracts/contract-profiles/assumed-guide.yaml', import.meta.url), 'utf8')))
  const path = contractProfile.roles['bank']!.operations['banks']!.path!
  const msw = setupServer(...bankHandlers('http://guided.test', { key: 'k', contractProfile }), ...bankHandlers('http://plain.test', { key: 'k' }))
  msw.listen({ onUnhandledFrame: 'bypass' })
  const status = async (url: string) => (await fetch(url)).status
  expect([await status(`http://guided.test${path}`), await status('http://guided.test/v1/banks'), await status(`http://plain.test${path}`), await status('http://plain.test/v1/banks')]).toEqual([200, 404, 404, 200])
  msw.close()
})
