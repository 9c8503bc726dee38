import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, keyText, newKeyPair, type CertificateAuthority } from '../../contracts/certificate.ts'
import { destinationOf, headerValue, openPool, post } from './post.ts'
import { startReceiver, type Receiver, type Treatment } from './recording-receiver.ts'

let receiver: Receiver
let pool: ReturnType<typeof openPool>
afterEach(async () => { await pool.destroy(); await receiver.close() })

async function start(treat: (nth: number) => Treatment, { localAddress, connections = 1 }: { localAddress?: string; connections?: number } = {}): Promise<void> {
  receiver = await startReceiver(treat)
  pool = openPool(receiver.url, localAddress, connections)
}
const send = (body: string, timeoutMs = 2_000) => post(pool, destinationOf(`${receiver.url}/x?y=1`), body, { 'x-op': 'o' }, timeoutMs)

describe('post', () => {
  it('carries body and headers from its own local address, and gives back the text of refusals alone', async () => {
    await start((nth) => nth === 1 ? { status: 201, body: { a: 1 } } : { status: 409, body: { error: { code: 'X' } } }, { localAddress: '127.9.8.7' })
    expect(await send('{"ừ":1}')).toEqual({ status: 201, text: '' })
    expect(await send('2')).toEqual({ status: 409, text: '{"error":{"code":"X"}}' })
    expect(receiver.received[0]).toMatchObject({ path: '/x?y=1', body: '{"ừ":1}', remoteAddress: '127.9.8.7', headers: { 'content-type': 'application/json', 'x-op': 'o' } })
  })

  it('throws when the connection breaks, and works on the next one', async () => {
    await start((nth) => nth === 1 ? 'reset' : { status: 200 })
    await expect(send('1')).rejects.toThrow()
    expect((await send('2')).status).toBe(200)
  })

  it('throws at the deadline, also for one that waits for a connection, which is then never sent', async () => {
    await start((nth) => nth === 1 ? 'hang' : { status: 200 })
    const [first, second] = [send('1', 600), send('2', 300)]
    await expect(second).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(first).rejects.toThrow('no answer within 600 ms')
    expect((await send('3')).status).toBe(200)
    expect(receiver.received.map(({ body }) => body)).toEqual(['1', '3'])
  })

  it('throws where nobody listens', async () => {
    await start(() => ({ status: 200 }))
    await receiver.close()
    await expect(send('1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    receiver = await startReceiver(() => ({ status: 200 }))
  })
})

describe('post over TLS', () => {
  const DAY_MS = 86_400_000
  const authorityOf = (name: string) => createAuthority(name, { from: Date.now() - DAY_MS, until: Date.now() + DAY_MS })
  const own = authorityOf('own')
  async function startSecure({ by = own, until = Date.now() + DAY_MS, hosts = ['127.0.0.1'], trusted = own }: { by?: CertificateAuthority; until?: number; hosts?: string[]; trusted?: CertificateAuthority | null } = {}): Promise<void> {
    const { publicKey, privateKey } = newKeyPair()
    receiver = await startReceiver(() => ({ status: 200 }), { cert: by.sign({ subject: 'portal', publicKey, from: Date.now() - 9 * DAY_MS, until, hosts }), key: keyText(privateKey) })
    pool = openPool(receiver.url, '127.9.8.7', 1, trusted?.certificate)
  }

  it('trusts the authority that it is told of, from its own local address, over one connection', async () => {
    await startSecure()
    expect([await send('1'), await send('2')]).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(receiver.received.map(({ body, remoteAddress }) => [body, remoteAddress])).toEqual([['1', '127.9.8.7'], ['2', '127.9.8.7']])
  })

  it('says since when a certificate is expired, and has sent nothing', async () => {
    const until = Date.parse('2026-04-09T17:00:00Z')
    await startSecure({ until })
    for (const body of ['1', '2']) await expect(send(body)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED', message: 'the certificate ended at 2026-04-09T17:00:00.000Z' })
    expect(receiver.received).toEqual([])
  })

  it.each([
    ['of an authority that nobody named', { trusted: null }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'], ['of another authority', { by: authorityOf('other') }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['of another address', { hosts: ['127.0.0.9'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('refuses a certificate %s, with no word of its end', async (_, how, code) => {
    await startSecure(how)
    await expect(send('1')).rejects.toMatchObject({ code, message: 'the certificate is not trusted' })
    expect(receiver.received).toEqual([])
  })
})

describe('a header value', () => {
  it('leaves ops alone and encodes what no header can carry', () => {
    expect(headerValue('sync-w1.12.push.0123456789')).toBe('sync-w1.12.push.0123456789')
    expect(headerValue('hồ sơ\r\nx: y')).toBe('h%E1%BB%93%20s%C6%A1%0D%0Ax%3A%20y')
  })
})
