/**
 * Statuses that staff set, one statement each: locks the dossier, checks the process (contracts/status.ts), records the event once for its reference,
 * moves the dossier and queues the status for the portal and for the partner that has the dossier. Acts that arrive together share a commit.
 * The time of an act is never before that of the status it follows. Throws ServiceError 404 DOSSIER_UNKNOWN, 409 TRANSITION_FORBIDDEN, 409 CONFLICT.
 */
import type pg from 'pg'
import { STATUS_OF_ACTION, type StaffAct } from '../../../contracts/api/staff.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { createGroupCommit } from '../group-commit.ts'
import { REACHED_FROM } from '../reached-from.ts'
import { ServiceError } from '../service-error.ts'
import type { InTurn } from './in-turn.ts'
import { queuePartnerStatuses, queuePortalStatuses } from './status-payload.ts'

const ACT = `with target as (select code, status, status_at, partner_id, origin from dossiers where code = $2 for update),
  event as (
    insert into dossier_events (reference, dossier_code, status, at, source, account, note)
    select $1, code, $3, greatest($4::timestamptz, status_at + interval '1 millisecond'), 'staff', $6, $7 from target where status = any($5)
    on conflict do nothing returning *),
  moved as (update dossiers set status = event.status, status_at = event.at, updated_at = now() from event where dossiers.code = event.dossier_code),
  told as (${queuePortalStatuses('event')}),
  told_partner as (${queuePartnerStatuses('(select event.*, partner_id, origin from event, target) as acted')})
  select target.status as before, event.reference is not null as applied from target left join event on true`

const MAX_GROUP = 50
/** A few milliseconds of waiting halve what commits cost under load. */
const GATHER_MS = 5

export type ActResult = { created: boolean; status: string }
type Item = { code: string; act: StaffAct; account: string }

export function createStaffActs(options: { pool: pg.Pool; clock: ScenarioClockHolder; inTurn: InTurn; told: () => void }) {
  const { pool, clock, inTurn, told } = options
  const group = createGroupCommit<Item, ActResult | ServiceError>({ maxItems: MAX_GROUP, lanes: 1, gatherMs: GATHER_MS, run: (items) => inTurn(() => apply(items)) })

  async function apply(items: Item[]): Promise<(ActResult | ServiceError)[]> {
    const results: (ActResult | ServiceError)[] = []
    if (items.length === 1) results.push(await one(pool, items[0]!))
    else await inTransaction(pool, async (client) => { for (const item of items) results.push(await one(client, item)) })
    if (results.some((result) => 'created' in result && result.created)) told()
    return results
  }

  async function one(client: pg.Pool | pg.PoolClient, { code, act, account }: Item): Promise<ActResult | ServiceError> {
    const status = STATUS_OF_ACTION[act.action]
    const { rows: [target] } = await client.query<{ before: string; applied: boolean }>({
      name: 'staff-act', text: ACT, values: [act.reference, code, status, new Date(Math.round(clock.now())), REACHED_FROM[status], account, act.note],
    })
    if (!target) return new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier "${code}" on the coordination system`)
    if (target.applied) return { created: true, status }
    const { rows: [known] } = await client.query<{ dossier_code: string; status: string }>({
      name: 'staff-act-known', text: 'select dossier_code, status from dossier_events where reference = $1', values: [act.reference],
    })
    if (known?.dossier_code === code && known.status === status) return { created: false, status }
    if (known) return new ServiceError(409, 'CONFLICT', `reference "${act.reference}" carried status ${known.status} of ${known.dossier_code}`)
    return new ServiceError(409, 'TRANSITION_FORBIDDEN', `${code} is "${target.before}" and cannot become "${status}"`)
  }

  return async (item: Item): Promise<ActResult> => {
    const result = await group.add(item)
    if (result instanceof ServiceError) throw result
    return result
  }
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  let broken = true
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
    broken = false
  } finally {
    // An error leaves the transaction open: the connection is not used again.
    client.release(broken)
  }
}
