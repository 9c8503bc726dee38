/** Certificates as others see them: Node's reader of X.509, and a real handshake. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createAuthority, keyText, newKeyPair } from './certificate.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()
const authority = createAuthority('A rehearsal\'s authority', { from: NOW - DAY_MS, until: NOW + DAY_MS })

function made({ until = NOW + DAY_MS, hosts = ['127.0.0.1', 'portal.dvcqg.test'], by = authority } = {}) {
  const { publicKey, privateKey } = newKeyPair()
  return { certificate: by.sign({ subject: 'portal.dvcqg.test', publicKey, from: NOW - 9 * DAY_MS, until, hosts }), key: keyText(privateKey) }
}

async function handshake({ certificate, key }: { certificate: string; key: string }): Promise<string> {
  const server = createServer({ cert: certificate, key }).listen(0, '127.0.0.1').on('tlsClientError', () => {})
  await once(server, 'listening')
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: authority.certificate })
  try {
    return await Promise.race([once(socket, 'secureConnect').then(() => 'trusted'), once(socket, 'close').then(() => 'closed')])
  } catch (error) { return (error as NodeJS.ErrnoException).code! } finally { socket.destroy(); server.close() }
}

describe('a certificate', () => {
  it('says whose it is, for which hosts, until when, and who signed it', () => {
    const until = Math.floor(NOW / 1_000) * 1_000 - 60_000
    const read = new X509Certificate(made({ until }).certificate)
    expect([read.subject, read.issuer, read.subjectAltName, read.ca]).toEqual(['CN=portal.dvcqg.test', 'CN=A rehearsal\'s authority', 'IP Address:127.0.0.1, DNS:portal.dvcqg.test', false])
    expect(Date.parse(read.validTo)).toBe(until)
    const signer = new X509Certificate(authority.certificate)
    expect([signer.ca, read.checkIssued(signer), read.verify(signer.publicKey)]).toEqual([true, true, true])
  })

  it.each([
    ['of the authority', made(), 'trusted'],
    ['whose time is over', made({ until: NOW - 60_000 }), 'CERT_HAS_EXPIRED'],
    ['of another address', made({ hosts: ['127.0.0.9'] }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of another authority of the same name', made({ by: createAuthority('A rehearsal\'s authority', { from: NOW - DAY_MS, until: NOW + DAY_MS }) }), 'CERT_SIGNATURE_FAILURE'],
    ['of another authority', made({ by: createAuthority('Another', { from: NOW - DAY_MS, until: NOW + DAY_MS }) }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('%s in a handshake', async (_, shown, said) => { expect(await handshake(shown)).toBe(said) })
})
