/** Journal of the sample night: every step begun and closed in order, the gate asked and answered by a simulated approver. */
import { JournalEntry, type JournalEvent } from '../../../contracts/journal.ts'
import { clockOffsetMs } from '../../../contracts/duration.ts'
import type { Plan } from '../../../contracts/plan.ts'
import { isGate } from '../../../contracts/runbook.ts'
import { SAMPLE_BEGAN_AT } from './sample-plan.ts'

/** How long the steps of the sample take, scenario minutes. */
const MINUTES: Record<string, number> = {
  'wait-ttl': 12, 'steady-state': 34, 'freeze-legacy': 2, 'bulk-copy': 29, 'delta-copy': 6, 'verify-copy': 11, 'publish-catalogue': 3, 'watch-dns': 22,
  'connect-wave-1': 52, 'connect-wave-2': 50, 'connect-wave-3': 47, 'close': 8,
}

export type NightCourse = { unevenDns: boolean; goNoGo: 'go' | 'no-go'; interruptedAt?: string }

export function sampleJournal(plan: Plan, course: NightCourse): JournalEntry[] {
  const events: (JournalEvent & { at: number })[] = [{ at: SAMPLE_BEGAN_AT, kind: 'run', event: 'begin' }, { at: SAMPLE_BEGAN_AT, kind: 'run', event: 'load-begin' }]
  const wall = (clock: string, minutes = 0) => Math.round(SAMPLE_BEGAN_AT + (clockOffsetMs('21:00', clock) + minutes * 60_000) / plan.timeScale)
  for (const entry of plan.runbook.steps) {
    const at = entry.at!
    if (isGate(entry)) {
      const conditions = entry.asks.map((condition) => ({ condition, observed: condition.startsWith('dns') && course.unevenDns ? 2 / 3 : condition.startsWith('dns') ? 1 : 0, held: !(condition.startsWith('dns') && course.unevenDns) }))
      const base = { kind: 'gate' as const, id: entry.gate, title: entry.title, approver: entry.approver, approval: 'simulated' as const }
      events.push({ at: wall(at), ...base, event: 'asked' }, { at: wall(at, 1), ...base, event: course.goNoGo, conditions })
      continue
    }
    const action = Object.keys(entry.do)[0]!
    const late = action === 'dns.watch' && course.unevenDns
    const base = { kind: 'step' as const, id: entry.id, title: entry.title, owner: entry.owner, action }
    events.push({ at: wall(at), ...base, event: 'begin' })
    events.push({
      at: wall(at, MINUTES[entry.id] ?? 1), ...base, event: late ? 'not-done' : 'done',
      conditions: entry.doneWhen.map((condition) => ({ condition, observed: late ? 2 / 3 : null, held: !late })), ...(late ? { note: 'resolver-south: 127.64.2.2' } : {}),
    })
  }
  const end = wall('04:00')
  events.push({ at: end, kind: 'run', event: 'load-end' }, { at: end + 2_000, kind: 'run', event: 'drained' }, { at: end + 9_000, kind: 'run', event: 'end' })
  const ordered = events.sort((a, b) => a.at - b.at)
  const cut = course.interruptedAt === undefined ? ordered : [
    ...ordered.filter((event) => event.at < wall(course.interruptedAt!)),
    { at: wall(course.interruptedAt), kind: 'run' as const, event: 'interrupted' as const, note: 'SIGINT' },
    { at: wall(course.interruptedAt) + 400, kind: 'undo' as const, id: 'lower-ttl', event: 'done' as const },
  ]
  return cut.map((event, seq) => JournalEntry.parse({ v: 1, seq, ...event, scenarioAt: plan.scenarioStartMs + (event.at - SAMPLE_BEGAN_AT) * plan.timeScale }))
}
