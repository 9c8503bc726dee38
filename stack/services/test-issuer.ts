/** A small OpenID Connect issuer for tests of the portals' side: signs what the test asks for. The whole of VNeID is its simulator's business. */
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { startNeighbour, type Neighbour, type Received } from './test-bench.ts'

export type SigningKey = { key: CryptoKey; kid: string; jwk: JWK }
export type TestIssuer = {
  server: Neighbour
  signWith: SigningKey
  published: JWK[]
  /** What the next token says; `aud` and `iss` are the right ones where they are not given. */
  claims: Record<string, unknown>
  expiresInS: number
  tokenStatus: number
}

export async function newSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { key: privateKey, kid, jwk: { ...await exportJWK(publicKey), kid, alg: 'ES256' } }
}

export async function startTestIssuer(clientId: string, at?: URL): Promise<TestIssuer> {
  const signWith = await newSigningKey('k1')
  const issuer = { signWith, published: [signWith.jwk], claims: {}, expiresInS: 300, tokenStatus: 200 } as unknown as TestIssuer

  async function answer({ path }: Received): Promise<{ status: number; body?: unknown }> {
    const { url } = issuer.server
    if (path === '/.well-known/openid-configuration') {
      return { status: 200, body: { issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks`, end_session_endpoint: `${url}/logout` } }
    }
    if (path === '/jwks') return { status: 200, body: { keys: issuer.published } }
    if (path !== '/token') return { status: 404 }
    if (issuer.tokenStatus !== 200) return { status: issuer.tokenStatus, body: { error: 'invalid_grant' } }
    const token = await new SignJWT({ iss: url, aud: clientId, ...issuer.claims }).setProtectedHeader({ alg: 'ES256', kid: issuer.signWith.kid })
      .setExpirationTime(Math.floor(Date.now() / 1_000) + issuer.expiresInS).sign(issuer.signWith.key)
    return { status: 200, body: { id_token: token, access_token: 'a' } }
  }

  issuer.server = await startNeighbour(answer, at)
  return issuer
}
