/**
 * From the systems behind the portal, in every mode (contracts/api/front.ts, `/internal/v1/…`). The edge marks whatever comes through it with
 * `x-forwarded-for`; to such requests these routes do not exist.
 */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { CatalogueEntry, SyncStatus } from '../../../contracts/api/front.ts'
import { FeedbackReply, PaymentReceipt, PaymentRefund } from '../../../contracts/api/inside.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import type { Feedback } from './feedback.ts'
import type { createInsideStatuses } from './inside-statuses.ts'
import type { MoneyRecords } from './money-records.ts'
import { PaymentStatus, type Payments } from './payments.ts'
import type { PublishedServices } from './published-services.ts'

const MAX_BATCH = 500
const Catalogue = z.strictObject({ procedures: z.array(CatalogueEntry) })
const Statuses = z.strictObject({ statuses: z.array(SyncStatus).max(MAX_BATCH) })
const Receipts = z.strictObject({ receipts: z.array(PaymentReceipt).max(MAX_BATCH) })
const Refunds = z.strictObject({ refunds: z.array(PaymentRefund).max(MAX_BATCH) })
const Answers = z.strictObject({ answers: z.array(FeedbackReply).max(MAX_BATCH) })

export function internalRoutes(app: FastifyInstance, { payments, services, feedback, takeStatuses, records }: {
  payments: Payments
  services: PublishedServices
  feedback: Feedback
  takeStatuses: ReturnType<typeof createInsideStatuses>
  records: MoneyRecords
}): void {
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

    scope.post('/internal/v1/statuses', async ({ body }) => {
      const { statuses } = parseBody(Statuses, body)
      await takeStatuses(statuses)
      return { accepted: statuses.length }
    })

    scope.post('/internal/v1/receipts', async ({ body }) => {
      const { receipts } = parseBody(Receipts, body)
      await records.takeReceipts(receipts)
      return { accepted: receipts.length }
    })

    scope.post('/internal/v1/refunds', async ({ body }) => {
      const { refunds } = parseBody(Refunds, body)
      await records.takeRefunds(refunds)
      return { accepted: refunds.length }
    })

    scope.post('/internal/v1/feedback-answers', async ({ body }) => {
      const { answers } = parseBody(Answers, body)
      await feedback.takeAnswers(answers)
      return { accepted: answers.length }
    })

    scope.post('/internal/v1/catalogue', async ({ body }) => ({ published: await services.publish(parseBody(Catalogue, body).procedures) }))
  })
}
