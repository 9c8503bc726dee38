/** What partners push (contracts/api/front.ts, `/sync/v1/…`), signed with the key of `x-partner`. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { SyncDossier, SyncStatus } from '../../../contracts/api/front.ts'
import { DossierCode, ProcedureCode, UnitCode } from '../../../contracts/ids.ts'
import { DossierStatus } from '../../../contracts/status.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import { signedRoutes } from '../signed-routes.ts'
import type { createSyncDossiers } from './sync-dossiers.ts'
import type { createSyncStatuses } from './sync-statuses.ts'

/** PostgreSQL and JavaScript both keep times of these years. */
const Instant = z.number().min(Date.UTC(1900, 0, 1)).max(Date.UTC(2200, 0, 1))
const Dossier = SyncDossier.extend({
  reference: z.string().min(1), dossierCode: DossierCode, procedureCode: ProcedureCode, unitCode: UnitCode, status: DossierStatus, submittedAt: Instant,
})
const Status = SyncStatus.omit({ source: true }).extend({ reference: z.string().min(1), dossierCode: DossierCode, status: DossierStatus, at: Instant })

export function syncRoutes(app: FastifyInstance, options: {
  /** By partner id. */
  keys: Readonly<Record<string, string>>
  storeDossier: ReturnType<typeof createSyncDossiers>
  applyStatus: ReturnType<typeof createSyncStatuses>
}): void {
  signedRoutes(app, options.keys, {
    '/sync/v1/dossiers': {
      idHeader: 'x-partner',
      async answer({ signer, json }, reply) {
        const dossier = parseBody(Dossier, json)
        const result = await options.storeDossier(dossier, signer)
        if (result === 'conflict') throw new ServiceError(409, 'CONFLICT', `${dossier.dossierCode} or its reference is there already with other content`)
        reply.code(result === 'created' ? 201 : 200)
        return { result }
      },
    },
    '/sync/v1/statuses': {
      idHeader: 'x-partner',
      async answer({ signer, json }, reply) {
        const result = await options.applyStatus(parseBody(Status, json), signer)
        reply.code(result === 'applied' ? 201 : 200)
        return { result }
      },
    },
  })
}
