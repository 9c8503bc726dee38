/**
 * The national catalogue of procedures: loaded from contracts/reference/procedures.ts, applied in all 34 provinces. `publish` gives the
 * portal all of them, `unpublish` takes them back; both answer only after the portal has taken the list.
 */
import type pg from 'pg'
import type { CatalogueEntry } from '../../../contracts/api/front.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { snapshotRows, type SnapshotPart } from '../snapshot-rows.ts'

const PORTAL_TIMEOUT_MS = 10_000

const EVIDENCE: readonly SnapshotPart[] = [{
  sql: 'select code, title, level, handled_by, ministry, fee_vnd, cardinality(provinces) as provinces, published_at from procedures order by code',
  row: (row, seenAt) => ({
    key: `procedure/${row.code}`, status: row.published_at === null ? 'withheld' : 'published',
    fields: { title: row.title, level: row.level, handledBy: row.handled_by, ministry: row.ministry, feeVnd: row.fee_vnd, provinces: row.provinces },
    seenAt, sourceAt: row.published_at ?? undefined,
  }),
}]

const ENTRIES = `select code as "procedureCode", title, level, handled_by as "handledBy", ministry, fee_vnd as "feeVnd", provinces, redirected from procedures order by code`

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'catalogue'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const portalUrl = requireUrl(config, 'portal')
  await load(pool)

  async function give(procedures: CatalogueEntry[]): Promise<number> {
    const answer = await http.postJson(`${portalUrl}/internal/v1/catalogue`, { procedures }, PORTAL_TIMEOUT_MS)
    if (answer.status !== 200) throw new Error(`the portal answered ${answer.status} to the catalogue: ${answer.body?.error?.message ?? ''}`)
    await pool.query('update procedures set published_at = case when code = any($1) then now() end', [procedures.map((entry) => entry.procedureCode)])
    return procedures.length
  }

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.get('/v1/procedures', async () => ({ procedures: (await pool.query<CatalogueEntry>(ENTRIES)).rows }))

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, EVIDENCE),
    pending: () => 0,
    served: server.served,
    async control(control) {
      if (control.action === 'clock') return clock.set(control)
      if (control.action === 'publish') return { published: await give((await pool.query<CatalogueEntry>(ENTRIES)).rows) }
      if (control.action === 'unpublish') return { published: await give([]) }
      return undefined
    },
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}

async function load(pool: pg.Pool): Promise<void> {
  const provinces = PARTNERS.filter((partner) => partner.kind === 'province').map((partner) => partner.id)
  const rows = PROCEDURES.map(({ code, title, level, handledBy, ministry, feeVnd, redirected = false }) => ({ code, title: title.vi, level, handled_by: handledBy, ministry, fee_vnd: feeVnd, provinces, redirected }))
  await pool.query(`insert into procedures (code, title, level, handled_by, ministry, fee_vnd, provinces, redirected)
    select code, title, level, handled_by, ministry, fee_vnd, provinces, redirected
    from jsonb_to_recordset($1::jsonb) as p(code text, title text, level text, handled_by text, ministry text, fee_vnd bigint, provinces text[], redirected boolean) on conflict do nothing`, [JSON.stringify(rows)])
}
