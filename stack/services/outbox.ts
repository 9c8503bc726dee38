/**
 * Delivers onward what a service has acknowledged: rows of its `outbox` table, oldest first, until the receiver accepts them.
 * In: batches of up to `batchSize` items, `lanes` of them at a time (500 × 1 for batch receivers, 1 × 8 for single ones).
 * A delivery that throws is tried again after 100 ms, 200 ms, … 5 s by `due_at`, without end; a receiver that refuses a batch
 * (`DeliveryRefused`) gets its halves, so that one bad item never holds up the others; items that `deliver` gives back are tried again alone.
 * `inOrder`: nothing overtakes what failed, the whole topic waits instead. At least once: receivers are idempotent.
 * The table: `id bigint identity, topic text, payload jsonb, attempts int default 0, due_at timestamptz default now()`; one process works it.
 */
import type pg from 'pg'

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
  const claimed = new Set<number>()
  let running = 0
  let closed = false
  let failures = 0
  let resumeAt = 0
  let looking: Promise<void> | undefined
  let lookAgain = false
  const idle: (() => void)[] = []

  async function look(): Promise<void> {
    do {
      lookAgain = false
      const free = lanes - running
      if (closed || free <= 0 || performance.now() < resumeAt) return
      const { rows } = await pool.query<OutboxItem>(DUE, [topic, [...claimed], free * batchSize])
      for (let at = 0; at < rows.length; at += batchSize) void carry(rows.slice(at, at + batchSize))
    } while (lookAgain)
  }

  async function carry(items: OutboxItem[]): Promise<void> {
    running += 1
    for (const item of items) claimed.add(item.id)
    try {
      await hand(items)
    } catch {
      // The database itself failed: the items stay in the table and are found again.
    } finally {
      for (const item of items) claimed.delete(item.id)
      running -= 1
      if (running === 0) for (const resolve of idle.splice(0)) resolve()
      wake()
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
      if (inOrder && !refused) {
        resumeAt = performance.now() + Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10))
        failures += 1
        return
      }
      left = items
    }
    const gone = items.filter((item) => !left.includes(item)).map((item) => item.id)
    if (gone.length > 0) await pool.query('delete from outbox where id = any($1::bigint[])', [gone])
    if (left.length > 0) await pool.query(AGAIN, [left.map((item) => item.id)])
  }

  let gathering: NodeJS.Timeout | undefined
  function wake(): void {
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
      if (running > 0) await new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}
