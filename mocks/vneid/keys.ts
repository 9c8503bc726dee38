/** VNeID's signing key: ES256, made anew for each run and never written anywhere; the public half is served at /jwks. */
import type { webcrypto } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose'

export type SigningKey = { jwks: { keys: JWK[] }; sign: (claims: JWTPayload) => Promise<string>; publicKey: webcrypto.CryptoKey }

export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const kid = 'vneid-1'
  const jwk = await exportJWK(publicKey)
  return {
    jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' }).sign(privateKey),
    publicKey,
  }
}
