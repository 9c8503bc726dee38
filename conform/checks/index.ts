/** Every role that can be tried, by the name of the command line, and its checks. `ministry` and `province` are dossier systems. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import type { Check } from '../check.ts'
import { bankSuite } from './bank/index.ts'
import { dossierSystemSuite } from './dossier-system/index.ts'
import { genericChecks } from './generic/index.ts'
import { portalSuite } from './portal/index.ts'
import type { RoleSuite } from './role-suite.ts'
import { smsSuite } from './sms/index.ts'
import { vneidSuite, vneidSuiteOf } from './vneid/index.ts'

export const SUITES: Readonly<Record<string, RoleSuite>> = { ministry: dossierSystemSuite, province: dossierSystemSuite, bank: bankSuite, sms: smsSuite, vneid: vneidSuite, portal: portalSuite }
export const CONFORM_ROLES: readonly string[] = Object.keys(SUITES)

/** `issuer`: the profile of an OpenID provider, for the role `vneid`. */
export function suiteOf(role: string, issuer?: IssuerProfile): RoleSuite {
  if (role === 'vneid' && issuer) return vneidSuiteOf(issuer)
  const suite = Object.hasOwn(SUITES, role) ? SUITES[role] : undefined
  if (suite) return suite
  throw new InputError([{ code: 'CONFORM_ROLE_UNKNOWN', what: `role "${role}" cannot be tried`, where: 'ROLE', mend: suggest(role, CONFORM_ROLES) }])
}

export function checksOf(suite: RoleSuite): Check[] { return [...suite.checks, ...genericChecks(suite)] }
