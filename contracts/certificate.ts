/**
 * Certificates made anew where a run or a test needs them (X.509 v3, RFC 5280, ECDSA on P-256 with SHA-256). In: whose key, who signs, for which hosts, from when until when
 * (epoch ms; a certificate knows whole seconds). Out: PEM. An authority lives in the memory of whoever made it: its key is never written.
 */
import { createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'

export type CertificateWish = {
  subject: string; publicKey: KeyObject
  issuer: string; signer: KeyObject
  from: number; until: number
  /** Names and IPv4 addresses that it is good for. */
  hosts?: readonly string[]
  /** It may sign others. */
  authority?: boolean
}

export const newKeyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts)
const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
const nameOf = (text: string) => sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(text)))))
const time = (ms: number) => der(0x18, Buffer.from(new Date(ms).toISOString().replace(/[-:T]/g, '').replace(/\..*/, 'Z')))
const extension = (oid: string, critical: boolean, value: Buffer) => sequence(der(0x06, Buffer.from(oid, 'hex')), ...critical ? [der(0x01, Buffer.from([0xff]))] : [], der(0x04, value))
const hostOf = (host: string) => isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
const pem = (label: string, bytes: Buffer) => `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`

export function signCertificate({ subject, publicKey, issuer, signer, from, until, hosts = [], authority = false }: CertificateWish): string {
  const extensions = [
    ...authority ? [extension('551d13', true, sequence(der(0x01, Buffer.from([0xff]))))] : [],
    ...hosts.length > 0 ? [extension('551d11', false, sequence(...hosts.map(hostOf)))] : [],
  ]
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])), ECDSA_WITH_SHA256, nameOf(issuer),
    sequence(time(from), time(until)), nameOf(subject), publicKey.export({ type: 'spki', format: 'der' }), der(0xa3, sequence(...extensions)),
  )
  return pem('CERTIFICATE', sequence(content, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), createSign('SHA256').update(content).sign(signer))))
}

/** PKCS #8. */
export function keyText(key: KeyObject): string { return key.export({ type: 'pkcs8', format: 'pem' }) as string }

export type CertificateAuthority = {
  /** PEM: what others have to trust. */
  certificate: string
  sign: (wish: Pick<CertificateWish, 'subject' | 'publicKey' | 'from' | 'until' | 'hosts'>) => string
}

export function createAuthority(name: string, { from, until }: Pick<CertificateWish, 'from' | 'until'>): CertificateAuthority {
  const { publicKey, privateKey } = newKeyPair()
  return {
    certificate: signCertificate({ subject: name, issuer: name, publicKey, signer: privateKey, from, until, authority: true }),
    sign: (wish) => signCertificate({ ...wish, issuer: name, signer: privateKey }),
  }
}
