/** The token endpoint once the client is known: a code or a refresh token in, tokens or OAuth's error out (RFC 6749 4.1.3, 5, 6). */
import type { TokenRequest } from '../../contracts/partner-api/roles/vneid-operations.ts'
import type { VneidClient } from './client.ts'
import type { Tokens, Vneid } from './provider.ts'

type TokenAnswer = { id_token: string; access_token: string; token_type: 'Bearer'; expires_in: number; scope: string; refresh_token?: string }
type Refused = { error: string; description: string }

export async function tokens(vneid: Vneid, { clientId }: VneidClient, input: TokenRequest): Promise<TokenAnswer | Refused> {
  if (input.grant_type === 'authorization_code') {
    const { code, redirect_uri: redirectUri, code_verifier: codeVerifier } = input
    const missing = [...code === undefined ? ['code'] : [], ...redirectUri === undefined ? ['redirect_uri'] : [], ...codeVerifier === undefined && vneid.profile.pkce === 'required' ? ['code_verifier'] : []]
    if (missing.length > 0) return { error: 'invalid_request', description: `missing: ${missing.join(', ')}` }
    const given = await vneid.redeem({ code: code!, redirectUri: redirectUri!, clientId, codeVerifier })
    return given ? written(given) : { error: 'invalid_grant', description: 'the code is unknown, expired or used, or redirect_uri or code_verifier do not fit it' }
  }
  if (input.grant_type === 'refresh_token' && vneid.profile.refreshTokens !== 'none') {
    if (input.refresh_token === undefined) return { error: 'invalid_request', description: 'missing: refresh_token' }
    const given = await vneid.refresh(input.refresh_token, clientId, input.scope?.split(' '))
    if (given === 'invalid_grant') return { error: 'invalid_grant', description: 'the refresh token is unknown, expired, used or ended' }
    return given === 'invalid_scope' ? { error: 'invalid_scope', description: 'the scope goes beyond what was granted' } : written(given)
  }
  return { error: 'unsupported_grant_type', description: `"${input.grant_type}" is not offered` }
}

function written({ idToken, accessToken, expiresInS, scopes, refreshToken }: Tokens): TokenAnswer {
  return { id_token: idToken, access_token: accessToken, token_type: 'Bearer', expires_in: expiresInS, scope: scopes.join(' '), ...(refreshToken !== undefined && { refresh_token: refreshToken }) }
}
