/**
 * The edge's access log and WAF log, kept in memory as columns (about 200 bytes a request) and read as evidence rows `request/<n>`,
 * `block/<n>` and `alert/<n>`. Append-only, so a read up to the length at its beginning is one snapshot. A log that is full makes its
 * read fail: a short log must not be taken for a whole one.
 */
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import type { Origin } from './origin.ts'

export type AccessEntry = { at: number; ms: number; op: string | undefined; status: string; method: string; path: string; origin: Origin; remote: string }
export type WafEntry = {
  at: number; op: string | undefined; action: 'block' | 'log'
  ruleId: string; ruleTitle: string; path: string; matched: string; origin: Origin; remote: string
}

export class AccessLog {
  readonly #limit: number
  #at: number[] = []
  #ms: number[] = []
  #op: (string | undefined)[] = []
  #status: string[] = []
  #method: string[] = []
  #path: string[] = []
  #origin: Origin[] = []
  #remote: string[] = []
  #waf: WafEntry[] = []
  #blocked = 0
  #blockedSync = 0
  #dropped = 0

  constructor(limit = 3_000_000) { this.#limit = limit }

  get length(): number { return this.#at.length }
  get blocked(): number { return this.#blocked }
  get blockedSync(): number { return this.#blockedSync }

  add(entry: AccessEntry): void {
    if (this.#at.length >= this.#limit) { this.#dropped += 1; return }
    this.#at.push(entry.at)
    this.#ms.push(entry.ms)
    this.#op.push(entry.op)
    this.#status.push(entry.status)
    this.#method.push(entry.method)
    this.#path.push(entry.path)
    this.#origin.push(entry.origin)
    this.#remote.push(entry.remote)
  }

  addWaf(entry: WafEntry): void {
    if (this.#waf.length >= this.#limit) { this.#dropped += 1; return }
    this.#waf.push(entry)
    if (entry.action !== 'block') return
    this.#blocked += 1
    if (isSync(entry.path)) this.#blockedSync += 1
  }

  *rows(): Generator<EvidenceRow> {
    const requests = this.#at.length
    const waf = this.#waf.length
    const seenAt = Date.now()
    for (let n = 0; n < requests; n += 1) {
      yield accessRow(n + 1, {
        at: this.#at[n]!, ms: this.#ms[n]!, op: this.#op[n], status: this.#status[n]!, method: this.#method[n]!, path: this.#path[n]!, origin: this.#origin[n]!, remote: this.#remote[n]!,
      }, seenAt)
    }
    for (let n = 0; n < waf; n += 1) yield wafRow(n + 1, this.#waf[n]!, seenAt)
    if (this.#dropped > 0) throw new Error(`the access log is full at ${this.#limit} rows, ${this.#dropped} are missing`)
  }
}

/** What partners call. */
export function isSync(path: string): boolean { return path.startsWith('/sync/') }

/** One form for both kinds of edge. */
export function accessRow(n: number, { at, ms, op, status, method, path, origin, remote }: AccessEntry, seenAt: number): EvidenceRow {
  return { key: `request/${n}`, ...opOf(op), status, seenAt, sourceAt: at, fields: { method, path, region: origin.region, partner: origin.partner, ms, remote } }
}

export function wafRow(n: number, { op, action, at, ruleId, ruleTitle, path, matched, origin, remote }: WafEntry, seenAt: number): EvidenceRow {
  const blocked = action === 'block'
  return {
    key: `${blocked ? 'block' : 'alert'}/${n}`, ...opOf(op), status: blocked ? '403' : 'logged', seenAt, sourceAt: at,
    fields: { ruleId, ruleTitle, region: origin.region, partner: origin.partner, path, matched, remote },
  }
}

function opOf(op: string | undefined): { op?: string } { return op === undefined ? {} : { op } }
