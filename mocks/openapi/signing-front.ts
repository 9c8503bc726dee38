/**
 * Stands in front of an endpoint and signs what asks to be signed, so that a fuzzer that cannot sign by itself gets behind the signature: a request whose
 * signature is the mark gets the one that fits its body. One without it, or with another, goes on as it came, and must be refused. For tests.
 */
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { sign } from '../../contracts/partner-api/signature.ts'
import { RESET, type Endpoint } from '../server/endpoint.ts'
import type { Serving } from '../server/fast-server.ts'

export const SIGN_ME = 'sign-me'

export type SigningFront = Serving & {
  /** What signed operations of the role answered, by name. */
  met: ReadonlyMap<string, ReadonlySet<number>>
}

export function signingFront(endpoint: Endpoint, role: RoleContract | undefined, key: string): SigningFront {
  const signed = new Map<string, string>((role?.operations ?? []).flatMap(({ name, method, path, signed }) => signed ? [[`${method} ${path}`, name] as [string, string]] : []))
  const met = new Map<string, Set<number>>([...signed.values()].map((name) => [name, new Set()]))
  const header = DEFAULT_SIGNATURE.header.toLowerCase()
  return {
    ...endpoint, met,
    async reply(request) {
      const asks = request.header(header) === SIGN_ME
      const given = asks && request.body !== undefined ? sign(DEFAULT_SIGNATURE, key, request.body, Date.now())[DEFAULT_SIGNATURE.header] : undefined
      const reply = await endpoint.reply(given === undefined ? request : { ...request, header: (name) => name === header ? given : request.header(name) })
      const name = signed.get(`${request.method} ${request.path}`)
      if (name !== undefined && reply !== RESET) met.get(name)!.add(reply.status)
      return reply
    },
  }
}
