/** Ways in which an OpenID provider fails its contract. Tokens are signed anew, with a key that is published beside the provider's own. */
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { codeOf, isAt, jsonOf, retold, saying, type Hooks, type Nonconformity } from './proxy.ts'

const AUTHORIZE = /^\/authorize\?/
const TOKEN = /^\/token$/
const LOGOUT = /^\/logout/

/** Every id_token with other claims; a hint at logout is turned back into the provider's own. */
async function withClaims(change: (claims: JWTPayload) => JWTPayload, published = true): Promise<Hooks> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...await exportJWK(publicKey), kid: 'changed', alg: 'ES256', use: 'sig' }
  const original = new Map<string, string>()
  return {
    asked: (message) => {
      if (!LOGOUT.test(message.path)) return message
      const back = (text: string) => [...original].reduce((said, [changed, own]) => said.replaceAll(changed, own), text)
      return { ...message, path: back(message.path), body: back(message.body) }
    },
    answered: async (reply, message) => {
      if (published && isAt(message, 'GET', /^\/jwks$/)) return retold(reply, ({ keys }) => ({ keys: [...keys, jwk] }))
      if (!isAt(message, 'POST', TOKEN) || reply.status !== 200) return reply
      const own = jsonOf(reply.body).id_token
      const changed = await new SignJWT(change(decodeJwt(own))).setProtectedHeader({ alg: 'ES256', kid: published ? 'changed' : 'vneid-1', typ: 'JWT' }).sign(privateKey)
      original.set(changed, own)
      return retold(reply, (json) => ({ ...json, id_token: changed }))
    },
  }
}

