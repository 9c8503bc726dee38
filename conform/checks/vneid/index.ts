/** An OpenID provider as its profile has it: authorization, tokens, logout. */
import { DEFAULT_ISSUER, type IssuerProfile } from '../../../contracts/partner-api/issuer-profile.ts'
import { vneidRole } from '../../../contracts/partner-api/roles/vneid.ts'
import type { Context } from '../../context.ts'
import type { RoleSuite } from '../role-suite.ts'
import { authorizationChecks } from './authorization.ts'
import { authorizeInput, begin, requestOf } from './login.ts'
import { tokenChecks } from './tokens.ts'

const requestIn = async (context: Context, profile: IssuerProfile) => requestOf(await begin(context, profile))

export function vneidSuiteOf(profile: IssuerProfile): RoleSuite {
  return {
    role: vneidRole(profile), flow: 'login', flows: {}, checks: [...authorizationChecks(profile), ...tokenChecks(profile)],
    samples: {
      'discovery': { status: 200, input: () => ({}) },
      'jwks': { status: 200, input: () => ({}) },
      'authorize': { status: 200, needs: ['client'], input: (context) => authorizeInput(context, profile).input, topics: ['good', 'wrong-method'] },
      'login-page': { status: 200, needs: ['client'], input: async (context) => ({ request: await requestIn(context, profile) }) },
      'login': { status: 302, needs: ['login', 'citizen'], input: async (context) => { const { personId } = context.fixture.citizens[0]!; return { request: await requestIn(context, profile), personId, passcode: context.secrets.passcodeOf(personId) } } },
      'token': { status: 400, needs: ['client'], input: () => ({ grant_type: 'authorization_code' }), topics: ['wrong-method'] },
    },
  }
}
export const vneidSuite: RoleSuite = vneidSuiteOf(DEFAULT_ISSUER)
