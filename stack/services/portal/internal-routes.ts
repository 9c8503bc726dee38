/**
 * From the systems behind the portal, in every mode (contracts/api/front.ts, `/internal/v1/…`). The edge marks whatever comes through it with
 * `x-forwarded-for`; to such requests these routes do not exist.
 */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { CatalogueEntry } from '../../../contracts/api/front.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import { PaymentStatus, type Payments } from './payments.ts'
import type { PublishedServices } from './published-services.ts'

const Catalogue = z.strictObject({ procedures: z.array(CatalogueEntry) })

export function internalRoutes(app: FastifyInstance, { payments, services }: { payments: Payments; services: PublishedServices }): void {
  void app.register(async (scope) => {
    scope.addHook('onRequest', (request, _reply, done) => {
      const outside = request.headers['x-forwarded-for'] !== undefined
      done(outside ? new ServiceError(404, 'ROUTE_UNKNOWN', `${request.method} ${request.url}`) : undefined)
    })

    scope.post('/internal/v1/payment-statuses', async ({ body }) => {
      const status = parseBody(PaymentStatus, body)
      await payments.take(status)
      return { transactionCode: status.transactionCode }
    })

    scope.post('/internal/v1/catalogue', async ({ body }) => ({ published: await services.publish(parseBody(Catalogue, body).procedures) }))
  })
}
