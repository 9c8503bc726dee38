/**
 * The new portal: public routes, partners' sync, inside routes, administration (contracts/api/front.ts, admin.ts). It begins `closed`, with
 * no procedure until the catalogue publishes. Whatever it acknowledges is committed first, and reaches the systems behind it through its outbox.
 */
import type { Control } from '../../../contracts/api/admin.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { keepSettings } from '../kept-settings.ts'
import { createRelyingParty } from '../relying-party.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { ServiceError } from '../service-error.ts'
import { keysOf } from '../signed-routes.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { authRoutes } from './auth-routes.ts'
import { createCitizenActs } from './citizen-acts.ts'
import { citizenRoutes } from './citizen-routes.ts'
import { startDeliveries } from './deliveries.ts'
import { dossierRoutes } from './dossier-routes.ts'
import { dueDateRule } from '../../../contracts/working-days.ts'
import { PORTAL_EVIDENCE } from './evidence.ts'
import { createFeedback } from './feedback.ts'
import { createInsideStatuses } from './inside-statuses.ts'
import { internalRoutes } from './internal-routes.ts'
import { createMoneyRecords } from './money-records.ts'
import { messageRoutes, paymentRoutes } from './payment-routes.ts'
import { createPayments } from './payments.ts'
import { createPublishedServices } from './published-services.ts'
import { createSessions } from './sessions.ts'
import { createSubmitDossier } from './submit-dossier.ts'
import { createSyncDossiers } from './sync-dossiers.ts'
import { createSyncStatuses } from './sync-statuses.ts'
import { syncRoutes } from './sync-routes.ts'

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'portal'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const dueDate = dueDateRule()
  const owed = starting.adopt(startDeliveries({
    pool, http, coordinationUrl: requireUrl(config, 'coordination'), feedbackUrl: requireUrl(config, 'feedback'),
  }), (open) => open.close())
  const sessions = createSessions(pool)
  const services = createPublishedServices(pool, (partner) => `${requireUrl(config, `partner-${partner}`)}/public/v1/dossiers`)
  const feedback = createFeedback(pool, owed.feedback.wake)
  const payments = createPayments({ pool, http, paymentsUrl: requireUrl(config, 'payments') })
  const portalUrl = `http://${config.portalHost}`
  const relyingParty = createRelyingParty({ issuerUrl: requireUrl(config, 'vneid'), ...config.vneidClient, redirectUri: `${portalUrl}/auth/callback`, http })

  const server = createBusinessServer({ servedBy: 'portal', mode: 'closed' })
  starting.defer(() => server.app.close())
  server.app.addHook('onRequest', (request, _reply, done) => {
    const closed = server.mode() === 'closed' && !request.url.startsWith('/internal/')
    done(closed ? new ServiceError(503, 'PORTAL_CLOSED', 'the portal is not open yet') : undefined)
  })
  authRoutes(server.app, { relyingParty, sessions, portalUrl })
  dossierRoutes(server.app, { pool, clock, sessions, services, submit: createSubmitDossier(pool, dueDate, owed.dossiers.wake) })
  citizenRoutes(server.app, { clock, sessions, feedback, act: createCitizenActs(pool, owed.statuses.wake) })
  paymentRoutes(server.app, { pool, sessions, payments })
  messageRoutes(server.app, { pool, sessions, http, notificationsUrl: requireUrl(config, 'notifications') })
  syncRoutes(server.app, {
    keys: keysOf(config, (id) => PARTNERS.some((partner) => partner.id === id)),
    storeDossier: createSyncDossiers(pool, dueDate, owed.dossiers.wake),
    applyStatus: createSyncStatuses(pool, owed.statuses.wake),
  })
  internalRoutes(server.app, { payments, services, feedback, takeStatuses: createInsideStatuses(pool), records: createMoneyRecords(pool) })

  const settings = keepSettings(config.settingsFile, async (control: Control): Promise<unknown> => {
    if (control.action === 'clock') return clock.set(control)
    if (control.action !== 'mode' || control.mode === 'frozen') return undefined
    await server.setMode(control.mode)
    return { mode: server.mode() }
  })

  await settings.recall()
  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, PORTAL_EVIDENCE),
    pending: owed.pending,
    served: server.served,
    server,
    control: settings.steer,
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
