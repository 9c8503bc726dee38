/**
 * `database-failover`: PostgreSQL is killed; `seconds` later, as long as it takes until somebody has noticed, its standby takes its place. With `replication=sync` whatever was
 * acknowledged stands on both, and nothing may be missing afterwards. With `replication=async` the standby had stopped following `lagSeconds` before, as one does whose line is full: what was acknowledged meanwhile is gone, and
 * the judge has to name it. Witness: the server says itself that it is on another timeline, and what clients and the edge saw.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { fault } from './fault.ts'
import { at, database, seconds } from './params.ts'
import { withDatabase } from './swallow-dossiers.ts'
import { platformOf, rememberEnd, rememberMoment, touchedClients } from './touched-clients.ts'

const Params = z.strictObject({ database: database(), replication: z.enum(['sync', 'async']).default('sync'), at: at(), seconds: seconds(2), lagSeconds: seconds(3) })
/** The database of one that lives on each server. */
const LIVES_ON = { 'postgres-new': 'portal', 'postgres-old': 'legacy' } as const

export const databaseFailover = fault({
  id: 'database-failover', title: DISTURBANCES['database-failover'], schema: Params as z.ZodType<z.infer<typeof Params>>, touches: ['database-standby'],
  phase: (params) => `at-share:${params.at}`,
  async prepare(context, params) {
    const platform = platformOf(context)
    await platform.addStandby(params.database)
    await platform.replicate(params.database, params.replication)
    context.memory['timeline'] = await timelineOf(context.target, params.database)
  },
  async inject(context, params) {
    const platform = platformOf(context)
    if (params.replication === 'async') {
      await platform.holdReplication(params.database)
      await context.clock.sleep(params.lagSeconds * 1_000)
    }
    rememberMoment(context)
    await platform.kill(params.database)
    await context.clock.sleep(params.seconds * 1_000)
    await platform.failOver(params.database)
    rememberEnd(context)
  },
  /** The old server never comes back beside the new one; where it broke off before that, there is one that can serve. */
  heal: (context, params) => platformOf(context).start(params.database),
  async witness(context, params) {
    const seen = await touchedClients(context)
    const timeline = await timelineOf(context.target, params.database)
    const moved = timeline !== context.memory['timeline']
    return { ...seen, touched: moved ? seen.touched : 0, note: `${params.database} is on timeline ${timeline}, before on ${String(context.memory['timeline'])}; ${seen.note}` }
  },
})

/** A server that was promoted begins a new one; it stands first in the name of what it writes. */
function timelineOf(target: Parameters<typeof withDatabase>[0], server: keyof typeof LIVES_ON): Promise<string> {
  return withDatabase(target, LIVES_ON[server], async (client) => (await client.query<{ timeline: string }>('select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline')).rows[0]!.timeline)
}
