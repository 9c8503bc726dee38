/** Login and logout through VNeID (contracts/api/front.ts, `/auth/…`). */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { dropCookie, readCookie, writeCookie } from '../cookies.ts'
import { LOGIN_COOKIE, LOGIN_MAX_AGE_S, type RelyingParty } from '../relying-party.ts'
import { SESSION_COOKIE, type Sessions } from './sessions.ts'

type LoginQuery = { reference?: string; return?: string }
type CallbackQuery = { code?: string; state?: string; error?: string }

export function authRoutes(app: FastifyInstance, { relyingParty, sessions, portalUrl }: { relyingParty: RelyingParty; sessions: Sessions; portalUrl: string }): void {
  app.get<{ Querystring: LoginQuery }>('/auth/login', async ({ query }, reply) => {
    const { authorizeUrl, cookie } = await relyingParty.begin({ reference: query.reference ?? randomUUID(), returnTo: query.return ?? '/' })
    reply.header('set-cookie', writeCookie(LOGIN_COOKIE, cookie, { maxAgeS: LOGIN_MAX_AGE_S, path: '/auth' }))
    return reply.redirect(authorizeUrl, 302)
  })

  app.get<{ Querystring: CallbackQuery }>('/auth/callback', async ({ query, headers }, reply) => {
    const login = await relyingParty.complete(query, readCookie(headers.cookie, LOGIN_COOKIE))
    const value = await sessions.begin(login)
    reply.header('set-cookie', [writeCookie(SESSION_COOKIE, value), dropCookie(LOGIN_COOKIE, '/auth')])
    return reply.redirect(`/auth/done?return=${encodeURIComponent(login.returnTo)}`, 302)
  })

  app.get('/auth/done', async ({ headers }) => sessions.require(headers.cookie))
  app.get('/auth/me', async ({ headers }) => sessions.require(headers.cookie))

  app.post('/auth/logout', async ({ headers }, reply) => {
    const { sessionId } = await sessions.require(headers.cookie)
    const idToken = await sessions.end(sessionId)
    reply.header('set-cookie', dropCookie(SESSION_COOKIE))
    return { endSessionUrl: await relyingParty.endSessionUrl(idToken, `${portalUrl}/`) }
  })
}
