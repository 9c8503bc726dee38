/**
 * The coordination system (contracts/api/inside.ts): takes dossiers and statuses from the portal, and forwards directly submitted ones
 * to the partner that handles them, from a durable outbox, a few at a time, until the partner has them.
 */
import { z } from 'zod'
import { SyncStatus } from '../../../contracts/api/front.ts'
import { CoordinationDossier } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { startOutbox } from '../outbox.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { COORDINATION_EVIDENCE } from './evidence.ts'
import { createStore } from './store.ts'

const MAX_BATCH = 500
const FORWARD_LANES = 8
const FORWARD_TIMEOUT_MS = 5_000

const Dossiers = z.strictObject({ dossiers: z.array(CoordinationDossier).max(MAX_BATCH) })
const Statuses = z.strictObject({ statuses: z.array(SyncStatus).max(MAX_BATCH) })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'coordination'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const store = createStore(pool)
  const forwarding = starting.adopt(startOutbox({
    pool, topic: 'forward', batchSize: 1, lanes: FORWARD_LANES,
    async deliver([item]) {
      const dossier = item!.payload as CoordinationDossier
      const answer = await http.postJson(`${requireUrl(config, `partner-${dossier.partner}`)}/v1/forwarded`, dossier, FORWARD_TIMEOUT_MS)
      if (answer.status !== 200) throw new Error(`${dossier.partner} answered ${answer.status}`)
    },
  }), (open) => open.close())

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.post('/v1/dossiers', async ({ body }) => {
    const { dossiers } = parseBody(Dossiers, body)
    await store.putDossiers(dossiers)
    if (dossiers.some((dossier) => dossier.origin === 'direct')) forwarding.wake()
    return { accepted: dossiers.length }
  })
  server.app.post('/v1/statuses', async ({ body }) => {
    const { statuses } = parseBody(Statuses, body)
    await store.putStatuses(statuses)
    return { accepted: statuses.length }
  })

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, COORDINATION_EVIDENCE),
    pending: forwarding.pending,
    served: server.served,
    server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
