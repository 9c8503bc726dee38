/**
 * The fixture of a conformance run: which hosts may be asked and how fast, who the test identities are, how the system is brought to push, where its
 * callbacks arrive. YAML; secrets are named by the environment variable that holds them, and never written into a result. Everything has a default
 * that fits the partners of `tongduyet mocks`.
 */
import { z } from 'zod'
import { Slug } from '../contracts/ids.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { personOf, PERSON_KINDS } from '../contracts/reference/people.ts'
import { PROCEDURES } from '../contracts/reference/procedures.ts'

const isEntry = (text: string) => /^[\w.-]+$/.test(text) || z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(text).success

/** A value, or the name of the environment variable that holds it. */
export const Secret = z.union([z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable') }), z.strictObject({ value: z.string().min(1) })])
export type Secret = z.infer<typeof Secret>

const Citizen = z.strictObject({
  personId: z.string().min(1), name: z.string().min(1), birthDate: z.iso.date(), phone: z.string(), level: z.union([z.literal(1), z.literal(2)]).default(2), kind: z.enum(PERSON_KINDS).default('citizen'),
  /** Where it is said, the issuer must say the same. */
  nationality: z.string().optional(), companyNumber: z.string().optional(), organisationCode: z.string().optional(),
  representative: z.strictObject({ name: z.string(), foreign: z.boolean() }).optional(), guardian: z.strictObject({ name: z.string() }).optional(),
  /** At the issuer's login page. */
  passcode: Secret.optional(),
  /** A session at the portal that was opened by hand: `sid=…`. */
  cookie: Secret.optional(),
})
export type Citizen = z.infer<typeof Citizen>

/** An HTTP request that makes the system push; `{reference}`, `{dossierCode}`, `{procedureCode}`, `{status}` and the rest are put in. `desk`: by the operations of the contract's desk. */
const Trigger = z.union([z.literal('desk'), z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT']).default('POST'), url: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).default({}), body: z.string().default(''),
})])
export type Trigger = z.infer<typeof Trigger>

const someone = (index: number, kind: (typeof PERSON_KINDS)[number] = 'citizen', level: 1 | 2 = 2): z.input<typeof Citizen> => {
  const { personId, name, birthDate, phone, nationality, companyNumber, organisationCode, representative, guardian } = personOf(index, kind)
  const id = level === 1 ? `${personId.slice(0, -1)}0` : personId
  return {
    personId: id, name, birthDate, phone, level, kind, passcode: { value: id.slice(-6) }, ...(nationality && { nationality }), ...(companyNumber && { companyNumber }), ...(organisationCode && { organisationCode }),
    ...(representative && { representative: { name: representative.name, foreign: representative.foreign } }), ...(guardian && { guardian: { name: guardian.name } }),
  }
}
/** Far from those whom rehearsals draw first. */
const FIRST_PERSON = 90_000_001
/** One of each sort, invented. */
export const someCitizens = (first = FIRST_PERSON): Citizen[] => [
  someone(first), someone(first + 1), someone(first + 2, 'citizen', 1), someone(first + 3, 'foreigner'), someone(first + 4, 'company'), someone(first + 5, 'organisation'), someone(first + 6, 'minor'),
].map((one) => Citizen.parse(one))

