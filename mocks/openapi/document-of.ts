/**
 * The OpenAPI document by which an endpoint is to answer: its role's, canonical or by the contract profile it speaks, answers closed. An issuer with a
 * profile of its own has routes of its own, which then stand for the role's operations. Undefined for an endpoint of no role. For tests.
 */
import type { Operation } from '../../contracts/partner-api/operation.ts'
import { openApiOf, type OpenApiDocument } from '../../contracts/partner-api/openapi.ts'
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'
import type { Endpoint } from '../server/endpoint.ts'
import { createAnswerCheck, type AnswerCheck } from './answer-check.ts'

const CLOSED = { closedAnswers: true }

/** The role that has all its routes, by name. */
export function roleOfEndpoint({ wire, routes }: Endpoint): RoleContract | undefined {
  return wire?.role ?? (routes.length === 0 ? undefined : ROLES.find((role) => routes.every(({ name }) => role.operations.some((operation) => operation.name === name))))
}

export function documentOf(endpoint: Endpoint): OpenApiDocument | undefined {
  const role = roleOfEndpoint(endpoint)
  if (!role || endpoint.wire) return role && openApiOf(role, endpoint.wire?.data, CLOSED)
  return openApiOf({ ...role, operations: operationsOf(endpoint, role) }, undefined, CLOSED)
}

/** Documents of the same operations are the same. */
export function createCheckOf(): (endpoint: Endpoint) => AnswerCheck | undefined {
  const byEndpoint = new WeakMap<Endpoint, AnswerCheck | undefined>()
  const byRole = new Map<RoleContract, { operations: readonly Operation[]; check: AnswerCheck }[]>()
  return (endpoint) => {
    if (byEndpoint.has(endpoint)) return byEndpoint.get(endpoint)
    const role = roleOfEndpoint(endpoint)
    const check = role && (endpoint.wire ? createAnswerCheck(documentOf(endpoint)!) : shared(role, endpoint))
    byEndpoint.set(endpoint, check)
    return check
  }

  function shared(role: RoleContract, endpoint: Endpoint): AnswerCheck {
    const operations = operationsOf(endpoint, role)
    const known = byRole.get(role) ?? []
    const same = known.find((one) => one.operations.length === operations.length && one.operations.every(({ path, request, answers }, nth) =>
      path === operations[nth]!.path && request === operations[nth]!.request && answers === operations[nth]!.answers))
    if (same) return same.check
    const check = createAnswerCheck(documentOf(endpoint)!)
    byRole.set(role, [...known, { operations, check }])
    return check
  }
}

function operationsOf({ routes }: Endpoint, role: RoleContract): Operation[] {
  return routes.map((route) => ({ ...role.operations.find(({ name }) => name === route.name)!, ...route }))
}
