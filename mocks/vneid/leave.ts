/**
 * Logout asked for by a client (RP-Initiated Logout 1.0): the ID token says which session. It ends with all its grants; clients with a back-channel address are told
 * in the background, those with a front-channel one by frames of the page. An expired hint is still a hint (section 4): only the signature counts.
 */
import { ok, refusal, type Answer, type Call } from '../server/route.ts'
import { isPostLogoutRedirectUri } from './client.ts'
import type { Grant } from './grants.ts'
import { loggedOutPage } from './pages.ts'
import type { Vneid } from './provider.ts'
import { redirect, wantsPage } from './redirect.ts'
import { endedCookie } from './sessions.ts'

export type LogoutInput = { id_token_hint: string; client_id?: string | undefined; post_logout_redirect_uri?: string | undefined; state?: string | undefined }

export async function leave(vneid: Vneid, input: LogoutInput, call: Call): Promise<Answer> {
  const hint = await vneid.keys.claimsOf(input.id_token_hint)
  const client = vneid.clients.get(String(hint?.aud))
  const fits = hint !== undefined && client !== undefined && (input.client_id === undefined || input.client_id === client.clientId)
  const ended = fits ? vneid.logOut(String(hint['sid'])) : undefined
  if (!ended || !client) return refusal(400, 'ID_TOKEN_HINT_INVALID', 'the id_token_hint is not one of ours, or is another client\'s')

  const uri = input.post_logout_redirect_uri
  const home = uri !== undefined && isPostLogoutRedirectUri(client, uri) ? redirect(uri, { state: input.state ?? '' }) : undefined
  const goOn = home?.headers!['location']
  const visit = vneid.profile.logout.frontChannel ? ended.flatMap((grant) => frontChannelUri(vneid, grant)) : []
  const cookie = { 'set-cookie': endedCookie(vneid.cookiePath) }
  if (home && visit.length === 0) return { ...home, headers: { ...home.headers, ...cookie } }
  const answer = wantsPage(call) ? loggedOutPage({ visit, goOn })
    : ok({ loggedOut: true, ...(visit.length > 0 && { frontChannel: visit }), ...(goOn !== undefined && { redirectTo: goOn }) })
  return { ...answer, headers: { ...answer.headers, ...cookie } }
}

function frontChannelUri({ clients, issuer }: Vneid, grant: Grant): string[] {
  const uri = clients.get(grant.clientId)?.frontChannelLogoutUri
  return uri === undefined ? [] : [redirect(uri, { iss: issuer, sid: grant.id }).headers!['location']!]
}
