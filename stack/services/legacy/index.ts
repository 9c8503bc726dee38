/**
 * The old portal (contracts/api/front.ts): the public's routes with its own codes, status numbers and database. `open`, or `frozen`: no submission is taken
 * any more, reads, bank callbacks and partners' statuses go through, and the nightly batch begins. It fills its own empty database first.
 */
import type { Control } from '../../../contracts/api/admin.ts'
import { SubmitDossier } from '../../../contracts/api/front.ts'
import { BankCallback } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { keepSettings } from '../kept-settings.ts'
import { authRoutes } from '../portal/auth-routes.ts'
import { dueDateRule } from '../../../contracts/working-days.ts'
import { createRelyingParty } from '../relying-party.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import { keysOf, signedRoutes } from '../signed-routes.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { createDossiers, PartnerStatus } from './dossiers.ts'
import { LEGACY_EVIDENCE } from './evidence.ts'
import { loadLegacyData } from './load-data.ts'
import { messageRoute } from './message-route.ts'
import { createNightlyBatch } from './nightly-batch.ts'
import { searchOffers } from './offers.ts'
import { createLegacyPayments } from './payments.ts'
import { createLegacySessions } from './sessions.ts'

/** The data ends an hour before the window begins. */
const DATA_ENDS_BEFORE_MS = 3_600_000
type WithCode = { Params: { code: string } }

export const start: StartService = async (config) => {
  await loadLegacyData(requireDatabase(config), { seed: config.seed, count: config.legacyDossiers, until: config.scenarioStartMs - DATA_ENDS_BEFORE_MS, wallNow: Date.now() })
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'legacy'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const portalUrl = `http://${config.portalHost}`
  const sessions = createLegacySessions(pool)
  const relyingParty = createRelyingParty({ issuerUrl: requireUrl(config, 'vneid'), ...config.vneidClient, redirectUri: `${portalUrl}/auth/callback`, http })
  const dossiers = createDossiers(pool, dueDateRule())
  const payments = createLegacyPayments(pool)
  const batch = starting.adopt(createNightlyBatch({ pool, clock, seed: config.seed }), (open) => open.close())

  const server = createBusinessServer({ servedBy: 'legacy', mode: 'open' })
  starting.defer(() => server.app.close())
  const { app } = server
  authRoutes(app, { relyingParty, sessions, portalUrl })
  app.get<{ Querystring: { q?: string; province?: string } }>('/api/services', async ({ query }) => ({ services: searchOffers(query.q ?? '', query.province ?? '') }))
  app.post('/api/dossiers', async ({ headers, body }, reply) => {
    if (server.mode() === 'frozen') throw new ServiceError(503, 'PORTAL_FROZEN', 'the old portal takes no new dossiers any more; nothing was stored')
    const { personId } = await sessions.require(headers.cookie)
    const { created, answer } = await dossiers.submit(personId, parseBody(SubmitDossier, body), clock.now())
    return reply.code(created ? 201 : 200).send(answer)
  })
  app.get('/api/dossiers', async ({ headers }) => ({ dossiers: await dossiers.list((await sessions.require(headers.cookie)).personId) }))
  app.get<WithCode>('/api/dossiers/:code', async ({ headers, params }) => dossiers.own((await sessions.require(headers.cookie)).personId, params.code))
  app.post<WithCode>('/api/dossiers/:code/payments', async ({ headers, params }) => {
    const { personId } = await sessions.require(headers.cookie)
    return payments.refuse((await dossiers.own(personId, params.code)).dossierCode)
  })
  app.get<WithCode>('/api/payments/:code', async ({ headers, params }) => payments.statusOf((await sessions.require(headers.cookie)).personId, params.code))
  messageRoute(app, { sessions, dossiers, http, notificationsUrl: requireUrl(config, 'notifications') })
  signedRoutes(app, keysOf(config, (id) => id.startsWith('bank-')), { '/callbacks/v1/bank': { idHeader: 'x-bank', answer: async ({ signer, json }) => {
    const callback = parseBody(BankCallback, json)
    await payments.settle(signer, callback)
    return { transactionCode: callback.transactionCode }
  } } })
  signedRoutes(app, config.keys, { '/partner/v1/statuses': { idHeader: 'x-partner', answer: async ({ json }) => ({ result: await dossiers.move(parseBody(PartnerStatus, json)) }) } })

  const settings = keepSettings(config.settingsFile, async (control: Control): Promise<unknown> => {
    if (control.action === 'clock') return clock.set(control)
    if (control.action !== 'mode' || control.mode === 'closed') return undefined
    await server.setMode(control.mode)
    if (control.mode === 'frozen') await batch.begin()
    return { mode: server.mode() }
  })

  await settings.recall()
  await app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, { evidence: () => snapshotRows(pool, LEGACY_EVIDENCE), pending: batch.pending, served: server.served, control: settings.steer }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
