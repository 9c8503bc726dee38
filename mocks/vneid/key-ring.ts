/**
 * The keys of an issuer: one signs, those before it stay published for a time of grace on the scenario clock, and longer here, so that an old ID token is
 * still known as a hint at logout. In: the first key. Out: what jwks serves, what signs, what a token was signed by.
 */
import { compactVerify, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose'
import { makeSigningKey, type SigningKey } from './keys.ts'

const MAX_KEYS = 16

export type KeyRing = {
  current: () => SigningKey
  published: () => { keys: JWK[] }
  /** From now on a new key signs. */
  rotate: () => Promise<SigningKey>
  /** What a token of ours says, expired or not; undefined where none of our keys has signed it. */
  claimsOf: (token: string) => Promise<JWTPayload | undefined>
}

export function createKeyRing({ first, graceMs, scenarioNow }: { first: SigningKey; graceMs: number; scenarioNow: () => number }): KeyRing {
  // The newest first.
  let keys: { key: SigningKey; publishedUntil: number }[] = [{ key: first, publishedUntil: Infinity }]
  let made = 1
  return {
    current: () => keys[0]!.key,
    published: () => {
      const now = scenarioNow()
      return { keys: keys.filter(({ publishedUntil }) => now < publishedUntil).map(({ key }) => key.jwk) }
    },
    async rotate() {
      made += 1
      const key = await makeSigningKey(first.algorithm, `${first.kid.replace(/-\d+$/, '')}-${made}`)
      const retired = keys.map((entry) => entry.publishedUntil === Infinity ? { ...entry, publishedUntil: scenarioNow() + graceMs } : entry)
      keys = [{ key, publishedUntil: Infinity }, ...retired].slice(0, MAX_KEYS)
      return key
    },
    async claimsOf(token) {
      try {
        const { kid } = decodeProtectedHeader(token)
        const entry = keys.find(({ key }) => key.kid === kid)
        if (!entry) return undefined
        const { payload } = await compactVerify(token, entry.key.publicKey, { algorithms: [first.algorithm] })
        return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload
      } catch {
        return undefined
      }
    },
  }
}
