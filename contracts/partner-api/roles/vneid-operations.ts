/**
 * The operations of an OpenID provider, as its profile has them (issuer-profile.ts): OpenID Connect Core 1.0, RFC 6749, RFC 7636, RFC 9207, RP-Initiated Logout 1.0.
 * Mistakes of a client go back to its redirect_uri as `error` (302) wherever that address can be trusted; token and userinfo refuse in OAuth's own form.
 */
import { z } from 'zod'
import { PERSON_KINDS, personOf } from '../../reference/people.ts'
import { claimName, ISSUER_CLAIMS, type IssuerClaim, type IssuerProfile } from '../issuer-profile.ts'
import { defineOperation, RefusalBody } from '../operation.ts'

/** How token and userinfo refuse (RFC 6749 5.2). */
export const OAuthError = z.object({ error: z.string(), error_description: z.string() })

const optional = () => z.string().optional()
const AuthorizeRequest = z.object({
  client_id: z.string(), redirect_uri: z.string(), response_type: z.string().default(''), scope: z.string().default(''), state: z.string().default(''),
  nonce: optional(), code_challenge: z.string().default(''), code_challenge_method: z.string().default(''),
  response_mode: optional(), prompt: optional(), max_age: optional(), acr_values: optional(), id_token_hint: optional(), login_hint: optional(), ui_locales: optional(),
  request: optional(), request_uri: optional(), registration: optional(),
  /** The operation that the login belongs to, for evidence. */
  reference: z.string().default(''),
})
export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>

const TokenRequest = z.object({
  grant_type: z.string(), client_id: optional(), client_secret: optional(), code: optional(), redirect_uri: optional(), code_verifier: optional(), refresh_token: optional(), scope: optional(),
})
export type TokenRequest = z.infer<typeof TokenRequest>

const LogoutRequest = z.object({ id_token_hint: z.string(), client_id: optional(), post_logout_redirect_uri: optional(), state: optional() })
const LoggedOut = z.object({ loggedOut: z.literal(true), frontChannel: z.array(z.string()).optional(), redirectTo: optional() })
const Account = z.object({ personId: z.string(), passcode: z.string(), name: z.string(), kind: z.enum(PERSON_KINDS), level: z.int(), foreignRepresentative: z.boolean() })

const LOGIN_REFUSALS = {
  LOGIN_REQUEST_UNKNOWN: { status: 404, when: { vi: 'yêu cầu đăng nhập không có, đã xong hoặc đã hết hạn', en: 'the login request is unknown, finished or expired' } },
  LOGIN_REFUSED: { status: 401, when: { vi: 'không có người này, mật mã sai, hoặc loại tài khoản không dùng được ở đây', en: 'no such person, a wrong passcode, or a kind of account that this issuer does not take' } },
} as const

const USERINFO_REFUSALS = { invalid_token: { status: 401, when: { vi: 'token lạ, hết hạn hoặc đã kết thúc', en: 'the access token is unknown, expired or ended' } } } as const

