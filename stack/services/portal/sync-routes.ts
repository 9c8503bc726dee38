/**
 * What partners push (contracts/api/front.ts, `/sync/v1/…`): the body is read as bytes, its HMAC-SHA256 checked with the key of `x-partner`
 * before anything in it is looked at.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { SyncDossier, SyncStatus } from '../../../contracts/api/front.ts'
import { DossierCode, ProcedureCode, UnitCode } from '../../../contracts/ids.ts'
import { DossierStatus } from '../../../contracts/status.ts'
import { z } from 'zod'
import { parseBody, ServiceError } from '../service-error.ts'
import type { createSyncDossiers } from './sync-dossiers.ts'
import type { createSyncStatuses } from './sync-statuses.ts'

/** PostgreSQL and JavaScript both keep times of these years. */
const Instant = z.number().min(Date.UTC(1900, 0, 1)).max(Date.UTC(2200, 0, 1))
const Dossier = SyncDossier.extend({
  reference: z.string().min(1), dossierCode: DossierCode, procedureCode: ProcedureCode, unitCode: UnitCode, status: DossierStatus, submittedAt: Instant,
})
const Status = SyncStatus.extend({ reference: z.string().min(1), dossierCode: DossierCode, status: DossierStatus, at: Instant })

export function syncRoutes(app: FastifyInstance, options: {
  keys: Readonly<Record<string, string>>
  storeDossier: ReturnType<typeof createSyncDossiers>
  applyStatus: ReturnType<typeof createSyncStatuses>
}): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    scope.post('/sync/v1/dossiers', async (request, reply) => {
      const partnerId = signer(request, options.keys)
      const dossier = parseBody(Dossier, jsonOf(request.body))
      const result = await options.storeDossier(dossier, partnerId)
      if (result === 'conflict') throw new ServiceError(409, 'CONFLICT', `${dossier.dossierCode} or its reference is there already with other content`)
      return reply.code(result === 'created' ? 201 : 200).send({ result })
    })

    scope.post('/sync/v1/statuses', async (request, reply) => {
      const partnerId = signer(request, options.keys)
      const result = await options.applyStatus(parseBody(Status, jsonOf(request.body)), partnerId)
      return reply.code(result === 'applied' ? 201 : 200).send({ result })
    })
  })
}

function signer(request: FastifyRequest, keys: Readonly<Record<string, string>>): string {
  const partnerId = request.headers['x-partner']
  const signature = request.headers['x-signature']
  const key = typeof partnerId === 'string' && Object.hasOwn(keys, partnerId) ? keys[partnerId] : undefined
  if (key === undefined || typeof signature !== 'string') throw new ServiceError(401, 'SIGNATURE_INVALID', 'headers x-partner and x-signature of a known partner are needed')
  const expected = createHmac('sha256', key).update(request.body as Buffer ?? '').digest()
  const given = Buffer.from(signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new ServiceError(401, 'SIGNATURE_INVALID', `the signature does not fit the body and the key of "${partnerId}"`)
  return partnerId as string
}

function jsonOf(body: unknown): unknown {
  try { return JSON.parse((body as Buffer).toString('utf8')) } catch { throw new ServiceError(400, 'BODY_INVALID', 'the body is not JSON') }
}
