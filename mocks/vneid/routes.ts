/**
 * What VNeID offers, as its profile has it (contracts/partner-api/roles/vneid-operations.ts). A client or redirect_uri that is not registered is refused
 * here (400); every other mistake of the client goes back to its redirect_uri as `error`, with `state` untouched (RFC 6749 4.1.2.1).
 */
import { DEFAULT_ISSUER, type IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { vneidOperations } from '../../contracts/partner-api/roles/vneid-operations.ts'
import { defineRoute, ok, refusal, type Answer, type Call, type Route } from '../server/route.ts'
import { accountsToTry } from './accounts.ts'
import { decide, tooLow, unmet } from './authorize.ts'
import { authenticate } from './client.ts'
import { leave } from './leave.ts'
import { gonePage, loginPage } from './pages.ts'
import type { AuthorizationRequest, Vneid } from './provider.ts'
import { redirect, wantsPage } from './redirect.ts'
import { sessionCookie, type Session } from './sessions.ts'
import { tokens } from './tokens.ts'

export function vneidRoutes(profile: IssuerProfile): readonly Route<Vneid>[] {
  const operations = vneidOperations(profile)
  const { paths } = profile
  const jwksHeaders = { 'cache-control': profile.keys.jwksMaxAgeS === 0 ? 'no-cache' : `public, max-age=${profile.keys.jwksMaxAgeS}` }
  const accounts = accountsToTry(profile)

  function back({ issuer }: Vneid, request: Pick<AuthorizationRequest, 'redirectUri' | 'state'>, parameters: Record<string, string>, cookie?: string): Answer {
    const answer = redirect(request.redirectUri, { ...parameters, state: request.state, ...(profile.authorization.iss && { iss: issuer }) })
    return cookie === undefined ? answer : { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } }
  }

  function backWithError(vneid: Vneid, request: Pick<AuthorizationRequest, 'redirectUri' | 'state'>, { error, description }: { error: string; description: string }): Answer {
    return back(vneid, request, { error, error_description: description })
  }

  function entered(vneid: Vneid, { session, request }: { session: Session; request: AuthorizationRequest }): Answer {
    if (tooLow(request, session.level)) return backWithError(vneid, request, unmet(profile))
    return back(vneid, request, { code: vneid.codeFor(session, request) }, sessionCookie(session, vneid.cookiePath))
  }

  function pageFor(vneid: Vneid, id: string, { clientId, loginHint, locales }: AuthorizationRequest, refused = false): Answer {
    return loginPage({ action: vneid.issuer + paths.signIn, request: id, clientId, loginHint, locales, accounts, refused })
  }

  const unknownRequest = (): Answer => refusal(404, 'LOGIN_REQUEST_UNKNOWN', 'the login request is unknown, finished or expired')
  const loginRefused = (): Answer => refusal(401, 'LOGIN_REFUSED', 'no such person, a wrong passcode, or a kind of account that is not taken here')

  return [
    defineRoute({ ...operations.discovery, resolve: (vneid: Vneid) => ok(vneid.discovery) }),

    defineRoute({ ...operations.jwks, resolve: (vneid: Vneid) => ({ status: 200, headers: jwksHeaders, body: vneid.keys.published() }) }),

    defineRoute({
      ...operations.authorize,
      resolve: async (vneid: Vneid, input, call) => {
        const decision = await decide(vneid, input, call.header('cookie'))
        if ('refuse' in decision) {
          return decision.refuse === 'CLIENT_UNKNOWN' ? refusal(400, 'CLIENT_UNKNOWN', `no client "${input.client_id}"`)
            : refusal(400, 'REDIRECT_URI_UNKNOWN', `"${input.redirect_uri}" is not registered for the client`)
        }
        if ('error' in decision) return backWithError(vneid, { redirectUri: input.redirect_uri, state: input.state }, decision)
        if ('session' in decision) return entered(vneid, decision)
        const id = vneid.begin(decision.page)
        return wantsPage(call) ? pageFor(vneid, id, decision.page) : ok({ loginUrl: `${vneid.issuer}${paths.login}?request=${id}` })
      },
    }),

    defineRoute({
      ...operations.loginPage,
      resolve: (vneid: Vneid, input, call) => {
        const request = vneid.requestOf(input.request)
        if (!request) return wantsPage(call) ? gonePage(input.ui_locales ?? '') : unknownRequest()
        return wantsPage(call) ? pageFor(vneid, input.request, request) : ok({ request: input.request, clientId: request.clientId, accounts })
      },
    }),

    defineRoute({
      ...operations.login,
      subject: (input) => input.personId,
      resolve: (vneid: Vneid, input) => {
        const result = vneid.logIn(input.request, input.personId, input.passcode)
        return result === 'request-unknown' ? unknownRequest() : result === 'login-refused' ? loginRefused() : entered(vneid, result)
      },
    }),

    defineRoute({
      ...operations.signIn,
      subject: (input) => input.personId,
      resolve: (vneid: Vneid, input, call) => {
        const request = vneid.requestOf(input.request)
        if (request && input.cancel !== undefined) {
          vneid.cancel(input.request)
          return backWithError(vneid, request, { error: 'access_denied', description: 'the person does not want to log in' })
        }
        const result = vneid.logIn(input.request, input.personId.trim(), input.passcode)
        if (result === 'request-unknown' || !request) return wantsPage(call) ? gonePage(input.ui_locales ?? '') : unknownRequest()
        if (result === 'login-refused') return wantsPage(call) ? pageFor(vneid, input.request, request, true) : loginRefused()
        return entered(vneid, result)
      },
    }),

    defineRoute({
      ...operations.token,
      subject: (input) => input.code ?? input.refresh_token ?? '',
      refuse: badRequest,
      resolve: async (vneid: Vneid, input, call) => {
        const who = authenticate(vneid.clients, profile.clientAuthentication, { clientId: input.client_id, clientSecret: input.client_secret, authorization: call.header('authorization') })
        if ('refused' in who) {
          const answer = oauthError(who.refused === 'invalid_client' ? 401 : 400, who.refused, who.why)
          return who.tried === 'basic' ? { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="token"' } } : answer
        }
        const given = await tokens(vneid, who.client, input)
        return 'error' in given ? oauthError(400, given.error, given.description) : { status: 200, headers: NO_STORE, body: given }
      },
    }),

    defineRoute({ ...operations.userinfo, refuse: badRequest, resolve: (vneid: Vneid, _input, call: Call) => userinfo(vneid, call.header('authorization')) }),
    defineRoute({
      ...operations.userinfoPost, refuse: badRequest,
      resolve: (vneid: Vneid, input, call: Call) => {
        const authorization = call.header('authorization')
        if (input.access_token === undefined) return userinfo(vneid, authorization)
        return authorization === undefined ? userinfo(vneid, `Bearer ${input.access_token}`) : badRequest('the access token comes in two ways')
      },
    }),

    defineRoute({ ...operations.logout, resolve: (vneid: Vneid, input, call: Call) => leave(vneid, input, call) }),
    defineRoute({ ...operations.logoutPost, resolve: (vneid: Vneid, input, call: Call) => leave(vneid, input, call) }),
  ]
}

export const VNEID_ROUTES = vneidRoutes(DEFAULT_ISSUER)

const NO_STORE = { 'cache-control': 'no-store' }

function userinfo(vneid: Vneid, authorization: string | undefined): Answer {
  const claims = vneid.userinfo(/^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
  if (claims) return { status: 200, headers: NO_STORE, body: claims }
  const answer = oauthError(401, 'invalid_token', 'the access token is unknown, expired or ended')
  // Who sent no token at all is not told of an error (RFC 6750 3.1).
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"' } }
}

function badRequest(message: string): Answer { return oauthError(400, 'invalid_request', message) }

function oauthError(status: number, error: string, description: string): Answer {
  return { status, headers: NO_STORE, body: { error, error_description: description } }
}
