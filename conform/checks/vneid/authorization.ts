/** Beginning a login: what is published, who may ask, where an answer may go, what is refused and how (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6). */
import type { IssuerProfile } from '../../../contracts/partner-api/issuer-profile.ts'
import { answered, demand, listIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import { begin, citizenOf, enter, logIn, loginCheck as check, requestOf, sentBack } from './login.ts'

/** A state that survives only where it is neither decoded nor cut on the way. */
const HARD_STATE = 'tê/?&=+%20 #"Hoà'
const ENDPOINTS = { authorization_endpoint: 'authorize', token_endpoint: 'token', jwks_uri: 'jwks', userinfo_endpoint: 'userinfo', end_session_endpoint: 'logout' } as const
const PRIVATE_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'] as const

export function authorizationChecks(profile: IssuerProfile): readonly Check[] {
  async function errorOf(context: Context, changes: object): Promise<{ error: string | null; state: string | null; sent: string; exchange: Awaited<ReturnType<typeof begin>>['exchange'] }> {
    const { exchange, state: sent } = await begin(context, profile, changes)
    const location = sentBack(exchange)
    return { error: location.searchParams.get('error'), state: location.searchParams.get('state'), sent, exchange }
  }
  async function refusedBack(context: Context, changes: object, wanted: readonly string[]): Promise<void> {
    const { error, state, sent, exchange } = await errorOf(context, changes)
    demand(error !== null && wanted.includes(error), `error=${wanted.join(' | ')}`, `error=${error}`, exchange)
    demand(state === sent, `state=${sent}`, `state=${state}`, exchange)
  }

  return [
    check('discovery', 'Cấu hình công bố: issuer đúng địa chỉ, đủ các điểm truy cập, thuật toán ký và PKCE S256', 'The configuration names the issuer\'s own address, every endpoint, the algorithm and PKCE S256', async (context) => {
      const exchange = await context.ask('discovery', {})
      answered(exchange, 200)
      const said = exchange.json ?? {}
      const issuer = context.baseUrl + profile.basePath
      demand(said.issuer === issuer, issuer, String(said.issuer), exchange)
      // A client asks where it is told to, so it must be told where the operations are.
      for (const [name, operation] of Object.entries(ENDPOINTS)) {
        const at = context.baseUrl + context.role.operations.find((one) => one.name === operation)!.path
        demand(said[name] === at, `${name} ${at}`, `${name} ${said[name]}`, exchange)
      }
      const lists: [string, string][] = [['response_types_supported', 'code'], ['id_token_signing_alg_values_supported', profile.keys.algorithm], ['code_challenge_methods_supported', 'S256'], ['scopes_supported', 'openid']]
      for (const [name, value] of lists) demand(said[name]?.includes?.(value), `${name}: ${value}`, `${name}: ${said[name]}`, exchange)
    }, []),
    check('jwks', 'Khóa công bố có kid riêng và không lộ phần bí mật', 'The published keys each have a kid of their own and show no private part', async (context) => {
      const exchange = await context.ask('jwks', {})
      answered(exchange, 200)
      const keys: Record<string, unknown>[] = listIn(exchange, 'keys')
      demand(keys.length > 0 && new Set(keys.map(({ kid }) => kid)).size === keys.length && keys.every(({ kid }) => typeof kid === 'string'), { vi: 'mỗi khóa một kid', en: 'a kid for each key' }, keys.map(({ kid }) => String(kid)).join(', ') || '–', exchange)
      const shown = PRIVATE_PARTS.filter((part) => keys.some((key) => part in key))
      demand(shown.length === 0, { vi: 'chỉ phần công khai', en: 'public parts only' }, shown.join(', '), exchange)
    }, []),
    check('client.unknown', 'Ứng dụng chưa đăng ký bị từ chối, không chuyển hướng', 'An unregistered client is refused without a redirect', async (context) => {
      answered((await begin(context, profile, { client_id: context.tag() })).exchange, 400, 'CLIENT_UNKNOWN')
    }, ['client']),
    check('redirect-uri', 'redirect_uri phải trùng từng ký tự; địa chỉ khác bị từ chối, không chuyển hướng', 'The redirect_uri must be one that is registered, character by character; another is refused without a redirect', async (context) => {
      const { redirectUri } = context.fixture.client!
      const others = ['https://attacker.test/callback', `${redirectUri}/../x`, `${redirectUri}?next=https://attacker.test`, `${redirectUri}x`, redirectUri.replace('://', '://attacker.test@')]
      for (const other of others) answered((await begin(context, profile, { redirect_uri: other })).exchange, 400, 'REDIRECT_URI_UNKNOWN')
    }, ['client']),
    check('request.refused', 'Sai response_type, thiếu scope openid: báo lỗi về ứng dụng kèm state', 'A wrong response_type or a scope without openid is told to the client, with its state', async (context) => {
      await refusedBack(context, { response_type: 'token' }, ['unsupported_response_type'])
      await refusedBack(context, { scope: 'profile' }, ['invalid_scope'])
    }, ['client']),
    ...(profile.pkce === 'required' ? [check('pkce.required', 'Thiếu PKCE hoặc dùng phương thức plain bị từ chối', 'A login without PKCE, or with the plain method, is refused', async (context) => {
      await refusedBack(context, { code_challenge: '', code_challenge_method: '' }, ['invalid_request'])
      await refusedBack(context, { code_challenge_method: 'plain' }, ['invalid_request'])
    }, ['client'])] : []),
    ...(profile.authorization.prompts.includes('none') ? [check('prompt.none', 'prompt=none khi chưa có phiên: báo login_required', 'prompt=none without a session is answered login_required', async (context) => {
      await refusedBack(context, { prompt: 'none' }, ['login_required'])
    }, ['client'])] : []),
    check('state', 'state được trả lại nguyên vẹn, về đúng redirect_uri', 'The state comes back untouched, at the very redirect_uri', async (context) => {
      const { location, exchange } = await enter(context, profile, citizenOf(context), { state: HARD_STATE })
      demand(location.searchParams.get('state') === HARD_STATE, HARD_STATE, String(location.searchParams.get('state')), exchange)
      const { redirectUri } = context.fixture.client!
      demand(location.href.startsWith(redirectUri), redirectUri, location.origin + location.pathname, exchange)
      if (profile.authorization.iss) demand(location.searchParams.get('iss') === context.baseUrl + profile.basePath, `iss=${context.baseUrl + profile.basePath}`, `iss=${location.searchParams.get('iss')}`, exchange)
    }),
    check('passcode', 'Sai mật mã hoặc người không có bị từ chối, không cấp mã', 'A wrong passcode or an unknown person is refused, and no code given', async (context) => {
      const begun = await begin(context, profile)
      answered(begun.exchange, 200)
      answered(await logIn(context, begun, citizenOf(context), 'wrong'), 401, 'LOGIN_REFUSED')
      answered(await logIn(context, begun, { ...citizenOf(context), personId: '999999999' }, '999999'), 401, 'LOGIN_REFUSED')
    }),
    check('request.unknown', 'Yêu cầu đăng nhập lạ hoặc đã dùng bị từ chối', 'A login request that is unknown or was used is refused', async (context) => {
      const { personId } = citizenOf(context)
      answered(await context.ask('login', { request: context.tag(), personId, passcode: context.secrets.passcodeOf(personId) }), 404, 'LOGIN_REQUEST_UNKNOWN')
      const begun = await begin(context, profile)
      answered(await logIn(context, begun, citizenOf(context)), 302)
      answered(await logIn(context, begun, citizenOf(context)), 404, 'LOGIN_REQUEST_UNKNOWN')
    }),
    ...(profile.authorization.unmetLevel === 'proceed' ? [] : [check('level.unmet', 'Người mức 1 khi cần mức 2: báo lỗi về ứng dụng', 'A person of level 1 where level 2 is asked for is told to the client as an error', async (context) => {
      const begun = await begin(context, profile, { acr_values: profile.acr[2] })
      answered(begun.exchange, 200)
      const exchange = await logIn(context, begun, citizenOf(context, ({ level }) => level === 1))
      const error = sentBack(exchange).searchParams.get('error')
      demand(error === profile.authorization.unmetLevel, `error=${profile.authorization.unmetLevel}`, `error=${error}`, exchange)
    }, ['login', 'level-1'])]),
    check('cancel', 'Người dùng hủy: ứng dụng nhận access_denied kèm state', 'Where the person cancels, the client is told access_denied, with its state', async (context) => {
      const begun = await begin(context, profile)
      answered(begun.exchange, 200)
      const request = requestOf(begun)
      const exchange = await context.ask('sign-in', { request, cancel: '1' })
      const { searchParams } = sentBack(exchange)
      demand(searchParams.get('error') === 'access_denied' && searchParams.get('state') === begun.state, `error=access_denied state=${begun.state}`, `error=${searchParams.get('error')} state=${searchParams.get('state')}`, exchange)
    }),
  ]
}
