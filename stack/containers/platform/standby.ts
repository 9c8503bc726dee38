/**
 * A second PostgreSQL that follows the first by streaming replication, and takes its place: promoted, then given the address that all services use. The first one is
 * killed and leaves the network for good, so that there are never two. Everything waits for what the servers themselves say.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { HarnessError } from '../../../contracts/error.ts'
import type { ReplicationMode, StackPlatform } from '../../../contracts/platform.ts'
import { reach } from '../../database.ts'
import type { PostgresId } from '../addresses.ts'
import { startContainer } from '../container.ts'
import { ask } from '../docker.ts'
import { postgresUrl, STANDBY_NAME, standbySpec } from '../postgres.ts'
import type { ContainerSpec } from '../spec.ts'
import { cannot, type Part, type Parts } from './parts.ts'

const WITHIN_MS = 20_000
const LOOK_EVERY_MS = 50

export type StandbyOptions = { password: string; postgresTag: string; addressOf: (database: PostgresId) => ContainerSpec['zones'] }

export function standby(parts: Parts, processes: Pick<StackPlatform, 'kill'>, { password, postgresTag, addressOf }: StandbyOptions): Pick<StackPlatform, 'addStandby' | 'replicate' | 'holdReplication' | 'failOver'> {
  const { context } = parts
  const standbys = new Map<string, Part>()

  const standbyOf = (database: string) => standbys.get(database) ?? (() => { throw cannot(`a failover of ${database}`, 'it has no standby') })()
  const urlOf = ({ spec }: Part) => postgresUrl(spec.zones[0]!.address, password)
  const on = async <T>(part: Part, use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await reach(urlOf(part), WITHIN_MS)
    try { return await use(client) } finally { await client.end().catch(() => {}) }
  }

  async function until(what: string, client: pg.Client, sql: string): Promise<void> {
    const latest = Date.now() + WITHIN_MS
    for (;;) {
      const { rows } = await client.query<{ held: boolean | null }>(sql)
      if (rows[0]?.held === true) return
      if (Date.now() > latest) throw new HarnessError({ code: 'PLATFORM_NOT_IN_EFFECT', what: `${what}: not within ${WITHIN_MS / 1_000} s`, mend: 'read the logs of both PostgreSQL servers in the run folder' })
      await delay(LOOK_EVERY_MS)
    }
  }
  /** All that the first one had written at this moment is on the standby's disk. */
  const caughtUp = async (client: pg.Client, database: string) => {
    const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
    await until(`the standby of ${database} follows`, client, `select bool_or(flush_lsn >= '${rows[0]!.lsn}') as held from pg_stat_replication where application_name = '${STANDBY_NAME}' and state = 'streaming'`)
  }

  return {
    async addStandby(database) {
      if (standbys.has(database)) return
      const first = parts.of(database)
      const spec = standbySpec(database as PostgresId, { password, primary: first.spec.zones[0]!.address, zones: addressOf(database as PostgresId) })
      const part = { spec, container: await startContainer(context, spec, postgresTag) }
      await parts.running(part)
      standbys.set(database, part)
      await on(first, (client) => caughtUp(client, database))
    },
    replicate: (database, mode: ReplicationMode) => on(parts.of(database), async (client) => {
      standbyOf(database)
      await client.query(`alter system set synchronous_standby_names = '${mode === 'sync' ? STANDBY_NAME : ''}'`)
      await client.query('select pg_reload_conf()')
      await until(`${mode} replication of ${database}`, client, `select bool_or(sync_state = '${mode}') as held from pg_stat_replication where application_name = '${STANDBY_NAME}'`)
      // What was acknowledged before this had effect is over there too.
      if (mode === 'sync') await caughtUp(client, database)
    }),
    holdReplication: (database) => on(standbyOf(database), async (client) => {
      await client.query(`alter system set primary_conninfo = ''`)
      await client.query('select pg_reload_conf()')
      await until(`the standby of ${database} gets nothing more`, client, 'select not exists (select from pg_stat_wal_receiver) as held')
    }),
    async failOver(database) {
      const [first, second] = [parts.of(database), standbyOf(database)]
      const [place] = first.spec.zones
      const zone = context.docker.getNetwork(context.networks.get(place!.zone)!.id)
      await processes.kill(database)
      await ask(`taking ${database} from the network`, zone.disconnect({ Container: first.container.id, Force: true }))
      await on(second, async (client) => {
        // A copy brings along whom the first one waited for. Nobody follows the new one: whatever it was to commit would wait for ever.
        await client.query('alter system reset synchronous_standby_names')
        await client.query('select pg_reload_conf()')
        await client.query('select pg_promote(true, 20)')
      })
      await ask(`giving the standby of ${database} its address`, zone.disconnect({ Container: second.container.id, Force: true }))
      await ask(`giving the standby of ${database} its address`, zone.connect({ Container: second.container.id, EndpointConfig: { IPAMConfig: { IPv4Address: place!.address } } }))
      standbys.delete(database)
      const now: Part = { ...second, spec: { ...second.spec, zones: first.spec.zones } }
      parts.set(database, now)
      await on(now, (client) => until(`the new ${database} takes writes`, client, `select not pg_is_in_recovery() and current_setting('synchronous_standby_names') = '' as held`))
    },
  }
}
