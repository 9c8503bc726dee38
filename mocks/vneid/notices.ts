/**
 * Tells clients that a session is over (OpenID Connect Back-Channel Logout 1.0): a signed logout token to the address that the client has registered,
 * in the background, again until the client has settled it. 2xx is yes; 400 is a no for good (the client takes no such token); all else is tried again.
 */
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { backChannelLogout, LOGOUT_EVENT } from '../../contracts/partner-api/roles/vneid.ts'
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import { destinationOf, openAgent, post } from '../delivery/post.ts'
import { noteOut } from '../journal/note.ts'
import type { World } from '../world.ts'
import type { VneidClient } from './client.ts'
import type { Grant } from './grants.ts'
import type { KeyRing } from './key-ring.ts'

const TIMEOUT_MS = 5_000

export type NoticesOptions = {
  world: World; issuer: string; profile: IssuerProfile; keys: KeyRing; clients: ReadonlyMap<string, VneidClient>; subjectOf: (personId: string) => string
  newId: () => string; retry?: OutboxOptions | undefined
}

export function createNotices({ world, issuer, profile, keys, clients, subjectOf, newId, retry }: NoticesOptions) {
  const outbox = createOutbox(retry)
  const agent = openAgent()

  /** Made anew for each attempt: it lives for a short time only. */
  function logoutToken(grant: Grant): Promise<string> {
    const nowS = Math.floor(world.wallNow() / 1000)
    return keys.current().sign({
      iss: issuer, sub: subjectOf(grant.personId), aud: grant.clientId, iat: nowS, exp: nowS + profile.lifetimes.logoutTokenS, jti: newId(), sid: grant.id, events: { [LOGOUT_EVENT]: {} },
    }, 'logout+jwt')
  }

  return {
    /** Of a grant that has just ended, where its client wants to be told. */
    tell(grant: Grant): void {
      const uri = clients.get(grant.clientId)?.backChannelLogoutUri
      if (!profile.logout.backChannel || uri === undefined) return
      const destination = destinationOf(uri)
      const notice: NonNullable<Grant['notice']> = grant.notice = { status: 'owed', attempts: 0, endedAt: world.wallNow() }
      const subject = grant.reference === '' ? grant.id : grant.reference
      const plan = outbox.add(async () => {
        notice.attempts += 1
        const body = new URLSearchParams({ logout_token: await logoutToken(grant) }).toString()
        const posting = post(agent, destination, body, { 'content-type': 'application/x-www-form-urlencoded' }, TIMEOUT_MS)
        if (retry?.journal) noteOut(retry.journal, { operation: backChannelLogout.name, url: uri, body, subject }, posting)
        const { status } = await posting
        if (status === 400) notice.status = 'refused'
        else if (status >= 200 && status < 300) notice.status = 'told'
        return notice.status !== 'owed'
      }, 0, { call: backChannelLogout.name, subject, fields: { personId: grant.personId } })
      if (plan?.drop) notice.status = 'lost'
    },
    pending: outbox.pending,
    async close(): Promise<void> {
      outbox.close()
      await agent.destroy()
    },
  }
}
