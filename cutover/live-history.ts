/**
 * What the running history says now: tails `history/<worker>.ndjson` as the load generator writes it and keeps counts per second and kind,
 * latencies of the last two minutes, and the pushes of each partner. For gates and watches only; the verdict reads the whole files.
 */
import { open, type FileHandle } from 'node:fs/promises'
import type { OperationKind } from '../contracts/kinds.ts'
import type { OperationLine } from '../contracts/operation.ts'
import type { LivePort, LiveQuery } from './ports.ts'

const LATENCY_KEPT_S = 120
const READ_BYTES = 1 << 20
/** Operations that took longer are kept one by one; quick ones, the many, as sums only. */
export const SLOW_MS = 100

type Bucket = { ok: number; fail: number; info: number; latencies: number[] }
type Tail = { path: string; file: FileHandle | undefined; offset: number; rest: Buffer }

export class LiveHistory implements LivePort {
  #tails: Tail[]
  #buckets = new Map<number, Map<OperationKind, Bucket>>()
  #pushes = new Map<string, { acknowledged: Set<string>; unknown: Set<string> }>()
  #notable: { begunAt: number; ms: number; unknown: boolean }[] = []
  #lastAcknowledgedAt: number | null = null
  #lines = 0
  #unreadable = 0
  #timer: NodeJS.Timeout | undefined
  #polling: Promise<void> | undefined

  readonly #onOperation: (operation: OperationLine) => void

  /** `onOperation`: told of every line as it is read (`live-criteria.ts`). */
  constructor(paths: readonly string[], onOperation: (operation: OperationLine) => void = () => {}) {
    this.#onOperation = onOperation
    this.#tails = paths.map((path) => ({ path, file: undefined, offset: 0, rest: Buffer.alloc(0) }))
  }

  get lines(): number { return this.#lines }
  /** Whole lines that are no operation: counted, never guessed at. */
  get unreadable(): number { return this.#unreadable }

  /** Reads on every `intervalMs` until closed. */
  follow(intervalMs = 200): this {
    this.#timer = setInterval(() => { this.poll().catch(() => {}) }, intervalMs)
    this.#timer.unref()
    return this
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#polling?.catch(() => {})
    await Promise.all(this.#tails.map((tail) => tail.file?.close()))
    for (const tail of this.#tails) tail.file = undefined
  }

  /** Reads everything that was appended since the last call. */
  poll(): Promise<void> {
    this.#polling ??= this.#read().finally(() => { this.#polling = undefined })
    return this.#polling
  }

  async #read(): Promise<void> {
    for (const tail of this.#tails) {
      if (!tail.file) {
        try { tail.file = await open(tail.path, 'r') } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
          throw error
        }
      }
      const buffer = Buffer.allocUnsafe(READ_BYTES)
      for (;;) {
        const { bytesRead } = await tail.file.read(buffer, 0, READ_BYTES, tail.offset)
        if (bytesRead === 0) break
        tail.offset += bytesRead
        const bytes = Buffer.concat([tail.rest, buffer.subarray(0, bytesRead)])
        const cut = bytes.lastIndexOf(10) + 1
        tail.rest = Buffer.from(bytes.subarray(cut))
        for (const line of bytes.toString('utf8', 0, cut).split('\n')) if (line !== '') this.#take(line)
      }
    }
  }

  #take(line: string): void {
    let operation: OperationLine
    try { operation = JSON.parse(line) as OperationLine } catch { this.#unreadable += 1; return }
    if (operation.op === undefined || !Number.isFinite(operation.completedAt)) {
      if (!('trailer' in operation)) this.#unreadable += 1
      return
    }
    this.#lines += 1
    this.#onOperation(operation)
    const second = Math.floor(operation.completedAt / 1_000)
    let kinds = this.#buckets.get(second)
    if (!kinds) {
      this.#buckets.set(second, kinds = new Map())
      const old = this.#buckets.get(second - LATENCY_KEPT_S)
      if (old) for (const bucket of old.values()) bucket.latencies = []
    }
    let bucket = kinds.get(operation.kind)
    if (!bucket) kinds.set(operation.kind, bucket = { ok: 0, fail: 0, info: 0, latencies: [] })
    bucket[operation.outcome] += 1
    const ms = operation.completedAt - operation.invokedAt
    bucket.latencies.push(ms)
    const unknown = operation.outcome === 'info'
    if (unknown || ms > SLOW_MS) this.#notable.push({ begunAt: operation.invokedAt, ms, unknown })
    if (operation.outcome === 'ok') this.#lastAcknowledgedAt = Math.max(this.#lastAcknowledgedAt ?? 0, operation.completedAt)
    if (operation.kind === 'sync.dossier') this.#takePush(operation)
  }

  #takePush(operation: OperationLine): void {
    const partner = String(operation.fields?.['partner'] ?? operation.system.replace(/^partner-/, ''))
    let pushes = this.#pushes.get(partner)
    if (!pushes) this.#pushes.set(partner, pushes = { acknowledged: new Set(), unknown: new Set() })
    if (operation.outcome === 'ok') {
      pushes.acknowledged.add(operation.op)
      pushes.unknown.delete(operation.op)
    } else if (operation.outcome === 'info' && !pushes.acknowledged.has(operation.op)) {
      pushes.unknown.add(operation.op)
    }
  }

  *#matching(query: LiveQuery): Generator<Bucket> {
    const from = Math.floor(query.since / 1_000)
    for (const [second, kinds] of this.#buckets) {
      if (second < from) continue
      for (const kind of query.kinds) {
        const bucket = kinds.get(kind)
        if (bucket) yield bucket
      }
    }
  }

  counts(query: LiveQuery): { ok: number; fail: number; info: number } {
    const sum = { ok: 0, fail: 0, info: 0 }
    for (const bucket of this.#matching(query)) {
      sum.ok += bucket.ok
      sum.fail += bucket.fail
      sum.info += bucket.info
    }
    return sum
  }

  latencyMs(query: LiveQuery, quantile: number): { value: number; samples: number } | null {
    const all: number[] = []
    for (const bucket of this.#matching(query)) for (const latency of bucket.latencies) all.push(latency)
    if (all.length === 0) return null
    all.sort((a, b) => a - b)
    return { value: all[Math.max(0, Math.ceil(quantile * all.length) - 1)]!, samples: all.length }
  }

  touched({ from, to, slowerThanMs = Infinity }: { from: number; to: number; slowerThanMs?: number }): { unknown: number; slow: number } {
    const there = this.#notable.filter(({ begunAt }) => begunAt >= from && begunAt <= to)
    return { unknown: there.filter(({ unknown }) => unknown).length, slow: there.filter(({ ms }) => ms > Math.max(SLOW_MS, slowerThanMs)).length }
  }

  pushesOf(partner: string): { acknowledged: number; unknown: ReadonlySet<string> } {
    const pushes = this.#pushes.get(partner)
    return { acknowledged: pushes?.acknowledged.size ?? 0, unknown: pushes?.unknown ?? new Set() }
  }

  lastAcknowledgedAt(): number | null { return this.#lastAcknowledgedAt }
}
