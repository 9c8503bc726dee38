import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { DEFAULT_ISSUER, IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { vneidRole } from '../../contracts/partner-api/roles/vneid.ts'
import { compileWires } from '../../contracts/partner-api/wire.ts'
import { createWorld } from '../world.ts'
import { makeSigningKey } from './keys.ts'
import { createVneid } from './provider.ts'
import { profileOf, PORTAL } from './testing/issuer-bench.ts'

const NAMED = { version: 1, name: 'a', title: { vi: 'a', en: 'a' }, source: { vi: 'a', en: 'a' } } as const
const world = () => createWorld({ seed: 1, scenarioStartMs: 0, keys: {} })

describe('an issuer profile', () => {
  it('is written out in full in default.yaml', () => { expect(profileOf('default')).toEqual(DEFAULT_ISSUER) })

  it('differs from the default in all it can say in other.yaml', () => {
    const [usual, other] = [DEFAULT_ISSUER, profileOf('other')] as [Record<string, unknown>, Record<string, unknown>]
    // The kinds that have an account are left alone, so that each is tried.
    expect(Object.keys(usual).filter((key) => JSON.stringify(usual[key]) === JSON.stringify(other[key]))).toEqual(['version', 'personKinds'])
  })

  it('fills in what is left out', () => { expect(IssuerProfile.parse(NAMED)).toEqual({ ...DEFAULT_ISSUER, ...NAMED }) })

  it.each<[string, object, string]>([
    ['a path with a query', { paths: { token: '/token?a=1' } }, 'paths.token'], ['scopes without openid', { scopes: { profile: ['name'] } }, 'scopes'],
    ['a claim that does not exist', { scopes: { openid: ['shoe_size'] } }, 'scopes.openid.0'], ['another name for sub', { claims: { sub: 'id' } }, 'claims'],
    ['an algorithm without a key pair', { keys: { algorithm: 'HS256' } }, 'keys.algorithm'], ['no way to prove a client', { clientAuthentication: [] }, 'clientAuthentication'], ['a key that nobody knows', { colour: 'red' }, ''],
  ])('refuses %s and says where', (_title, changes, where) => {
    const { error } = IssuerProfile.safeParse({ ...NAMED, ...changes })
    expect(error!.issues.map((issue) => issue.path.join('.'))).toContain(where)
  })

  it('gives the role its paths and the names of its claims', () => {
    const role = vneidRole(profileOf('other'))
    expect(role.operations.map(({ path }) => path)).toContain('/realms/cong-dan/protocol/token')
    const userinfo = z.toJSONSchema(role.operations.find(({ name }) => name === 'userinfo')!.answers[200]!) as { properties: object; required: string[] }
    expect(Object.keys(userinfo.properties)).toContain('soDinhDanh')
    expect(userinfo.required).toEqual(['sub', 'acr'])
  })

  it('does not go with a key of another algorithm', async () => {
    const key = await makeSigningKey('ES256')
    expect(() => createVneid({ world: world(), issuer: 'http://a.test', client: PORTAL, key, profile: profileOf('other') })).toThrow('the key signs with ES256, the profile "other" asks for PS256')
  })

  it('stands in a contract profile, and not beside a second description of the same role', () => {
    const issuer = { ...NAMED, basePath: '/sso' }
    const profile = ContractProfile.parse({ ...NAMED, roles: {}, issuer })
    expect(profile.issuer!.basePath).toBe('/sso')
    expect(() => compileWires(profile)).not.toThrow()
    expect(() => compileWires(ContractProfile.parse({ ...NAMED, roles: { vneid: {} }, issuer }))).toThrow('CONTRACT_PROFILE_AMBIGUOUS: the role "vneid" is described twice')
  })
})
