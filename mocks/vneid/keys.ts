/** One signing key of VNeID, made anew for each run and never written anywhere; the public half is served at jwks. */
import type { webcrypto } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'

export type SigningAlgorithm = IssuerProfile['keys']['algorithm']
export type SigningKey = {
  kid: string
  algorithm: SigningAlgorithm
  jwk: JWK
  /** `type` stands in the header: `JWT`, or `logout+jwt` for logout tokens. */
  sign: (claims: JWTPayload, type?: string) => Promise<string>
  publicKey: webcrypto.CryptoKey
}

export async function makeSigningKey(algorithm: SigningAlgorithm = 'ES256', kid = 'vneid-1'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm)
  return {
    kid, algorithm, publicKey,
    jwk: { ...await exportJWK(publicKey), kid, alg: algorithm, use: 'sig' },
    sign: (claims, type = 'JWT') => new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid, typ: type }).sign(privateKey),
  }
}
