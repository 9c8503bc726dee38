/** Tokens: a code works once and only for whom it was made; the ID token says who, for whom, by whom, when; logout ends both sides. */
import { decodeJwt } from 'jose'
import { claimName, type IssuerProfile } from '../../../contracts/partner-api/issuer-profile.ts'
import { LOGOUT_EVENT } from '../../../contracts/partner-api/roles/vneid.ts'
import { answered, demand, listIn, numberIn, shows, textIn, type Check } from '../../check.ts'
import type { Exchange } from '../../exchange.ts'
import type { Citizen } from '../../fixture.ts'
import { sameText } from '../../text-forms.ts'
import { begin, citizenOf, enter, loggedIn, logIn, loginCheck as check, redeem, requestOf, payloadOf, secondCitizenOf, sentBack, userinfo, verified, verifiedToken } from './login.ts'

const CLOCK_TOLERANCE_S = 300
const MOST_ACCOUNTS = 12

export function tokenChecks(profile: IssuerProfile): readonly Check[] {
  const name = (claim: Parameters<typeof claimName>[1]) => claimName(profile, claim)
  const valueOf = (claim: 'person_kind', value: string) => profile.values[claim]?.[value] ?? value
  /** What the fixture says of somebody the issuer must say, too; where it says nothing, only that there is something. */
  function demandSame(exchange: Exchange, claim: Parameters<typeof claimName>[1], wanted: string | undefined, said: unknown = exchange.json?.[name(claim)]): void {
    demand(wanted === undefined ? typeof said === 'string' && said !== '' : sameText(said, wanted), `${name(claim)} = ${wanted ?? '…'}`, `${name(claim)} = ${String(said)}`, exchange)
  }
  function demandRepresentative(exchange: Exchange, wanted: Citizen['representative']): void {
    const said = exchange.json?.[name('representative')]
    demandSame(exchange, 'name', wanted?.name, said?.[name('name')])
    demand(typeof said?.sub === 'string' && said.sub !== '' && said.sub !== exchange.json?.sub, { vi: 'sub riêng của người đại diện', en: 'a sub of the representative\'s own' }, String(said?.sub), exchange)
    if (wanted) demand(said?.[claimName(profile, 'foreign')] === wanted.foreign, `${claimName(profile, 'foreign')} = ${wanted.foreign}`, `${claimName(profile, 'foreign')} = ${String(said?.[claimName(profile, 'foreign')])}`, exchange)
  }
  const birthDateOf = (day: string) => profile.birthDates === 'yyyy-mm-dd' ? day : day.split('-').reverse().join('/')

  return [
    check('id-token.signature', 'id_token ký đúng thuật toán, kiểm được bằng khóa đã công bố theo kid', 'An id_token is signed with the announced algorithm and verified by the published key of its kid', async (context) => verified(context, profile, await loggedIn(context, profile))),
    check('id-token.audience', 'id_token cấp cho đúng ứng dụng (aud), bởi đúng issuer (iss)', 'An id_token is for the client (aud) and by the issuer (iss)', async (context) => {
      const { claims, token } = await loggedIn(context, profile)
      const { id } = context.fixture.client!
      demand([claims.aud].flat().includes(id), `aud ${id}`, `aud ${claims.aud}`, token)
      demand(claims.iss === context.baseUrl + profile.basePath, `iss ${context.baseUrl + profile.basePath}`, `iss ${claims.iss}`, token)
    }),
    check('id-token.nonce', 'id_token mang đúng nonce của lần đăng nhập', 'An id_token carries the nonce of its login', async (context) => {
      const { claims, nonce, token } = await loggedIn(context, profile)
      demand(claims['nonce'] === nonce, `nonce ${nonce}`, `nonce ${String(claims['nonce'])}`, token)
    }),
    check('id-token.time', 'id_token còn hạn, cấp đúng lúc (giây, UTC)', 'An id_token is in its time, and issued now (seconds, UTC)', async (context) => {
      const { claims, token } = await loggedIn(context, profile)
      const nowS = context.nowMs() / 1_000
      demand(Math.abs((claims.iat ?? 0) - nowS) < CLOCK_TOLERANCE_S, `iat ≈ ${Math.round(nowS)}`, `iat ${claims.iat}`, token)
      demand((claims.exp ?? 0) > nowS, `exp > ${Math.round(nowS)}`, `exp ${claims.exp}`, token)
    }),
    check('id-token.subject', 'sub trong id_token và ở userinfo là một, và là người đã đăng nhập', 'The sub of id_token and userinfo is one, and the person who logged in', async (context) => {
      const { claims, accessToken, token } = await loggedIn(context, profile)
      const exchange = await userinfo(context, accessToken)
      answered(exchange, 200)
      demand(textIn(exchange, 'sub') === claims.sub, String(claims.sub), String(exchange.json?.sub), exchange)
      const posted = await context.ask('userinfo-post', { access_token: accessToken })
      answered(posted, 200)
      const said = (one: typeof posted) => JSON.stringify(Object.entries(one.json as object).toSorted())
      demand(said(posted) === said(exchange), { vi: 'GET và POST trả lời như nhau', en: 'the same by GET and by POST' }, said(posted).slice(0, 300), posted)
      if (profile.subject === 'person-id') demand(claims.sub === citizenOf(context).personId, citizenOf(context).personId, String(claims.sub), token)
    }),
    check('userinfo', 'userinfo đúng họ tên (đủ dấu) và ngày sinh (không lệch ngày)', 'Userinfo has the name with every mark, and the date of birth not moved by a day', async (context) => {
      const exchange = await userinfo(context, (await loggedIn(context, profile)).accessToken)
      answered(exchange, 200)
      const citizen = citizenOf(context)
      demand(sameText(exchange.json?.[name('name')], citizen.name), citizen.name, String(exchange.json?.[name('name')]), exchange)
      // Of what else it says of the person nothing may be another's.
      for (const [claim, value] of [['phone_number', citizen.phone], ['person_kind', valueOf('person_kind', citizen.kind)], ['acr', profile.acr[citizen.level]]] as const) {
        const said: unknown = exchange.json?.[name(claim)]
        demand(said === undefined || said === value, `${name(claim)} = ${value}`, `${name(claim)} = ${String(said)}`, exchange)
      }
      demand(exchange.json?.[name('birthdate')] === birthDateOf(citizen.birthDate), birthDateOf(citizen.birthDate), String(exchange.json?.[name('birthdate')]), exchange)
    }),
    check('userinfo.refused', 'Không có token hoặc token lạ: 401 kèm WWW-Authenticate', 'Without a token, or with an unknown one: 401 with WWW-Authenticate', async (context) => {
      for (const accessToken of [undefined, context.tag()]) {
        const exchange = await userinfo(context, accessToken)
        answered(exchange, 401, accessToken === undefined ? undefined : 'invalid_token')
        demand(String(exchange.headers['www-authenticate'] ?? '').startsWith('Bearer'), 'WWW-Authenticate: Bearer', String(exchange.headers['www-authenticate']), exchange)
      }
    }, []),
    check('code.once', 'Mã chỉ dùng một lần; dùng lại thì token đã cấp bị thu hồi', 'A code works once; a second use ends the tokens of the first', async (context) => {
      const login = await loggedIn(context, profile)
      answered(await redeem(context, profile, login), 400, 'invalid_grant')
      answered(await userinfo(context, login.accessToken), 401)
    }),
    check('code.pkce', 'Sai code_verifier bị từ chối, và mã không dùng được nữa', 'A wrong code_verifier is refused, and the code is gone', async (context) => {
      const entered = await enter(context, profile)
      answered(await redeem(context, profile, { ...entered, verifier: 'x'.repeat(43) }), 400, 'invalid_grant')
      answered(await redeem(context, profile, entered), 400, 'invalid_grant')
    }),
    check('code.redirect-uri', 'redirect_uri khác lúc đầu bị từ chối', 'Another redirect_uri than at the beginning is refused', async (context) => {
      answered(await redeem(context, profile, await enter(context, profile), { redirect_uri: 'https://attacker.test/callback' }), 400, 'invalid_grant')
    }),
    check('client.secret', 'Sai bí mật của ứng dụng bị từ chối', 'A wrong client secret is refused', async (context) => {
      answered(await redeem(context, profile, await enter(context, profile), { client_secret: 'not-the-secret' }), 401, 'invalid_client')
    }),
    check('token.refused', 'grant_type lạ hoặc mã lạ bị từ chối theo dạng OAuth', 'An unknown grant_type or code is refused in OAuth\'s form', async (context) => {
      answered(await redeem(context, profile, { code: context.tag(), verifier: 'x'.repeat(43) }), 400, 'invalid_grant')
      answered(await redeem(context, profile, { code: context.tag(), verifier: 'x'.repeat(43) }, { grant_type: 'password' }), 400, 'unsupported_grant_type')
    }, ['client']),
    check('token.scope', 'Trả lời có token nêu đủ phạm vi đã xin, kiểu Bearer, thời hạn', 'An answer with tokens names the scopes that were asked for, Bearer, and how long it lasts', async (context) => {
      const { token } = await loggedIn(context, profile)
      const scopes = textIn(token, 'scope').split(' ').toSorted().join(' ')
      const wanted = Object.keys(profile.scopes).toSorted().join(' ')
      demand(scopes === wanted, wanted, scopes, token)
      demand(numberIn(token, 'expires_in') > 0, 'expires_in > 0', String(token.json?.expires_in), token)
    }),
    check('token.no-store', 'Trả lời có token không được lưu đệm', 'An answer with tokens must not be cached', async (context) => {
      const { token } = await loggedIn(context, profile)
      demand(/no-store/.test(String(token.headers['cache-control'] ?? '')), 'Cache-Control: no-store', String(token.headers['cache-control']), token)
    }),
    check('interleaved', 'Hai người đăng nhập xen kẽ không lẫn nhau', 'Two people who log in at the same time stay themselves', async (context) => {
      const people = [citizenOf(context), secondCitizenOf(context)]
      const logins = await Promise.all(people.map((citizen) => loggedIn(context, profile, citizen)))
      const infos = await Promise.all(logins.map(({ accessToken }) => userinfo(context, accessToken)))
      for (const [nth, exchange] of infos.entries()) demand(sameText(exchange.json?.[name('name')], people[nth]!.name), people[nth]!.name, String(exchange.json?.[name('name')]), exchange)
    }, ['login', 'two-citizens']),

    check('level', 'Mức định danh 1 và 2 được nêu đúng trong acr', 'The identity\'s level, 1 or 2, is said in acr', async (context) => {
      for (const level of [1, 2] as const) {
        const { claims, token } = await loggedIn(context, profile, citizenOf(context, (citizen) => citizen.level === level))
        demand(claims['acr'] === profile.acr[level], `acr ${profile.acr[level]}`, `acr ${String(claims['acr'])}`, token)
      }
    }, ['login', 'level-1']),
    ...(profile.personKinds.includes('foreigner') ? [check('foreigner', 'Người nước ngoài đăng nhập được, có quốc tịch', 'A foreigner can log in, with a nationality', async (context) => {
      const citizen = citizenOf(context, ({ kind }) => kind === 'foreigner')
      const exchange = await userinfo(context, (await loggedIn(context, profile, citizen)).accessToken)
      answered(exchange, 200)
      demandSame(exchange, 'nationality', citizen.nationality)
      demand(/^[A-Z]{2,3}$/.test(String(exchange.json?.[name('nationality')])), { vi: 'mã quốc tịch', en: 'a code of nationality' }, String(exchange.json?.[name('nationality')]), exchange)
    }, ['login', 'foreigner'])] : []),
    ...(profile.personKinds.includes('company') ? [check('company', 'Doanh nghiệp đăng nhập được, có mã số và người đại diện, kể cả người nước ngoài', 'A company can log in, with its number and representative, also a foreign one', async (context) => {
      for (const company of context.fixture.citizens.filter(({ kind }) => kind === 'company')) {
        const exchange = await userinfo(context, (await loggedIn(context, profile, company)).accessToken)
        answered(exchange, 200)
        demandSame(exchange, 'company_number', company.companyNumber)
        demandRepresentative(exchange, company.representative)
      }
    }, ['login', 'company'])] : []),
    ...(profile.personKinds.includes('organisation') ? [check('organisation', 'Tổ chức có loại tài khoản khác đăng nhập được, có mã và người đại diện', 'An organisation with another kind of account can log in, with its code and representative', async (context) => {
      const organisation = citizenOf(context, ({ kind }) => kind === 'organisation')
      const exchange = await userinfo(context, (await loggedIn(context, profile, organisation)).accessToken)
      answered(exchange, 200)
      demandSame(exchange, 'name', organisation.name)
      demandSame(exchange, 'organisation_code', organisation.organisationCode)
      demandRepresentative(exchange, organisation.representative)
    }, ['login', 'organisation'])] : []),
    ...(profile.personKinds.includes('minor') ? [check('minor', 'Người chưa thành niên đăng nhập được, có người giám hộ', 'A minor can log in, with a guardian', async (context) => {
      const minor = citizenOf(context, ({ kind }) => kind === 'minor')
      const exchange = await userinfo(context, (await loggedIn(context, profile, minor)).accessToken)
      answered(exchange, 200)
      const said = exchange.json?.[name('guardian')]
      demandSame(exchange, 'name', minor.guardian?.name, said?.[name('name')])
      demand(typeof said?.sub === 'string' && said.sub !== '' && said.sub !== exchange.json?.sub, { vi: 'sub riêng của người giám hộ', en: 'a sub of the guardian\'s own' }, String(said?.sub), exchange)
    }, ['login', 'minor'])] : []),
    check('login-page', 'Trang đăng nhập nêu đúng yêu cầu, ứng dụng; tài khoản thử nêu trên đó đăng nhập được, đúng như nêu', 'The login page names request and client; the accounts that it offers to try can log in, and are what it says of them', async (context) => {
      const request = requestOf(await begin(context, profile))
      const page = await context.ask('login-page', { request })
      answered(page, 200)
      shows(page, { request, clientId: context.fixture.client!.id })
      const accounts = listIn(page, 'accounts')
      demand(new Set(accounts.map(({ personId }) => personId)).size === accounts.length, { vi: 'mỗi tài khoản một lần', en: 'each account once' }, String(accounts.length), page)
      for (const { personId, passcode, name: called, kind, level, foreignRepresentative } of accounts.slice(0, MOST_ACCOUNTS)) {
        const begun = await begin(context, profile)
        const code = sentBack(await logIn(context, begun, { personId } as Citizen, passcode)).searchParams.get('code')
        const token = await redeem(context, profile, { code: String(code), verifier: begun.verifier })
        answered(token, 200)
        const exchange = await userinfo(context, textIn(token, 'access_token'))
        answered(exchange, 200)
        demandSame(exchange, 'name', called)
        const [said, acr, representative] = [exchange.json?.[name('person_kind')], exchange.json?.[name('acr')], exchange.json?.[name('representative')]]
        demand(said === undefined || said === valueOf('person_kind', kind), `${name('person_kind')} = ${kind}`, `${name('person_kind')} = ${String(said)}`, exchange)
        demand(acr === undefined || acr === profile.acr[level as 1 | 2], `${name('acr')} = ${profile.acr[level as 1 | 2]}`, `${name('acr')} = ${String(acr)}`, exchange)
        demand((representative?.[claimName(profile, 'foreign')] ?? false) === foreignRepresentative, `foreign = ${foreignRepresentative}`, `foreign = ${String(representative?.[claimName(profile, 'foreign')])}`, exchange)
      }
    }, ['client', 'login']),

    check('logout', 'Đăng xuất kết thúc phiên ngay: token không dùng được nữa', 'Logout ends the session at once: its token is good for nothing', async (context) => {
      const { idToken, accessToken } = await loggedIn(context, profile)
      answered(await userinfo(context, accessToken), 200)
      answered(await context.ask('logout', { id_token_hint: idToken }), [200, 302])
      answered(await userinfo(context, accessToken), 401)
    }),
    check('logout.redirect', 'Sau đăng xuất chỉ chuyển về địa chỉ đã đăng ký, kèm state', 'After logout it leads only to a registered address, with the state', async (context) => {
      const state = context.tag()
      const { postLogoutRedirectUri } = context.fixture.client!
      if (postLogoutRedirectUri !== undefined) {
        const exchange = await context.ask('logout', { id_token_hint: (await loggedIn(context, profile)).idToken, post_logout_redirect_uri: postLogoutRedirectUri, state })
        const location = sentBack(exchange)
        demand(location.href.startsWith(postLogoutRedirectUri) && location.searchParams.get('state') === state, `${postLogoutRedirectUri}?state=${state}`, location.href, exchange)
      }
      const elsewhere = await context.ask('logout-post', { id_token_hint: (await loggedIn(context, profile)).idToken, post_logout_redirect_uri: 'https://attacker.test/', state })
      const location = String(elsewhere.headers['location'] ?? '')
      demand(!location.startsWith('https://attacker.test'), { vi: 'không chuyển đến địa chỉ lạ', en: 'no redirect to a foreign address' }, location, elsewhere)
    }),
    check('logout.hint', 'id_token_hint giả mạo bị từ chối', 'A forged id_token_hint is refused', async (context) => {
      const { idToken, accessToken } = await loggedIn(context, profile)
      const [head, payload, signature] = idToken.split('.') as [string, string, string]
      const forged = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
      answered(await context.ask('logout', { id_token_hint: forged }), 400, 'ID_TOKEN_HINT_INVALID')
      answered(await userinfo(context, accessToken), 200)
    }),
    ...(profile.logout.backChannel ? [check('logout.back-channel', 'Đăng xuất được báo ngầm cho ứng dụng: logout_token đúng người, đúng phiên, không có nonce; gửi lại khi lỗi', 'Logout is told to the client by its back channel: a logout_token of person and session, without nonce, sent again after a failure', async (context) => {
      const { idToken, claims, token: given } = await loggedIn(context, profile)
      demand(typeof claims['sid'] === 'string', { vi: 'id_token có sid', en: 'an id_token with a sid' }, `sid ${String(claims['sid'])}`, given)
      const inbox = context.inbox({
        takes: (came) => came.path === '/back-channel' && claims['sid'] !== undefined && sidOf(String(context.callOf('back-channel-logout', came)?.logout_token)) === claims['sid'],
        treat: (nth) => ({ status: nth === 1 ? 500 : 200 }),
      })
      answered(await context.ask('logout', { id_token_hint: idToken }), [200, 302])
      const exchange = context.exchanges.at(-1)
      demand(await inbox.arrived(2, context.fixture.waits.retryMs), { vi: 'báo, và báo lại sau lỗi', en: 'told, and told again after a failure' }, `${inbox.received.length}`, exchange)
      for (const came of inbox.received) {
        const token = String(context.callOf('back-channel-logout', came)?.logout_token)
        await verifiedToken(context, profile, token, 'logout_token', exchange)
        const said = payloadOf(token)
        demand(said.sub === claims.sub && LOGOUT_EVENT in (said['events'] as object ?? {}) && !('nonce' in said), `sub ${claims.sub}, ${LOGOUT_EVENT}`, JSON.stringify(said).slice(0, 300), exchange)
        // For whom, by whom, when, and known again: what a client is to check (OpenID Connect Back-Channel Logout 1.0, 2.6).
        demand([said.aud].flat().includes(context.fixture.client!.id) && said.iss === claims.iss, `aud ${context.fixture.client!.id}, iss ${claims.iss}`, `aud ${said.aud}, iss ${said.iss}`, exchange)
        demand(typeof said.jti === 'string' && said.jti !== '', { vi: 'logout_token có jti', en: 'a logout_token with a jti' }, `jti ${String(said.jti)}`, exchange)
        demand(Math.abs((said.iat ?? 0) - context.nowMs() / 1_000) < CLOCK_TOLERANCE_S, { vi: 'iat đúng lúc (giây, UTC)', en: 'an iat of now (seconds, UTC)' }, `iat ${String(said.iat)}`, exchange)
      }
    }, ['login', 'back-channel'])] : []),
  ]
}

function sidOf(token: string): unknown {
  try { return decodeJwt(token)['sid'] } catch { return undefined }
}
