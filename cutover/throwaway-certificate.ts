/** A certificate for tests, made anew each time: signed by itself, for the addresses and the time that the test asks for. */
import { keyText, newKeyPair, signCertificate } from '../contracts/certificate.ts'

export type ThrowawayCertificate = { certificate: string; key: string }

export function throwawayCertificate({ hosts = ['127.0.0.1'], from = Date.now() - 86_400_000, until = Date.now() + 90 * 86_400_000 }: { hosts?: readonly string[]; from?: number; until?: number } = {}): ThrowawayCertificate {
  const { publicKey, privateKey } = newKeyPair()
  return { certificate: signCertificate({ subject: 'throwaway', issuer: 'throwaway', publicKey, signer: privateKey, from, until, hosts, authority: true }), key: keyText(privateKey) }
}
