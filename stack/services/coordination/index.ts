/**
 * The coordination system (contracts/api/inside.ts, staff.ts): takes dossiers and statuses from the portal, forwards directly submitted ones to
 * the partner that handles them, and is where staff of ministries, provinces and communes work. What they set is committed before it is
 * acknowledged, and reaches portal and partner from a durable outbox.
 */
import { z } from 'zod'
import { SyncStatus } from '../../../contracts/api/front.ts'
import { CoordinationDossier } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { createStaffTokens } from '../staff-token.ts'
import { startDeliveries } from './deliveries.ts'
import { COORDINATION_EVIDENCE } from './evidence.ts'
import { createFigures } from './figures.ts'
import { writeInTurn } from './in-turn.ts'
import { createPlaces } from './scope.ts'
import { createStaffActs } from './staff-acts.ts'
import { watchStaffExceptions } from './staff-exceptions.ts'
import { createStaffMoney } from './staff-money.ts'
import { staffRoutes } from './staff-routes.ts'
import { createStore } from './store.ts'

const MAX_BATCH = 500

const Dossiers = z.strictObject({ dossiers: z.array(CoordinationDossier).max(MAX_BATCH) })
const Statuses = z.strictObject({ statuses: z.array(SyncStatus).max(MAX_BATCH) })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'coordination'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const inTurn = writeInTurn()
  const store = createStore(pool, inTurn)
  const figuresOf = createFigures(pool)
  const exceptions = starting.adopt(await watchStaffExceptions(requireDatabase(config)), (open) => open.close())
  const deliveries = starting.adopt(startDeliveries({
    pool, http, portalUrl: requireUrl(config, 'portal'), partnerUrl: (partner) => requireUrl(config, `partner-${partner}`),
  }), (open) => open.close())

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.post('/v1/dossiers', async ({ body }) => {
    const { dossiers } = parseBody(Dossiers, body)
    await store.putDossiers(dossiers)
    if (dossiers.some((dossier) => dossier.origin === 'direct')) deliveries.forwarding.wake()
    return { accepted: dossiers.length }
  })
  server.app.post('/v1/statuses', async ({ body }) => {
    const { statuses } = parseBody(Statuses, body)
    await store.putStatuses(statuses)
    if (statuses.some((status) => status.source === 'citizen')) deliveries.statusesSet()
    return { accepted: statuses.length }
  })
  server.app.get<{ Querystring: { unit?: string; level?: string } }>('/v1/figures', async ({ query }) => figuresOf(query, clock.now()))
  staffRoutes(server.app, {
    pool, exceptions, tokens: createStaffTokens(config), placeOf: createPlaces(pool),
    act: createStaffActs({ pool, clock, inTurn, told: deliveries.statusesSet }),
    money: createStaffMoney({ pool, http, paymentsUrl: requireUrl(config, 'payments') }),
  })

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, COORDINATION_EVIDENCE),
    pending: deliveries.pending,
    served: server.served,
    server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