export const Fixture = z.strictObject({
  version: z.literal(1).default(1),
  /** What the result calls the system: `ha-noi`, `bank-vcb`. */
  partner: Slug.default('reference'),
  /** CIDR blocks and host names that may be asked; nothing is ever sent to another. */
  allow: z.array(z.string().min(1).refine(isEntry, 'an address, a block such as 10.1.0.0/16, or the name of a host')).default(['127.0.0.0/8', '::1/128', 'localhost']),
  /** Requests a second, at most. */
  rateCap: z.number().positive().max(1_000).default(40),
  waits: z.strictObject({
    answerMs: z.int().positive().default(8_000), callbackMs: z.int().positive().default(10_000), retryMs: z.int().positive().default(15_000), quietMs: z.int().positive().default(1_200),
    /** How long a test QR lives. */
    qrLifeMs: z.int().positive().default(1_500),
  }).prefault({}),
  /** When a check, and the run, are broken off; by default as long as the waits want, a run at least 50 s (`deadlinesOf`). */
  deadlines: z.strictObject({ checkMs: z.int().positive().optional(), runMs: z.int().positive().optional() }).default({}),
  /**
   * Where this side listens; `url` is how the system reaches it, where that differs. `reachable: false`: no callback can arrive.
   * `portal`: the system is configured to push to it as its portal; by default where a port is named.
   */
  receiver: z.strictObject({
    host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(0), url: z.url({ protocol: /^https?$/ }).optional(), reachable: z.boolean().default(true), portal: z.boolean().optional(),
  }).prefault({}),
  /** `system` signs what the tested system sends, `caller` what is sent to it, `specialised` what civil status tells it. */
  keys: z.strictObject({ system: Secret.optional(), caller: Secret.optional(), specialised: Secret.optional() }).default({}),
  citizens: z.array(Citizen).default(someCitizens()),
  /** Which unit the system is, and procedures that may be tried on it. */
  unit: z.strictObject({ unitCode: z.string(), partnerId: z.string(), provinceId: z.string(), procedures: z.array(z.string()).min(1) })
    .default({ unitCode: PARTNERS[16]!.unitCode, partnerId: PARTNERS[16]!.id, provinceId: PARTNERS[16]!.id, procedures: PROCEDURES.filter(({ handledBy, redirected }) => handledBy === 'province' && !redirected).map(({ code }) => code) }),
  /** The beneficiary of test payments; the Treasury also wants the budget's chapter, item and unit. */
  account: z.strictObject({ number: z.string(), name: z.string(), budget: z.strictObject({ chapter: z.string(), subItem: z.string(), budgetUnit: z.string(), area: z.string().optional() }).optional() }).default({ number: '9990001234', name: 'Kho bạc thử nghiệm' }),
  /** `login`: the issuer has the contract's operation by which a program logs a person in. */
  triggers: z.strictObject({ pushDossier: Trigger.optional(), pushStatus: Trigger.optional(), ownService: z.boolean().default(true), scan: z.boolean().default(true), login: z.boolean().default(true) })
    .default({ pushDossier: 'desk', pushStatus: 'desk', ownService: true, scan: true, login: true }),
  /** A text of a registered template, for an SMS gateway that takes no others; checks that need free text then lower the index. */
  message: z.strictObject({ text: z.string().min(1), brandname: z.string().min(1).optional() }).optional(),
  /** The bank that a test payment names. */
  bank: z.string().default('bank-vcb'),
  client: z.strictObject({ id: z.string(), secret: Secret, redirectUri: z.url(), postLogoutRedirectUri: z.url().optional(), /** Whether the client's back-channel logout address at the issuer is `<receiver>/back-channel`. */ backChannel: z.boolean().default(false) }).optional(),
  /** How a citizen gets a session at the portal: through an issuer whose login page is that of the contract. */
  login: z.literal('issuer').optional(),
})
export type Fixture = z.infer<typeof Fixture>

const CHECK_MS = 30_000
const RUN_MS = 50_000
/** What a check needs beside its longest wait, and a run beside its longest check. */
const ROOM_MS = 20_000

/** A system that never ends its answers must not keep a run from ending; one that is given time to repeat callbacks is given it here, too. */
export function deadlinesOf({ deadlines, waits }: Fixture): { checkMs: number; runMs: number } {
  const checkMs = deadlines.checkMs ?? Math.max(CHECK_MS, Math.max(waits.retryMs, waits.callbackMs) + waits.answerMs + waits.quietMs)
  return { checkMs, runMs: deadlines.runMs ?? Math.max(RUN_MS, checkMs + ROOM_MS) }
}

/** The values of the secrets, by the place that names them; undefined where the environment has none. */
export function readSecret(secret: Secret | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (secret === undefined) return undefined
  return 'env' in secret ? env[secret.env] || undefined : secret.value
}

/** Every secret that the fixture names by an environment variable which is not set. */
export function missingSecrets(fixture: Fixture, env: Readonly<Record<string, string | undefined>>): { variable: string; place: string }[] {
  return secretsOf(fixture).flatMap(({ secret, place }) => 'env' in secret && !env[secret.env] ? [{ variable: secret.env, place }] : [])
}

export function secretsOf({ keys, citizens, client }: Fixture): { secret: Secret; place: string }[] {
  const places: [string, Secret | undefined][] = [
    ['keys.system', keys.system], ['keys.caller', keys.caller], ['keys.specialised', keys.specialised], ['client.secret', client?.secret],
    ...citizens.flatMap((citizen, index): [string, Secret | undefined][] => [[`citizens[${index}].passcode`, citizen.passcode], [`citizens[${index}].cookie`, citizen.cookie]]),
  ]
  return places.flatMap(([place, secret]) => secret === undefined ? [] : [{ place, secret }])
}
