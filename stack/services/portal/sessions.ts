/**
 * Sessions on the server's side. The browser holds a random value in cookie `sid`; the table holds only its hash, so neither evidence nor
 * a copy of the database lets anybody in. A login repeated with the same reference replaces its session instead of adding one.
 */
import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { readCookie } from '../cookies.ts'
import type { LoggedIn } from '../relying-party.ts'
import { ServiceError } from '../service-error.ts'

export const SESSION_COOKIE = 'sid'

export type Session = { sessionId: string; personId: string; level: number }
export type Sessions = {
  /** The value for SESSION_COOKIE. */
  begin: (login: LoggedIn) => Promise<string>
  /** Of the request's Cookie header; 401 where there is none, or it is over. */
  require: (cookieHeader: string | undefined) => Promise<Session>
  /** Over at once; gives the ID token that it began with. */
  end: (sessionId: string) => Promise<string | undefined>
}

export function createSessions(pool: pg.Pool): Sessions {
  return {
    async begin({ personId, level, reference, idToken }) {
      const value = randomBytes(32).toString('base64url')
      const { rowCount } = await pool.query({
        name: 'session-begin',
        text: `insert into sessions (id, person_id, level, reference, id_token, begun_at) values ($1, $2, $3, $4, $5, now())
          on conflict (reference) do update set id = excluded.id, level = excluded.level, id_token = excluded.id_token, begun_at = excluded.begun_at, ended_at = null
          where sessions.person_id = excluded.person_id`,
        values: [sessionIdOf(value), personId, level, reference, idToken],
      })
      if (rowCount === 0) throw new ServiceError(400, 'LOGIN_REFERENCE_TAKEN', `reference "${reference}" belongs to another person's login`)
      return value
    },

    async require(cookieHeader) {
      const value = readCookie(cookieHeader, SESSION_COOKIE)
      if (value) {
        const { rows } = await pool.query({
          name: 'session-find', text: 'select person_id, level from sessions where id = $1 and ended_at is null', values: [sessionIdOf(value)],
        })
        if (rows[0]) return { sessionId: sessionIdOf(value), personId: rows[0].person_id, level: rows[0].level }
      }
      throw new ServiceError(401, 'LOGIN_REQUIRED', 'log in through VNeID first')
    },

    async end(sessionId) {
      const { rows } = await pool.query({
        name: 'session-end', text: 'update sessions set ended_at = now() where id = $1 and ended_at is null returning id_token', values: [sessionId],
      })
      return rows[0]?.id_token || undefined
    },
  }
}

/** What a table keeps of the cookie's value. */
export function sessionIdOf(value: string): string { return createHash('sha256').update(value).digest('hex').slice(0, 32) }
