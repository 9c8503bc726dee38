/** One conformance run: fixture and address in, a sealed result out. The receiver is started before the system is asked, since its address may be wanted by it. */
import { canonicalJson } from '../contracts/canonical-json.ts'
import { suggest } from '../contracts/did-you-mean.ts'
import { InputError } from '../contracts/error.ts'
import type { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import type { IssuerProfile } from '../contracts/partner-api/issuer-profile.ts'
import { isAllowed } from './allow-list.ts'
import { checksOf, suiteOf } from './checks/index.ts'
import { flowIn } from './checks/role-suite.ts'
import type { Secrets, TestData } from './context.ts'
import { drive, type CheckOutcome, type Conformance } from './driver.ts'
import { readSecret, secretsOf, type Fixture } from './fixture.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { summarise } from './result.ts'
import { sha256, type Unsealed } from './seal.ts'
import { speechOf } from './speech.ts'

export type ConformOptions = {
  /** As on the command line: `sms`, `province`. */
  role: string
  url: string
  fixture: Fixture
  env: Readonly<Record<string, string | undefined>>
  receiver: Receiver
  runId: string
  profile?: ContractProfile | undefined
  issuer?: IssuerProfile | undefined
  /** The system's clock, where that is not the wall's. */
  nowMs?: (() => number) | undefined
  signal?: AbortSignal
  /** Only checks whose id begins so. */
  only?: readonly string[]
  onOutcome?: (outcome: CheckOutcome) => void
  /** Filled as it comes about, so that it is known also where the run is broken off. */
  testData?: TestData[]
}

export async function conform(options: ConformOptions): Promise<Conformance> {
  const { fixture, env } = options
  const suite = suiteOf(options.role, options.issuer)
  requireAllowed(options.url, fixture)
  const checks = checksOf(suite).filter(({ id }) => !options.only || options.only.some((prefix) => id.startsWith(prefix)))
  requireMet(options.only ?? [], [...checksOf(suite), ...suite.role.operations.map(({ name }) => ({ id: `answers.${name}` }))])
  return drive({
    role: suite.role, checks, flowOf: (operation) => flowIn(suite, operation), fixture, secrets: secretsFor(fixture, env), secretValues: secretValues(fixture, env),
    baseUrl: options.url, receiver: options.receiver, runId: options.runId, signers: suite.signers ?? {}, speech: speechOf(suite.role, options.profile),
    ...(options.nowMs && { nowMs: options.nowMs }), ...(options.signal && { signal: options.signal }), ...(options.onOutcome && { onOutcome: options.onOutcome }), testData: options.testData,
  })
}

/** A prefix of nothing would leave a part out without a word. */
function requireMet(only: readonly string[], checks: readonly { id: string }[]): void {
  const unmet = only.filter((prefix) => !checks.some(({ id }) => id.startsWith(prefix)))
  if (unmet.length > 0) throw new InputError(unmet.map((prefix) => ({ code: 'CONFORM_REQUIREMENT_UNKNOWN', what: `no requirement begins with "${prefix}"`, where: '--only', mend: suggest(prefix, checks.map(({ id }) => id)) })))
}

/** Before anything at all is sent there. */
export function requireAllowed(url: string, { allow }: Fixture): void {
  const { hostname } = new URL(url)
  if (isAllowed(hostname, allow)) return
  throw new InputError([{ code: 'CONFORM_URL_NOT_ALLOWED', what: `${hostname} is not on the fixture's allow-list`, where: '--url', mend: `add it under "allow:" if it may be asked; allowed now: ${allow.join(', ')}` }])
}

/** Listens where the fixture says. Pushes that no check claims are taken, so that a system does not go on repeating them. */
export async function openReceiver({ receiver: { host, port, url } }: Fixture): Promise<Receiver> {
  try {
    return await startReceiver({
      host, port, url,
      fallback: ({ path }) => ({ status: path.startsWith('/sync/') ? 201 : 200, body: { result: path.startsWith('/sync/v1/statuses') ? 'applied' : 'created' } }),
    })
  } catch (error) {
    throw new InputError([{ code: 'CONFORM_RECEIVER_TAKEN', what: `nothing can listen at ${host}:${port} (${(error as NodeJS.ErrnoException).code ?? String(error)})`, where: 'receiver', mend: 'end what listens there, or name another address under "receiver:"' }])
  }
}

/** A finished run as a result, not yet sealed. */
export function resultOf(options: Pick<ConformOptions, 'role' | 'url' | 'fixture' | 'runId' | 'profile' | 'issuer' | 'only'>, { outcomes, testData, requests }: Conformance, times: { beganAt: number; endedAt: number; tool: string }): Unsealed {
  const { role } = suiteOf(options.role, options.issuer)
  return {
    version: 1, kind: 'conformance', runId: options.runId,
    about: {
      partner: options.fixture.partner, role: options.role, url: options.url, contract: { role: role.id, version: role.version, profile: options.profile?.name ?? null },
      tool: times.tool, beganAt: new Date(times.beganAt).toISOString(), endedAt: new Date(times.endedAt).toISOString(), requests,
      // Values that stand in the fixture itself are for development; they are hashed with it and not written.
      fixture: sha256(canonicalJson(options.fixture)), part: options.only ? [...options.only] : null,
    },
    summary: summarise(outcomes), outcomes, testData,
  }
}

export function secretsFor({ keys, client, citizens }: Fixture, env: ConformOptions['env']): Secrets {
  const of = (personId: string) => citizens.find((citizen) => citizen.personId === personId)
  return {
    systemKey: readSecret(keys.system, env), callerKey: readSecret(keys.caller, env), specialisedKey: readSecret(keys.specialised, env), clientSecret: readSecret(client?.secret, env),
    passcodeOf: (personId) => readSecret(of(personId)?.passcode, env), cookieOf: (personId) => readSecret(of(personId)?.cookie, env),
  }
}

/** Values from the environment only: what stands in the fixture is no secret. */
function secretValues(fixture: Fixture, env: ConformOptions['env']): string[] {
  return secretsOf(fixture).flatMap(({ secret }) => 'env' in secret ? readSecret(secret, env) ?? [] : [])
}
