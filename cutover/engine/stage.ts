/**
 * A stage for tests of the engine: the world outside in memory, with every call that reaches it written down in order, and a runbook of a few
 * steps. Nothing of the engine, its steps or its metrics is replaced.
 */
import type { Control } from '../../contracts/api/admin.ts'
import { JournalEntry } from '../../contracts/journal.ts'
import { Runbook, type RunbookInput } from '../../contracts/runbook.ts'
import { Target } from '../../contracts/target.ts'
import { journalStamp } from '../journal-file.ts'
import type { AdminPort, CutoverPorts, LivePort } from '../ports.ts'
import { ManualClock } from './manual-clock.ts'
import { runNight, type NightEnd, type NightOptions } from './run-night.ts'

export const START_MS = Date.parse('2026-04-10T21:00:00+07:00')
const text = (words: string) => ({ vi: words, en: words })

export const TARGET: Target = Target.parse({
  version: 1, name: 'stage', kind: 'reference', portalHost: 'portal.dvcqg.test', addresses: { old: '127.0.0.2', new: '127.0.0.3' },
  regions: ['north', 'south'].map((id) => ({ id, gateway: 'http://127.0.0.4:8080', resolver: { host: '127.0.0.5', port: 5300, profile: 'honest' } })),
  systems: [
    ...(['portal', 'legacy', 'catalogue', 'dns-authority'] as const).map((role) => ({ id: role, role, mode: 'simulated', unit: 'infrastructure', admin: `http://127.0.0.6/${role}` })),
    { id: 'edge-old', role: 'edge', mode: 'simulated', unit: 'infrastructure', url: 'http://127.0.0.2:8080', admin: 'http://127.0.0.6/edge-old' },
    { id: 'edge-new', role: 'edge', mode: 'simulated', unit: 'infrastructure', url: 'http://127.0.0.3:8080', admin: 'http://127.0.0.6/edge-new' },
    ...['justice', 'health'].map((id) => ({ id: `partner-${id}`, role: 'partner', mode: 'simulated', unit: 'partner', admin: `http://127.0.0.6/partner-${id}` })),
  ],
})

type StepWish = { id: string; do: Record<string, unknown>; at?: string; doneWhen?: string[]; watch?: string[]; timeout?: string; fallback?: Record<string, unknown> }
type GateWish = { gate: string; asks: string[]; at?: string; timeout?: string; onNo?: 'no-go' | 'record' }

export function runbookOf(entries: (StepWish | GateWish)[], more: Partial<RunbookInput> = {}): Runbook {
  return Runbook.parse({
    version: 1, name: 'stage', title: text('stage'), window: { date: '2026-04-10', start: '21:00', end: '04:00', timeScale: 140 },
    parties: { infrastructure: 'infrastructure', committee: 'committee' }, load: { profile: 'night', split: 'night' },
    steps: entries.map((entry) => 'gate' in entry
      ? { title: text(entry.gate), approver: 'committee', ...entry }
      : { title: text(entry.id), owner: 'infrastructure', doneWhen: ['load.rate >= 0'], watch: ['load.rate >= 0'], timeout: '10m', fallback: { undo: true }, ...entry }),
    ...more,
  })
}

export type Stage = ReturnType<typeof createStage>

export function createStage(options: { timeScale?: number } = {}) {
  const clock = new ManualClock({ startedAtMs: 1_000_000, timeScale: options.timeScale ?? 140, scenarioStartMs: START_MS })
  /** Everything that reached the world, in order. */
  const calls: string[] = []
  /** Answers of the world, changed by tests. */
  const world = {
    mismatches: 0, remaining: 0, pending: 0, ttlS: 3_600, zoneTtlS: 3_600, address: TARGET.addresses.old,
    counts: { ok: 0, fail: 0, info: 0 }, acknowledged: new Map<string, number>(),
    /** Called with the system and the control before it is answered; throws or hangs for a test. */
    onControl: async (_system: string, _control: Control): Promise<void> => {},
    onBulk: async (_signal: AbortSignal): Promise<void> => {},
  }
  const loadEnded = Promise.withResolvers<void>()
  const admin = (system: string): AdminPort => ({
    ready: async () => true,
    async control(control) {
      const { action, ...rest } = control
      calls.push(`${system} ${action}${Object.values(rest).map((value) => ` ${JSON.stringify(value)}`).join('')}`)
      await world.onControl(system, control)
      if (control.action === 'zone.set') {
        world.zoneTtlS = control.ttlS ?? world.zoneTtlS
        world.address = control.address ?? world.address
      }
      return control.action === 'publish' ? { published: 16 } : { ttlS: world.zoneTtlS, address: world.address, serial: 1 }
    },
    pending: async () => world.pending,
    stats: async () => { throw new Error('not on this stage') },
    async *evidence() { yield [] },
    offers: () => true,
  })
  const live: LivePort = {
    counts: () => world.counts,
    touched: () => ({ unknown: 0, slow: 0 }),
    latencyMs: () => null,
    pushesOf: (partner) => ({ acknowledged: world.acknowledged.get(partner) ?? 0, unknown: new Set() }),
    lastAcknowledgedAt: () => null,
  }
  const ports: CutoverPorts = {
    target: TARGET, clock, admin, live,
    dns: { ask: async () => ({ rcode: 'NOERROR', address: world.address, ttlS: world.ttlS }) },
    migration: {
      async bulk({ signal }) { calls.push('bulk'); await world.onBulk(signal); return { copied: 10 } },
      async delta() { calls.push('delta'); return { copied: 10, remaining: world.remaining } },
      async verify() { calls.push('verify'); return { compared: 10, mismatches: world.mismatches, examples: [] } },
      async advanceNumbers() { return { highest: 10, next: 11 } },
      async undo() { calls.push('undo migration'); return { dossiers: 10 } },
    },
    load: { stop: async () => { calls.push('load stop') }, ended: loadEnded.promise },
  }
  const journal: JournalEntry[] = []

  async function play(runbook: Runbook, more: Partial<NightOptions> = {}, onJump?: (nowMs: number) => void): Promise<NightEnd> {
    const stamp = journalStamp(clock)
    const partners = [{ id: 'justice', expected: 5 }, { id: 'health', expected: 3 }].map(({ id, expected }, at) =>
      ({ id, unitCode: `G0${at + 1}`, title: text(id), mode: 'simulated' as const, wave: at + 1, expected, outstanding: 0 }))
    return clock.until(runNight({
      plan: { runbook, target: TARGET, partners }, ports, signal: new AbortController().signal,
      journal: { write: (event) => { const entry = JournalEntry.parse(JSON.parse(JSON.stringify(stamp(event)))); journal.push(entry); return entry } },
      ...more,
    }), onJump)
  }

  /** `step freeze done`, in order; samples left out. */
  const told = () => journal.flatMap((entry) => entry.kind === 'sample' ? [] : [`${entry.kind}${'id' in entry ? ` ${entry.id}` : ''} ${entry.event}`])
  return { clock, calls, world, ports, journal, play, told, endLoad: loadEnded.resolve }
}
