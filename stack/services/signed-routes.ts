/**
 * Routes whose body must be signed: HMAC-SHA256 hex of the bytes in `x-signature`, by the key of whoever `idHeader` names (`x-bank`, `x-partner`,
 * `x-gateway`). The body is read as bytes and checked before anything in it is looked at; 401 SIGNATURE_INVALID where it does not fit.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServiceConfig } from '../../contracts/process.ts'
import { ServiceError } from './service-error.ts'

export type SignedRequest = { signer: string; json: unknown }

/** The keys of those who may sign here. */
export function keysOf(config: Pick<ServiceConfig, 'keys'>, may: (id: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(config.keys).filter(([id]) => may(id)))
}

export function signedRoutes(app: FastifyInstance, keys: Readonly<Record<string, string>>, routes: Record<string, {
  idHeader: string
  /** Gives the body; the status is 200 unless it sets another. */
  answer: (request: SignedRequest, reply: FastifyReply) => Promise<unknown>
}>): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const [path, { idHeader, answer }] of Object.entries(routes)) {
      scope.post(path, async (request, reply) => answer({ signer: signerOf(request, idHeader, keys), json: jsonOf(request.body) }, reply))
    }
  })
}

function signerOf(request: FastifyRequest, idHeader: string, keys: Readonly<Record<string, string>>): string {
  const signer = request.headers[idHeader]
  const signature = request.headers['x-signature']
  const key = typeof signer === 'string' && Object.hasOwn(keys, signer) ? keys[signer] : undefined
  if (key === undefined || typeof signature !== 'string') throw new ServiceError(401, 'SIGNATURE_INVALID', `headers ${idHeader} and x-signature of a known sender are needed`)
  const expected = createHmac('sha256', key).update((request.body as Buffer | null) ?? '').digest()
  const given = Buffer.from(signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new ServiceError(401, 'SIGNATURE_INVALID', `the signature does not fit the body and the key of "${signer}"`)
  return signer as string
}

function jsonOf(body: unknown): unknown {
  try { return JSON.parse((body as Buffer).toString('utf8')) } catch { throw new ServiceError(400, 'BODY_INVALID', 'the body is not JSON') }
}
