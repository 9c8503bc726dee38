/** What the issuer publishes about itself (OpenID Connect Discovery 1.0, RFC 8414), worked out from its profile once. */
import { claimName, ISSUER_CLAIMS, type IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'

export function discoveryOf(issuer: string, profile: IssuerProfile): Record<string, unknown> {
  const { paths, authorization, logout } = profile
  const refreshing = profile.refreshTokens !== 'none'
  return {
    issuer, authorization_endpoint: issuer + paths.authorize, token_endpoint: issuer + paths.token, jwks_uri: issuer + paths.jwks,
    userinfo_endpoint: issuer + paths.userinfo, end_session_endpoint: issuer + paths.logout,
    response_types_supported: ['code'], response_modes_supported: ['query'], grant_types_supported: refreshing ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
    scopes_supported: [...Object.keys(profile.scopes), ...profile.refreshTokens === 'offline_access' ? ['offline_access'] : []],
    subject_types_supported: ['public'], id_token_signing_alg_values_supported: [profile.keys.algorithm],
    token_endpoint_auth_methods_supported: profile.clientAuthentication, code_challenge_methods_supported: ['S256'],
    acr_values_supported: [profile.acr[1], profile.acr[2]], prompt_values_supported: authorization.prompts, ui_locales_supported: ['vi', 'en'],
    claims_supported: [...claimsToldOf(profile), 'nonce', 'sid', 'auth_time'], claims_parameter_supported: false, request_parameter_supported: false, request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: authorization.iss,
    backchannel_logout_supported: logout.backChannel, backchannel_logout_session_supported: logout.backChannel,
    frontchannel_logout_supported: logout.frontChannel, frontchannel_logout_session_supported: logout.frontChannel,
  }
}

function claimsToldOf(profile: IssuerProfile): string[] {
  const told = new Set(Object.values(profile.scopes).flat())
  return ISSUER_CLAIMS.filter((claim) => claim === 'sub' || told.has(claim)).map((claim) => claimName(profile, claim))
}
