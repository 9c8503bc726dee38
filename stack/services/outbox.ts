/**
 * Delivers onward what a service has acknowledged: rows of its `outbox` table, oldest first, until the receiver accepts them.
 * In: batches of up to `batchSize` items, `lanes` of them at a time (500 × 1 for batch receivers, 1 × 8 for single ones).
 * A delivery that throws is tried again after 100 ms, 200 ms, … 5 s by `due_at`, without end; a receiver that refuses a batch
 * (`DeliveryRefused`) gets its halves, so that one bad item never holds up the others; items that `deliver` gives back are tried again alone.
 * `inOrder`: nothing overtakes what failed, the whole topic waits instead. At least once: receivers are idempotent.
 * The table: `id bigint identity, topic text, payload jsonb, attempts int default 0, due_at timestamptz default now()`; one process works it.
 */
import type pg from 'pg'
import { createGroupCommit } from './group-commit.ts'

export type OutboxItem = { id: number; topic: string; payload: any; attempts: number }
export type Outbox = {
  /** Something was committed to the table: look at once instead of at the next poll. */
  wake: () => void
  /** Items not yet accepted onward. */
  pending: () => Promise<number>
  close: () => Promise<void>
}

/** The receiver answered and will not take it as it is (4xx). */
export class DeliveryRefused extends Error { override readonly name = 'DeliveryRefused' }

const POLL_MS = 200
const RETRY_FIRST_MS = 100
const RETRY_MOST_MS = 5_000
/** Read at least so many at once, not one query for each that a lane takes. */
const READ_AHEAD = 64
const DELETE_GATHER_MS = 10

// Not prepared by name: a plan made while the table is empty would be kept, and read all of it when it is long.
const DUE = 'select id, topic, payload, attempts from outbox where topic = $1 and due_at <= now() and id <> all($2::bigint[]) order by id limit $3'
const AGAIN = `update outbox set attempts = attempts + 1,
  due_at = now() + least(${RETRY_MOST_MS}, ${RETRY_FIRST_MS} * 2.0 ^ least(attempts, 10)) * interval '1 millisecond' where id = any($1::bigint[])`

export function startOutbox(options: {
  pool: pg.Pool
  topic: string
  batchSize: number
  lanes: number
  /** After a wake, wait so long for more before looking: fewer, larger batches under load. */
  gatherMs?: number
  /** With one lane: a failed delivery holds up what came after it. */
  inOrder?: boolean
  /** Gives those that could not be delivered, where it was only some. */
  deliver: (items: OutboxItem[]) => Promise<void | OutboxItem[]>
}): Outbox {
  const { pool, topic, batchSize, lanes, gatherMs = 0, inOrder = false, deliver } = options
  /** Read and not yet deleted or put off. */
  const claimed = new Set<number>()
  /** Read, waiting for a lane. */
  let ahead: OutboxItem[] = []
  /** There may be more in the table than was read. */
  let more = true
  let running = 0
  let closed = false
  let failures = 0
  let resumeAt = 0
  let looking: Promise<void> | undefined
  let lookAgain = false
  const idle: (() => void)[] = []
  // What lanes deliver one by one is deleted together: a commit each would cost more than the delivery.
  const deleting = createGroupCommit<number[], void>({
    maxItems: 100, lanes: 1, gatherMs: batchSize === 1 ? DELETE_GATHER_MS : 0,
    run: async (groups) => { await pool.query('delete from outbox where id = any($1::bigint[])', [groups.flat()]); return groups.map(() => {}) },
  })

  async function look(): Promise<void> {
    do {
      lookAgain = false
      while (mayCarry()) {
        if (ahead.length === 0) await read()
        if (ahead.length === 0 || !mayCarry()) break
        void carry(ahead.splice(0, batchSize))
      }
    } while (lookAgain)
  }

  function mayCarry(): boolean { return !closed && running < lanes && performance.now() >= resumeAt }

  async function read(): Promise<void> {
    if (!more) return
    more = false
    const most = Math.max((lanes - running) * batchSize, READ_AHEAD)
    try {
      const { rows } = await pool.query<OutboxItem>(DUE, [topic, [...claimed], most])
      if (rows.length === most) more = true
      for (const item of rows) claimed.add(item.id)
      ahead = rows
    } catch (error) {
      more = true
      throw error
    }
  }

  async function carry(items: OutboxItem[]): Promise<void> {
    running += 1
    try {
      await hand(items)
    } catch {
      // The database itself failed: the items stay in the table and are found again.
      release(items)
    } finally {
      running -= 1
      settle()
      if (ahead.length > 0 || more) begin()
    }
  }

  async function hand(items: OutboxItem[]): Promise<void> {
    let left: readonly OutboxItem[]
    try {
      left = await deliver(items) ?? []
      failures = 0
    } catch (error) {
      const refused = error instanceof DeliveryRefused
      if (refused && items.length > 1 && !closed) {
        const middle = items.length >> 1
        await hand(items.slice(0, middle))
        return hand(items.slice(middle))
      }
      if (inOrder && !refused) return holdUp(items)
      left = items
    }
    const gone = items.filter((item) => !left.includes(item))
    // The lane goes on meanwhile; what could not be deleted is delivered again.
    if (gone.length > 0) void deleting.add(gone.map((item) => item.id)).catch(() => {}).then(() => release(gone))
    if (left.length === 0) return
    await pool.query(AGAIN, [left.map((item) => item.id)])
    release(left)
  }

  function holdUp(items: readonly OutboxItem[]): void {
    resumeAt = performance.now() + Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10))
    failures += 1
    release([...items, ...ahead])
    ahead = []
    more = true
  }

  function release(items: readonly OutboxItem[]): void {
    for (const item of items) claimed.delete(item.id)
    settle()
  }

  function settle(): void {
    if (isIdle()) for (const resolve of idle.splice(0)) resolve()
  }
  function isIdle(): boolean { return running === 0 && claimed.size === ahead.length }

  let gathering: NodeJS.Timeout | undefined
  function wake(): void {
    more = true
    if (closed || gathering) return
    if (gatherMs === 0) return begin()
    gathering = setTimeout(() => {
      gathering = undefined
      begin()
    }, gatherMs)
  }

  function begin(): void {
    if (closed) return
    if (looking) { lookAgain = true; return }
    // A look that fails (the database is away) is repeated by the poll.
    looking = look().catch(() => {}).finally(() => {
      looking = undefined
      if (lookAgain) begin()
    })
  }

  const poll = setInterval(wake, POLL_MS)
  poll.unref()
  wake()
  return {
    wake,
    async pending() {
      const { rows } = await pool.query<{ pending: number }>('select count(*) as pending from outbox where topic = $1', [topic])
      return rows[0]!.pending
    },
    async close() {
      closed = true
      clearInterval(poll)
      clearTimeout(gathering)
      await looking
      if (!isIdle()) await new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}
