/** A relying party as it is registered with the issuer, and how it proves at the token endpoint that it is itself (RFC 6749 2.3.1). */
import { timingSafeEqual } from 'node:crypto'
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import type { VneidClient } from '../../contracts/process.ts'

export type { VneidClient }

export type Presented = { clientId?: string | undefined; clientSecret?: string | undefined; authorization: string | undefined }
/** `tried`: the client used the header, and is told of it in the header of the refusal (RFC 6749 5.2). */
export type Authenticated = { client: VneidClient } | { refused: 'invalid_client' | 'invalid_request'; why: string; tried?: 'basic' }

export function authenticate(clients: ReadonlyMap<string, VneidClient>, ways: IssuerProfile['clientAuthentication'], presented: Presented): Authenticated {
  const basic = presented.authorization === undefined ? undefined : credentialsOf(presented.authorization)
  if (presented.authorization !== undefined) {
    if (!basic) return { refused: 'invalid_client', why: 'the header Authorization is not of the form Basic', tried: 'basic' }
    if (presented.clientSecret !== undefined) return { refused: 'invalid_request', why: 'the client proves itself in two ways at once' }
    if (presented.clientId !== undefined && presented.clientId !== basic.id) return { refused: 'invalid_request', why: 'client_id is not that of the header Authorization' }
    if (!ways.includes('client_secret_basic')) return { refused: 'invalid_client', why: `the way of authentication is not offered: use ${ways.join(' or ')}`, tried: 'basic' }
  } else if (!ways.includes('client_secret_post')) {
    return { refused: 'invalid_client', why: `the way of authentication is not offered: use ${ways.join(' or ')}` }
  }
  const { id, secret } = basic ?? { id: presented.clientId, secret: presented.clientSecret }
  const client = clients.get(id ?? '')
  if (!client || !sameText(secret ?? '', client.clientSecret)) return { refused: 'invalid_client', why: 'unknown client or wrong secret', ...(basic && { tried: 'basic' as const }) }
  return { client }
}

/** Id and secret are form-encoded before they are joined (RFC 6749 2.3.1). */
function credentialsOf(header: string): { id: string; secret: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1]
  const [, id, secret] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? []
  if (id === undefined || secret === undefined) return undefined
  try {
    return { id: formDecoded(id), secret: formDecoded(secret) }
  } catch {
    return undefined
  }
}

function formDecoded(text: string): string { return decodeURIComponent(text.replaceAll('+', ' ')) }

export function isPostLogoutRedirectUri(client: VneidClient, uri: string): boolean {
  if (client.postLogoutRedirectUris) return client.postLogoutRedirectUris.includes(uri)
  if (!URL.canParse(uri)) return false
  const { origin } = new URL(uri)
  // Addresses of apps have no origin ("null"), and would all be of the same one.
  return origin !== 'null' && client.redirectUris.some((own) => new URL(own).origin === origin)
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
