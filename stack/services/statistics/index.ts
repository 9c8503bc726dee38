/**
 * Statistics and reporting (contracts/api/inside.ts): has no records of its own, asks the systems that have them, and answers only what adds up.
 * Evidence: the figures of the whole country at the moment of the read, as they are.
 */
import { z } from 'zod'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { STAFF_LEVELS } from '../../../contracts/reference/staff.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { createStaffTokens } from '../staff-token.ts'
import { createReports, SOURCES } from './reports.ts'

/** Units that report: ministries, utilities, provinces. */
const Query = z.object({ unit: z.enum(PARTNERS.map(({ unitCode }) => unitCode)).optional(), level: z.enum(STAFF_LEVELS).optional() })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const tokens = createStaffTokens(config)
  const urls = Object.fromEntries(SOURCES.map((source) => [source, requireUrl(config, source)]))
  const reports = createReports({ http, urlOf: (source) => urls[source]!, now: clock.now })

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.get('/v1/report', async ({ headers, query }) => {
    tokens.require(headers.authorization, 'report')
    return reports.report(parseBody(Query, query))
  })

  async function* evidence(): AsyncGenerator<EvidenceRow> {
    const figures = await reports.count({})
    const seenAt = Date.now()
    for (const { name, value, source } of figures) yield { key: `figure/${name}`, fields: { value, source }, seenAt }
  }

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, null, {
    evidence, pending: () => 0, served: server.served, server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
