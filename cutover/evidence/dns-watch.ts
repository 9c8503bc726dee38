/**
 * Asks every region's resolver for the portal's record all along the run and writes each answer down: `evidence/resolver-<region>.ndjson`,
 * rows `answer/<n>` with the address as status. An answer that did not come, or has no address, is a row too: status `none`, and why.
 */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { EvidenceHeader, EvidenceRow } from '../../contracts/evidence.ts'
import { RecordWriter } from '../../contracts/record-file.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { Target } from '../../contracts/target.ts'
import type { NightClock } from '../clock.ts'
import type { DnsPort } from '../ports.ts'
import { recordName, resolverSystemId } from '../systems.ts'

export const SAMPLE_MS = 150
/** A reader of the running file is at most so many answers behind. */
const FLUSH_EVERY = 20

export type DnsWatch = { close(): Promise<void> }

export async function startDnsWatch(options: { target: Target; dns: DnsPort; folder: RunFolder; clock: NightClock; intervalMs?: number }): Promise<DnsWatch> {
  const { target, clock } = options
  const name = recordName(target, 'portal')
  const stop = new AbortController()
  await mkdir(options.folder.evidence, { recursive: true })
  const samplers = target.regions.map(async (region) => {
    const system = resolverSystemId(region.id)
    const writer = new RecordWriter(options.folder.evidenceOf(system, 'running'))
    const header: EvidenceHeader = { v: 1, system, readId: randomUUID(), mode: 'running', beganAt: clock.nowMs() }
    writer.write(header)
    try {
      for (let n = 1; !stop.signal.aborted; n += 1) {
        const askedAt = clock.nowMs()
        const answer = await options.dns.ask(region.id, name)
        const row: EvidenceRow = answer?.address
          ? { key: `answer/${n}`, status: answer.address, fields: { name, ttlS: answer.ttlS }, seenAt: clock.nowMs() }
          : { key: `answer/${n}`, status: 'none', fields: { name, ttlS: null, error: answer ? answer.rcode : 'timeout' }, seenAt: clock.nowMs() }
        writer.write(row)
        if (n % FLUSH_EVERY === 0) writer.flush()
        await clock.sleep(Math.max(0, askedAt + (options.intervalMs ?? SAMPLE_MS) - clock.nowMs()), stop.signal).catch(() => {})
      }
      writer.close(clock.nowMs())
    } catch (error) {
      writer.abandon()
      throw error
    }
  })
  const ended = Promise.allSettled(samplers)
  return {
    async close() {
      stop.abort()
      for (const result of await ended) if (result.status === 'rejected') throw result.reason
    },
  }
}
