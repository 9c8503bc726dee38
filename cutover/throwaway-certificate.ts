/** A certificate for tests, made anew each time (X.509 v3, RFC 5280, P-256): signed by itself, for the addresses and the time that the test asks for. */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'

export type ThrowawayCertificate = { certificate: string; key: string }

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
const pem = (label: string, bytes: Buffer) => `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`

export function throwawayCertificate({ hosts = ['127.0.0.1'], from = Date.now() - 86_400_000, until = Date.now() + 90 * 86_400_000 }: { hosts?: readonly string[]; from?: number; until?: number } = {}): ThrowawayCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternatives = hosts.map((host) => isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)))
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])), ECDSA_WITH_SHA256, nameOf('throwaway'),
    sequence(time(from), time(until)), nameOf('throwaway'), publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension('551d13', true, sequence(der(0x01, Buffer.from([0xff])))), extension('551d11', false, sequence(...alternatives)))),
  )
  const signature = createSign('SHA256').update(content).sign(privateKey)
  return {
    certificate: pem('CERTIFICATE', sequence(content, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}
