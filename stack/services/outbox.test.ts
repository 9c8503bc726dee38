import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryRefused, startOutbox, type Outbox, type OutboxItem } from './outbox.ts'
import { serviceDatabase, startTestPostgres } from './test-bench.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let pool: pg.Pool
const open: Outbox[] = []
beforeAll(async () => { postgres = await startTestPostgres() })
afterAll(async () => { await postgres?.stop() })
beforeEach(async () => {
  pool = (await serviceDatabase(postgres.url, 'coordination')).pool
  return async () => {
    for (const outbox of open.splice(0)) await outbox.close()
    await pool.end()
  }
})

async function put(payloads: unknown[], topic = 'forward'): Promise<void> {
  await pool.query('insert into outbox (topic, payload) select $2, value from jsonb_array_elements($1::jsonb)', [JSON.stringify(payloads), topic])
}

function start(options: { batchSize?: number; lanes?: number; gatherMs?: number; inOrder?: boolean; deliver: (items: OutboxItem[]) => Promise<void | OutboxItem[]> }): Outbox {
  const outbox = startOutbox({ pool, topic: 'forward', batchSize: 500, lanes: 1, ...options })
  open.push(outbox)
  return outbox
}

/** A deliver function that records, and a promise of so many items. */
function recorder(expected: number, fail: (items: OutboxItem[]) => Error | undefined = () => undefined) {
  const batches: unknown[][] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  let delivered = 0
  return {
    batches, all: promise,
    async deliver(items: OutboxItem[]) {
      batches.push(items.map((item) => item.payload))
      const error = fail(items)
      if (error) throw error
      delivered += items.length
      if (delivered >= expected) resolve()
    },
  }
}

const left = async () => (await pool.query('select payload from outbox order by id')).rows.map((row) => row.payload)

describe('an outbox', () => {
  it('delivers what was there before it started, oldest first, in full batches', async () => {
    await put(Array.from({ length: 1_200 }, (_, n) => n))
    const record = recorder(1_200)
    const outbox = start(record)
    await record.all
    await outbox.close()
    expect(record.batches.map((batch) => batch.length)).toEqual([500, 500, 200])
    expect(record.batches.flat()).toEqual(Array.from({ length: 1_200 }, (_, n) => n))
    expect(await left()).toEqual([])
  })
  it('finds by itself what another program wrote, and leaves other topics alone', async () => {
    const record = recorder(1)
    start(record)
    await put(['elsewhere'], 'other')
    await put(['here'])
    await record.all
    expect(record.batches).toEqual([['here']])
  })
  it('tries again until the receiver accepts, and counts it as pending all the while', async () => {
    let attempts = 0
    const { promise: failedTwice, resolve } = Promise.withResolvers<void>()
    const record = recorder(1, () => {
      attempts += 1
      if (attempts > 2) resolve()
      return attempts <= 3 ? new Error('away') : undefined
    })
    const outbox = start(record)
    await put(['a'])
    outbox.wake()
    await failedTwice
    expect(await outbox.pending()).toBe(1)
    await record.all
    await outbox.close()
    expect(attempts).toBe(4)
    expect(await outbox.pending()).toBe(0)
  })
  it('isolates the one item that the receiver refuses, and delivers the others', async () => {
    await put(Array.from({ length: 64 }, (_, n) => n))
    const record = recorder(63, (items) => (items.some((item) => item.payload === 41) ? new DeliveryRefused('no') : undefined))
    const outbox = start(record)
    await record.all
    await outbox.close()
    expect(await left()).toEqual([41])
  })
  it('goes on with the others while one waits for its receiver', async () => {
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const record = recorder(4)
    await put(['slow', 'b', 'c', 'd'])
    const outbox = start({ batchSize: 1, lanes: 2, async deliver(items) {
      if (items[0]!.payload === 'slow') await release
      await record.deliver(items)
      if (record.batches.length === 3) resolve()
    } })
    await record.all
    await outbox.close()
    expect(record.batches).toEqual([['b'], ['c'], ['d'], ['slow']])
  })
  it('tries again alone what is given back of a batch', async () => {
    await put([1, 2, 3, 4])
    const batches: unknown[][] = []
    const { promise: again, resolve } = Promise.withResolvers<void>()
    const outbox = start({ async deliver(items) {
      batches.push(items.map((item) => item.payload))
      if (batches.length > 1) return resolve()
      return items.filter((item) => item.payload === 2 || item.payload === 3)
    } })
    await again
    await outbox.close()
    expect(batches).toEqual([[1, 2, 3, 4], [2, 3]])
    expect(await left()).toEqual([])
  })
  it('in order lets nothing overtake what failed, and not in order does', async () => {
    for (const inOrder of [true, false]) {
      const record = recorder(2)
      let failures = 0
      await put(['first'])
      const outbox = start({ inOrder, batchSize: 1, async deliver(items) {
        if (items[0]!.payload === 'first' && (failures += 1) <= 2) {
          if (failures === 1) await put(['second'])
          throw new Error('away')
        }
        await record.deliver(items)
      } })
      await record.all
      await outbox.close()
      expect(record.batches.flat()).toEqual(inOrder ? ['first', 'second'] : ['second', 'first'])
    }
  })
  it('in order isolates what is refused too', async () => {
    await put([1, 2, 3])
    const record = recorder(2, (items) => (items.some((item) => item.payload === 2) ? new DeliveryRefused('no') : undefined))
    const outbox = start({ ...record, inOrder: true })
    await record.all
    await outbox.close()
    expect(await left()).toEqual([2])
  })
  it('never delivers one item twice at the same time, however often it is woken', async () => {
    const underway = new Set<number>()
    const record = recorder(300)
    const outbox = start({ batchSize: 10, lanes: 4, async deliver(items) {
      for (const item of items) {
        expect(underway.has(item.id)).toBe(false)
        underway.add(item.id)
      }
      outbox.wake()
      await pool.query('select 1')
      for (const item of items) underway.delete(item.id)
      await record.deliver(items)
    } })
    for (let n = 0; n < 300; n += 30) {
      await put(Array.from({ length: 30 }, (_, index) => n + index))
      outbox.wake()
    }
    await record.all
    await outbox.close()
    expect(record.batches.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 300 }, (_, n) => n))
  })
  it('closes after what is under way, and starts nothing more', async () => {
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    await put(['a', 'b'])
    const record = recorder(1)
    const outbox = start({ batchSize: 1, lanes: 1, async deliver(items) {
      begin()
      await release
      await record.deliver(items)
    } })
    await begun
    const closed = outbox.close()
    resolve()
    await closed
    expect(record.batches).toEqual([['a']])
    expect(await left()).toEqual(['b'])
  })
})
