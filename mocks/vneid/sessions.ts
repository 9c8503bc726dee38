/**
 * Sessions of browsers at the issuer: who has logged in, when, and which grants hang on it. The cookie's value is the session's id. Lives for a fixed time
 * on the wall clock; who has none any more logs in again.
 */
import type { Memory } from '../memory.ts'
import { ExpiringMap } from './expiring-map.ts'

export type Session = {
  id: string; personId: string; level: 1 | 2
  /** Wall clock. */
  authenticatedAt: number
  /** Ids of grants, each once. */
  grantIds: string[]
}

export const SESSION_COOKIE = 'vneid_session'
/** A client that asks again and again without a page gets the page then. */
const MAX_GRANTS = 100

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(options: { lifetimeS: number; now: () => number; memory: Memory }) {
  const sessions = new ExpiringMap<Session>(options.lifetimeS * 1000, options.now, options.memory)
  return {
    begin(session: Omit<Session, 'authenticatedAt' | 'grantIds'>): Session {
      const begun = { ...session, authenticatedAt: options.now(), grantIds: [] }
      sessions.set(session.id, begun)
      return begun
    },
    get: (id: string) => sessions.get(id),
    /** Of the request's header Cookie. */
    of(cookieHeader: string | undefined): Session | undefined {
      const id = cookieHeader === undefined ? undefined : /(?:^|; *)vneid_session=([\w-]+)/.exec(cookieHeader)?.[1]
      const session = id === undefined ? undefined : sessions.get(id)
      return session && session.grantIds.length < MAX_GRANTS ? session : undefined
    },
    end: (id: string) => sessions.delete(id),
    ofPerson: (personId: string): Session[] => sessions.values().filter((session) => session.personId === personId),
  }
}

export function sessionCookie(session: Session, path: string): string { return `${SESSION_COOKIE}=${session.id}; Path=${path}; HttpOnly; SameSite=Lax` }
export function endedCookie(path: string): string { return `${SESSION_COOKIE}=; Path=${path}; Max-Age=0; HttpOnly; SameSite=Lax` }
