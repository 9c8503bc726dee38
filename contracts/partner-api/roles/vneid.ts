/** VNeID as an OpenID provider, with the profile that is in force: the same operations whatever its paths, claims and values are. */
import { z } from 'zod'
import { DEFAULT_ISSUER, type IssuerProfile } from '../issuer-profile.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { OAuthError, vneidOperations } from './vneid-operations.ts'

/** What a logout token says (Back-Channel Logout 1.0, 2.4): beside these `iss`, `sub`, `aud`, `iat`, `exp`, `jti`, `sid`; never `nonce`. */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export const backChannelLogout: OutgoingCall = {
  name: 'back-channel-logout', to: 'caller', after: 'logout', method: 'POST', path: '', takes: 'form', request: z.object({ logout_token: z.string() }),
  answers: { 200: null, 204: null, 400: OAuthError },
  summary: { vi: 'Báo cho trang đã đăng nhập rằng phiên đã kết thúc, gửi lại đến khi nhận 2xx hoặc 400', en: 'Tells a client that the session is over, again until it is answered 2xx or 400' },
  examples: [],
}

export function vneidRole(profile: IssuerProfile): RoleContract {
  return {
    id: 'vneid', version: '1.0',
    title: { vi: 'VNeID (OpenID Connect)', en: 'VNeID (OpenID Connect)' },
    description: {
      vi: 'Đăng nhập và đăng xuất bằng tài khoản định danh điện tử: công dân, người nước ngoài, doanh nghiệp, tổ chức, người chưa thành niên.',
      en: 'Login and logout by electronic identity: citizens, foreigners, companies, organisations, minors.',
    },
    operations: Object.values(vneidOperations(profile)), calls: profile.logout.backChannel ? [backChannelLogout] : [],
  }
}

export const VNEID: RoleContract = vneidRole(DEFAULT_ISSUER)