export function vneidOperations(profile: IssuerProfile) {
  const at = (path: string) => profile.basePath + path
  const { paths } = profile
  const person = personOf(1)
  const userinfoAnswers = { 200: userinfoSchema(profile), 400: OAuthError, 401: OAuthError }
  return {
    discovery: defineOperation({
      name: 'discovery', method: 'GET', path: at('/.well-known/openid-configuration'), takes: 'query', request: z.object({}),
      answers: { 200: z.looseObject({ issuer: z.string(), authorization_endpoint: z.string(), token_endpoint: z.string(), jwks_uri: z.string(), userinfo_endpoint: z.string(), end_session_endpoint: z.string() }) },
      summary: { vi: 'Những gì nơi cấp định danh này có', en: 'What this issuer offers' },
      examples: [{ title: { vi: 'Đọc cấu hình', en: 'Read the configuration' }, request: {}, status: 200 }],
    }),
    jwks: defineOperation({
      name: 'jwks', method: 'GET', path: at(paths.jwks), takes: 'query', request: z.object({}),
      answers: { 200: z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) }) },
      summary: { vi: 'Các khóa công khai: khóa đang ký và các khóa vừa thay', en: 'The public keys: the one that signs, and those just replaced' },
      examples: [{ title: { vi: 'Đọc các khóa', en: 'Read the keys' }, request: {}, status: 200 }],
    }),
    authorize: defineOperation({
      name: 'authorize', method: 'GET', path: at(paths.authorize), takes: 'query', request: AuthorizeRequest,
      answers: { 200: z.object({ loginUrl: z.string() }), 302: null, 400: RefusalBody }, pages: [200],
      summary: { vi: 'Bắt đầu đăng nhập; trình duyệt nhận trang đăng nhập, chương trình nhận địa chỉ của trang đó', en: 'Begins a login: a browser gets the login page, a program its address' },
      refuses: {
        CLIENT_UNKNOWN: { status: 400, when: { vi: 'client_id chưa đăng ký', en: 'the client_id is not registered' } },
        REDIRECT_URI_UNKNOWN: { status: 400, when: { vi: 'redirect_uri không trùng từng ký tự với địa chỉ đã đăng ký', en: 'the redirect_uri is not, character by character, one that is registered' } },
      },
      examples: [{
        title: { vi: 'Đăng nhập với PKCE', en: 'A login with PKCE' }, status: 200, given: { vi: 'client "portal" có địa chỉ này', en: 'the client "portal" has this address' },
        request: {
          response_type: 'code', client_id: 'portal', redirect_uri: 'http://portal.test/auth/callback', scope: Object.keys(profile.scopes).join(' '), state: 'a-state', nonce: 'a-nonce',
          // RFC 7636, appendix B.
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256',
        },
      }],
    }),
    loginPage: defineOperation({
      name: 'login-page', method: 'GET', path: at(paths.login), takes: 'query', request: z.object({ request: z.string(), ui_locales: optional() }),
      answers: { 200: z.object({ request: z.string(), clientId: z.string(), accounts: z.array(Account) }), 400: RefusalBody, 404: RefusalBody }, pages: [200, 404],
      summary: { vi: 'Trang đăng nhập, với các tài khoản thử', en: 'The login page, with the accounts to try' },
      refuses: { LOGIN_REQUEST_UNKNOWN: LOGIN_REFUSALS.LOGIN_REQUEST_UNKNOWN }, examples: [],
    }),
    login: defineOperation({
      name: 'login', method: 'POST', path: at(paths.login), takes: 'json', request: z.object({ request: z.string(), personId: z.string(), passcode: z.string() }),
      answers: { 302: null, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody },
      summary: { vi: 'Đăng nhập không qua trang: mật mã là sáu số cuối của định danh', en: 'Logs in without the page: the passcode is the last six digits of the id' },
      refuses: LOGIN_REFUSALS,
      examples: [{ title: { vi: 'Người thử số 1', en: 'Test person 1' }, status: 302, request: { request: '(from loginUrl)', personId: person.personId, passcode: person.personId.slice(-6) }, given: { vi: 'một đăng nhập đã bắt đầu', en: 'a login has begun' } }],
    }),
    signIn: defineOperation({
      name: 'sign-in', method: 'POST', path: at(paths.signIn), takes: 'form',
      request: z.object({ request: z.string(), personId: z.string().default(''), passcode: z.string().default(''), cancel: optional(), ui_locales: optional() }),
      answers: { 302: null, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody }, pages: [401, 404],
      summary: { vi: 'Nơi biểu mẫu của trang đăng nhập gửi đến; hủy thì trang yêu cầu nhận access_denied', en: 'Where the form of the login page goes; cancelled, the client is told access_denied' },
      refuses: LOGIN_REFUSALS, examples: [],
    }),
    token: defineOperation({
      name: 'token', method: 'POST', path: at(paths.token), takes: 'form', request: TokenRequest, access: 'client',
      answers: {
        200: z.object({ id_token: z.string(), access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string(), refresh_token: optional() }),
        400: OAuthError, 401: OAuthError,
      },
      summary: { vi: 'Đổi mã lấy token; mã dùng một lần, dùng lại thì token đã cấp bị thu hồi', en: 'Tokens for a code; a code works once, a second use ends what the first one gave' },
      refuses: {
        invalid_request: { status: 400, when: { vi: 'thiếu tham số', en: 'a parameter is missing' } },
        invalid_grant: { status: 400, when: { vi: 'mã lạ, hết hạn, đã dùng, hoặc redirect_uri hay code_verifier không khớp', en: 'the code is unknown, expired or used, or redirect_uri or code_verifier do not fit it' } },
        unsupported_grant_type: { status: 400, when: { vi: 'grant_type không được hỗ trợ', en: 'a grant_type that is not offered' } },
        invalid_scope: { status: 400, when: { vi: 'scope rộng hơn lúc đầu', en: 'a scope beyond what was granted' } },
        invalid_client: { status: 401, when: { vi: 'client lạ, sai bí mật, hoặc sai cách xác thực', en: 'an unknown client, a wrong secret, or a way of authentication that is not offered' } },
      },
      examples: [],
    }),
    userinfo: defineOperation({
      name: 'userinfo', method: 'GET', path: at(paths.userinfo), takes: 'query', request: z.object({}), access: 'bearer', answers: userinfoAnswers,
      summary: { vi: 'Thông tin của người đã đăng nhập', en: 'What is known of the person who has logged in' }, refuses: USERINFO_REFUSALS, examples: [],
    }),
    userinfoPost: defineOperation({
      name: 'userinfo-post', method: 'POST', path: at(paths.userinfo), takes: 'form', request: z.object({ access_token: optional() }), answers: userinfoAnswers,
      summary: { vi: 'Như userinfo, bằng POST; token ở header hoặc trong biểu mẫu (RFC 6750 2.2)', en: 'As userinfo, by POST; the token in the header or in the form (RFC 6750 2.2)' },
      refuses: { ...USERINFO_REFUSALS, invalid_request: { status: 400, when: { vi: 'token ở hai chỗ, hoặc biểu mẫu không đọc được', en: 'the token comes in two ways, or the form cannot be read' } } }, examples: [],
    }),
    logout: defineOperation({
      name: 'logout', method: 'GET', path: at(paths.logout), takes: 'query', request: LogoutRequest,
      answers: { 200: LoggedOut, 302: null, 400: RefusalBody }, pages: [200],
      summary: { vi: 'Kết thúc phiên ở cả hai phía, rồi trở về trang đã yêu cầu', en: 'Ends the session on both sides and leads back to the client' },
      refuses: { ID_TOKEN_HINT_INVALID: { status: 400, when: { vi: 'id_token_hint không do nơi này ký, hoặc của client khác', en: 'the id_token_hint was not signed here, or is another client\'s' } } },
      examples: [],
    }),
    logoutPost: defineOperation({
      name: 'logout-post', method: 'POST', path: at(paths.logout), takes: 'form', request: LogoutRequest,
      answers: { 200: LoggedOut, 302: null, 400: RefusalBody }, pages: [200],
      summary: { vi: 'Như logout, bằng POST', en: 'As logout, by POST' },
      refuses: { ID_TOKEN_HINT_INVALID: { status: 400, when: { vi: 'như logout', en: 'as logout' } } }, examples: [],
    }),
  }
}

/** What `openid` alone gives to every kind is always there; the rest hangs on scope and kind. */
function userinfoSchema(profile: IssuerProfile): z.ZodType {
  const always = new Set<IssuerClaim>((profile.scopes['openid'] ?? []).filter((claim) => !OF_ONE_KIND.has(claim)))
  return z.object(Object.fromEntries(ISSUER_CLAIMS.map((claim) => {
    const schema = claimSchema(profile, claim)
    return [claimName(profile, claim), claim === 'sub' || always.has(claim) ? schema : schema.optional()]
  })))
}

const OF_ONE_KIND: ReadonlySet<IssuerClaim> = new Set(['nationality', 'company_number', 'organisation_code', 'representative', 'guardian'])

function claimSchema(profile: IssuerProfile, claim: IssuerClaim): z.ZodType {
  const nested = { sub: z.string(), [claimName(profile, 'name')]: z.string() }
  if (claim === 'representative') return z.object({ ...nested, [claimName(profile, 'foreign')]: z.boolean() })
  if (claim === 'guardian') return z.object(nested)
  if (claim === 'level') return z.union([z.int(), z.string()])
  if (claim === 'person_kind' || claim === 'account_type') return z.union([z.string(), z.int()])
  return z.string()
}
