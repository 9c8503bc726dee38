/** Every role that can be tried, by the name of the command line, and its checks. `ministry` and `province` are dossier systems. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { DEFAULT_ISSUER, type IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { createAnswerBook } from '../answers.ts'
import type { Check, Flow } from '../check.ts'
import { bankSuite } from './bank/index.ts'
import { dossierSystemSuite } from './dossier-system/index.ts'
import { genericChecks } from './generic/index.ts'
import { portalSuite } from './portal/index.ts'
import { speechOf } from '../speech.ts'
import { flowIn, type RoleSuite } from './role-suite.ts'
import { smsSuite } from './sms/index.ts'
import { vneidSuite, vneidSuiteOf } from './vneid/index.ts'

export const SUITES: Readonly<Record<string, RoleSuite>> = { ministry: dossierSystemSuite, province: dossierSystemSuite, bank: bankSuite, sms: smsSuite, vneid: vneidSuite, portal: portalSuite }
export const CONFORM_ROLES: readonly string[] = Object.keys(SUITES)

/** `issuer`: the profile of an OpenID provider, for the role `vneid`. */
export function suiteOf(role: string, issuer?: IssuerProfile): RoleSuite {
  if (role === 'vneid' && issuer) return vneidSuiteOf(issuer)
  const suite = Object.hasOwn(SUITES, role) ? SUITES[role] : undefined
  if (suite) return suite
  throw new InputError([{ code: 'CONFORM_ROLE_UNKNOWN', what: role === '' ? 'no role is named' : `role "${role}" cannot be tried`, where: 'ROLE', mend: suggest(role, CONFORM_ROLES) }])
}

/** What every whole result of a role says something of, by the names of this version; undefined for a role or contract version that is not known. */
export function requirementsOf({ role, contract }: { role: string; contract: { role: string; version: string; profile: string | null } }): { id: string; flow: Flow }[] | undefined {
  if (!Object.hasOwn(SUITES, role)) return undefined
  // A profile may do without what varies between issuers, and by it some fields stand where they cannot be left out.
  const suite = role === 'vneid' && contract.profile !== null ? vneidSuiteOf(BARE_ISSUER) : SUITES[role]!
  if (suite.role.id !== contract.role || suite.role.version !== contract.version) return undefined
  const checks = [...checksOf(suite), ...createAnswerBook(suite.role).checks((operation) => flowIn(suite, operation))]
  const canonical = speechOf(suite.role)
  return checks.filter(({ applies }) => applies === undefined || (contract.profile === null && applies(canonical))).map(({ id, flow }) => ({ id, flow }))
}

const BARE_ISSUER: IssuerProfile = {
  ...DEFAULT_ISSUER, pkce: 'optional', personKinds: ['citizen'], logout: { ...DEFAULT_ISSUER.logout, backChannel: false },
  authorization: { ...DEFAULT_ISSUER.authorization, prompts: [], unmetLevel: 'proceed' },
}

export function checksOf(suite: RoleSuite): Check[] { return [...suite.checks, ...genericChecks(suite)] }
