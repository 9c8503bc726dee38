/** Sessions of the old portal, in its own table `phien`: as on the new one, the browser holds a random value and the table only its hash. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { readCookie } from '../cookies.ts'
import { SESSION_COOKIE, sessionIdOf, type Sessions } from '../portal/sessions.ts'
import { ServiceError } from '../service-error.ts'

export function createLegacySessions(pool: pg.Pool): Sessions {
  return {
    async begin({ personId, level, reference, idToken }) {
      const value = randomBytes(32).toString('base64url')
      const { rowCount } = await pool.query({
        name: 'phien-begin',
        text: `insert into phien (id, so_dinhdanh, mucdo, ma_thamchieu, the_dinhdanh, batdau) values ($1, $2, $3, $4, $5, now())
          on conflict (ma_thamchieu) do update set id = excluded.id, mucdo = excluded.mucdo, the_dinhdanh = excluded.the_dinhdanh, batdau = excluded.batdau, ketthuc = null
          where phien.so_dinhdanh = excluded.so_dinhdanh`,
        values: [sessionIdOf(value), personId, level, reference, idToken],
      })
      if (rowCount === 0) throw new ServiceError(400, 'LOGIN_REFERENCE_TAKEN', `reference "${reference}" belongs to another person's login`)
      return value
    },

    async require(cookieHeader) {
      const value = readCookie(cookieHeader, SESSION_COOKIE)
      const { rows: [row] } = value ? await pool.query({ name: 'phien-find', text: 'select so_dinhdanh, mucdo from phien where id = $1 and ketthuc is null', values: [sessionIdOf(value)] }) : { rows: [] }
      if (!row) throw new ServiceError(401, 'LOGIN_REQUIRED', 'log in through VNeID first')
      return { sessionId: sessionIdOf(value!), personId: row.so_dinhdanh, level: row.mucdo }
    },

    async end(sessionId) {
      const { rows } = await pool.query({ name: 'phien-end', text: 'update phien set ketthuc = now() where id = $1 and ketthuc is null returning the_dinhdanh', values: [sessionId] })
      return rows[0]?.the_dinhdanh || undefined
    },
  }
}