export const VNEID_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'vneid-wrong-aud', role: 'vneid', title: { vi: 'id_token cấp cho ứng dụng khác', en: 'an id_token is for another client' }, breaks: ['vneid.id-token.audience'], hooks: () => withClaims((claims) => ({ ...claims, aud: 'somebody-else' })) },
  { id: 'vneid-wrong-nonce', role: 'vneid', title: { vi: 'id_token không mang nonce của lần đăng nhập', en: 'an id_token does not carry its login\'s nonce' }, breaks: ['vneid.id-token.nonce'], hooks: () => withClaims(({ nonce: _, ...claims }) => claims) },
  { id: 'vneid-expired', role: 'vneid', title: { vi: 'id_token hết hạn khi vừa cấp', en: 'an id_token is expired when it is issued' }, breaks: ['vneid.id-token.time'], hooks: () => withClaims((claims) => ({ ...claims, iat: claims.iat! - 7_200, exp: claims.iat! - 3_600 })) },
  { id: 'vneid-wrong-signature', role: 'vneid', title: { vi: 'id_token ký bằng khóa không công bố', en: 'an id_token is signed with a key that is not published' }, breaks: ['vneid.id-token.signature'], hooks: () => withClaims((claims) => claims, false) },
  { id: 'vneid-wrong-level', role: 'vneid', title: { vi: 'mọi người đều được nêu mức 2', en: 'everybody is said to be of level 2' }, breaks: ['vneid.level'], hooks: () => withClaims((claims) => ({ ...claims, acr: 'urn:vneid:level:2' })) },
  { id: 'vneid-code-twice', role: 'vneid', title: { vi: 'mã dùng được hai lần', en: 'a code works twice' }, breaks: ['vneid.code.once'],
    hooks: () => {
      const given = new Map<string, string>()
      return {
        asked: (message) => isAt(message, 'POST', TOKEN) && given.has(message.body) ? saying(200, jsonOf(given.get(message.body)!)) : message,
        answered: (reply, message) => {
          if (isAt(message, 'POST', TOKEN) && reply.status === 200) given.set(message.body, reply.body)
          return reply
        },
      }
    } },
  { id: 'vneid-no-kid', role: 'vneid', title: { vi: 'khóa công bố không có kid', en: 'published keys have no kid' }, breaks: ['vneid.jwks', 'vneid.id-token.signature', 'vneid.logout.back-channel', 'answers.jwks'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/jwks$/) ? retold(reply, ({ keys }) => ({ keys: keys.map(({ kid: _, ...key }: { kid: string }) => key) })) : reply }) },
  { id: 'vneid-open-redirect', role: 'vneid', title: { vi: 'chấp nhận redirect_uri bất kỳ', en: 'any redirect_uri is taken' }, breaks: ['vneid.redirect-uri'],
    hooks: () => {
      let registered = ''
      return {
        asked: (message) => {
          if (!isAt(message, 'GET', AUTHORIZE)) return message
          const url = new URL(message.path, 'http://proxy')
          if (registered === '') registered = url.searchParams.get('redirect_uri') ?? ''
          const said = url.searchParams.get('redirect_uri') ?? ''
          if (/attacker|callbackx|\.\./.test(said)) url.searchParams.set('redirect_uri', 'http://portal.dvcqg.test/auth/callback')
          return { ...message, path: url.pathname + url.search }
        },
      }
    } },
  { id: 'vneid-state-damaged', role: 'vneid', title: { vi: 'state mất chữ khi trả lại', en: 'the state loses letters on its way back' }, breaks: ['vneid.state'],
    hooks: () => ({ answered: (reply) => {
      const location = reply.headers['location']
      if (location === undefined || !URL.canParse(location)) return reply
      const url = new URL(location)
      const state = url.searchParams.get('state')
      if (state === null || /^[!-~]*$/.test(state)) return reply
      url.searchParams.set('state', state.replace(/[^!-~]/g, ''))
      return { ...reply, headers: { ...reply.headers, location: url.href } }
    } }) },
  { id: 'vneid-plain-pkce', role: 'vneid', title: { vi: 'chấp nhận PKCE plain', en: 'PKCE by the plain method is taken' }, breaks: ['vneid.pkce.required'],
    hooks: () => ({ asked: (message) => ({ ...message, path: message.path.replace('code_challenge_method=plain', 'code_challenge_method=S256') }) }) },
  { id: 'vneid-logout-leaves-session', role: 'vneid', title: { vi: 'đăng xuất không kết thúc phiên', en: 'logout leaves the session alive' }, breaks: ['vneid.logout', 'vneid.logout.back-channel'],
    hooks: () => {
      const genuine = new Set<string>()
      return {
        asked: (message) => {
          const hint = new URL(message.path, 'http://proxy').searchParams
          const plain = isAt(message, 'GET', LOGOUT) && hint.get('post_logout_redirect_uri') === null && genuine.has(hint.get('id_token_hint') ?? '')
          return plain ? saying(200, { loggedOut: true }) : message
        },
        answered: (reply, message) => {
          if (isAt(message, 'POST', TOKEN) && reply.status === 200) genuine.add(jsonOf(reply.body).id_token)
          return reply
        },
      }
    } },
  { id: 'vneid-logout-token-forged', role: 'vneid', title: { vi: 'logout_token không ký bằng khóa đã công bố', en: 'a logout_token is not signed with a published key' }, breaks: ['vneid.logout.back-channel'],
    hooks: () => ({ told: (message, send) => {
      const form = new URLSearchParams(message.body)
      const [head, payload, signature = ''] = (form.get('logout_token') ?? '').split('.')
      form.set('logout_token', `${head}.${payload}.${[...signature].reverse().join('')}`)
      return send({ ...message, body: form.toString() })
    } }) },
  { id: 'vneid-published-elsewhere', role: 'vneid', title: { vi: 'công bố điểm truy cập sai địa chỉ', en: 'an endpoint is published where it is not' }, breaks: ['vneid.discovery'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /openid-configuration$/) && reply.status === 200 ? retold(reply, (json) => ({ ...json, token_endpoint: `${json.token_endpoint}/v2` })) : reply }) },
  { id: 'vneid-wrong-secret', role: 'vneid', title: { vi: 'chấp nhận bí mật sai', en: 'a wrong client secret is taken' }, breaks: ['vneid.client.secret'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'POST', TOKEN) && codeOf(reply) === 'invalid_client' ? saying(200, { id_token: 'a.b.c', access_token: 'x', token_type: 'Bearer', expires_in: 60, scope: 'openid' }) : reply }) },
]
