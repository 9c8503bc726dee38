/**
 * An issuer profile: what one OpenID provider does that the standards leave open. VNeID's own guide is not public; when it comes, its paths, claims,
 * levels, lifetimes and ways of logging out are written as data and no code changes. What a profile does not name is as in `DEFAULT_ISSUER`.
 * Sources of the choices: OpenID Connect Core 1.0, RFC 6749, RFC 7636, RFC 9207, RP-Initiated, Back-Channel and Front-Channel Logout 1.0.
 */
import { z } from 'zod'
import { PERSON_KINDS } from '../reference/people.ts'
import { Text } from '../text.ts'

/** What an issuer can tell of whoever logs in, by canonical name. */
export const ISSUER_CLAIMS = [
  'sub', 'person_id', 'name', 'birthdate', 'phone_number', 'level', 'acr', 'person_kind', 'account_type', 'nationality', 'company_number', 'organisation_code',
  'representative', 'guardian',
] as const
export type IssuerClaim = (typeof ISSUER_CLAIMS)[number]

/** In `representative` and `guardian`, beside `sub` and `name`. */
const NESTED_CLAIMS = ['foreign'] as const

const DEFAULT_OPENID_CLAIMS = ISSUER_CLAIMS.filter((claim) => claim !== 'person_id')
const path = (usual: string) => z.string().regex(/^\/[\w./-]+$/, 'a path that begins with / and has no query').default(usual)
const seconds = (usual: number) => z.int().min(1).max(31_536_000).default(usual)

export const IssuerProfile = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: Text,
  /** Where it was taken from: a guide's title and date, or that it is assumed. */
  source: Text,
  /** Stands between the host and every path, discovery's included: `/realms/citizens`. */
  basePath: z.string().regex(/^(\/[\w.-]+)*$/).default(''),
  paths: z.strictObject({
    jwks: path('/jwks'), authorize: path('/authorize'), login: path('/authorize/login'), signIn: path('/authorize/sign-in'),
    token: path('/token'), userinfo: path('/userinfo'), logout: path('/logout'),
  }).prefault({}),
  /** Kinds of persons that have an account here; others are refused at the login page. */
  personKinds: z.array(z.enum(PERSON_KINDS)).min(1).default([...PERSON_KINDS]),
  /** `person-id`: the subject is the number of the identity. `opaque`: a name that says nothing, the same at each login. */
  subject: z.enum(['person-id', 'opaque']).default('person-id'),
  /** What each scope gives, by canonical names. `openid` must be among them. */
  scopes: z.record(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/), z.array(z.enum(ISSUER_CLAIMS)))
    .refine((scopes) => 'openid' in scopes, 'the scope openid is missing').default({ openid: DEFAULT_OPENID_CLAIMS }),
  /** Claims by canonical name → name in tokens and at userinfo; nested ones by their own name. */
  claims: z.partialRecord(z.enum([...ISSUER_CLAIMS, ...NESTED_CLAIMS]), z.string().min(1)).refine((names) => names.sub === undefined, '"sub" is the standard\'s own name').default({}),
  /** Values by canonical claim: `level: {"1": LOA1}`, `person_kind: {company: DN}`. */
  values: z.partialRecord(z.enum(['level', 'person_kind', 'account_type']), z.record(z.string(), z.union([z.string(), z.int()]))).default({}),
  /** Level of the identity → `acr`, and what clients write into `acr_values`. */
  acr: z.strictObject({ 1: z.string().regex(/^\S+$/), 2: z.string().regex(/^\S+$/) }).default({ 1: 'urn:vneid:level:1', 2: 'urn:vneid:level:2' }),
  birthDates: z.enum(['yyyy-mm-dd', 'dd/mm/yyyy']).default('yyyy-mm-dd'),
  /** `all`: the ID token has the person's claims, too; `subject`: only sub and acr, the rest is at userinfo. */
  idToken: z.enum(['all', 'subject']).default('all'),
  keys: z.strictObject({
    algorithm: z.enum(['ES256', 'RS256', 'PS256']).default('ES256'),
    /** A key that signs no more stays at jwks so long, on the scenario clock. */
    graceS: seconds(86_400),
    /** How long clients may keep what they read at jwks (wall clock, as HTTP's caches). */
    jwksMaxAgeS: z.int().min(0).default(300),
  }).prefault({}),
  /** Wall clock. */
  lifetimes: z.strictObject({
    requestS: seconds(600), codeS: seconds(60), accessTokenS: seconds(3_600), idTokenS: seconds(3_600), refreshTokenS: seconds(86_400), sessionS: seconds(28_800), logoutTokenS: seconds(120),
  }).prefault({}),
  clientAuthentication: z.array(z.enum(['client_secret_post', 'client_secret_basic'])).min(1).default(['client_secret_post']),
  pkce: z.enum(['required', 'optional']).default('required'),
  refreshTokens: z.enum(['none', 'always', 'offline_access']).default('none'),
  authorization: z.strictObject({
    /** The answer names its issuer (RFC 9207). */
    iss: z.boolean().default(true),
    prompts: z.array(z.enum(['none', 'login', 'consent', 'select_account'])).default(['none', 'login']),
    maxAge: z.boolean().default(true),
    /** What the client is told where the person's level is below what `acr_values` asks; `proceed`: nothing, the `acr` of the token says what it is. */
    unmetLevel: z.enum(['unmet_authentication_requirements', 'access_denied', 'proceed']).default('unmet_authentication_requirements'),
    /** A browser with a session is led on without a login page. Without it only `prompt=none` makes use of the session. */
    singleSignOn: z.boolean().default(false),
  }).prefault({}),
  logout: z.strictObject({ backChannel: z.boolean().default(true), frontChannel: z.boolean().default(false) }).prefault({}),
})
export type IssuerProfile = z.infer<typeof IssuerProfile>

export const DEFAULT_ISSUER: IssuerProfile = IssuerProfile.parse({
  version: 1, name: 'default',
  title: { vi: 'VNeID mô phỏng', en: 'Simulated VNeID' },
  source: { vi: 'Giả định: tài liệu kết nối chính thức không công khai', en: 'Assumed: the official integration guide is not public' },
})

/** The name under which a claim goes out. */
export function claimName(profile: IssuerProfile, claim: IssuerClaim | (typeof NESTED_CLAIMS)[number]): string { return profile.claims[claim] ?? claim }
