/**
 * The moments of the night on which routing depends, from the journal alone (wall epoch ms): when the old portal was frozen, when DNS was
 * switched and had settled, which part of the old data was copied. Null where the journal does not say so.
 */
import type { JournalEntry } from '../../contracts/journal.ts'
import type { Plan } from '../../contracts/plan.ts'
import { boundWallMs, isoHanoi, scenarioNowMs } from '../../contracts/scenario-clock.ts'
import { parseDurationMs } from '../../contracts/duration.ts'

/** How long resolvers may keep the old address where the journal does not know better: assumed like the bound of a dossier sync (facts section 3). */
const DNS_CONVERGENCE = '5m'

type StepEntry = Extract<JournalEntry, { kind: 'step' }>

export type NightTimes = {
  /** The journal was read to its end: a moment that is null did not come. */
  whole: boolean
  /** Ctrl-C: nothing that is missing at the end is a fault. */
  interrupted: boolean
  /** The first and the last moment of the run. */
  beganAt: number | null
  endedAt: number | null
  freezeBegin: number | null
  freezeDone: number | null
  freezeUndone: number | null
  switchBegin: number | null
  switchDone: number | null
  switchUndone: number | null
  /** From here on every region should be answered by the new portal. */
  dnsSettled: number | null
  dnsBoundMs: number
  /** Whatever the old portal acknowledged before this was in reach of a copy that ended. */
  copiedUpTo: number | null
  /** The copy was taken back; what it had handed on to other systems stays there. */
  copyUndone: boolean
  bulkDone: number | null
  deltaDone: number | null
  /** Text of a wall moment on the scenario clock, ISO 8601 +07:00. */
  scenarioIso: (wallMs: number) => string
}

/** `whole`: the journal is; where it is not, what it does not say may have happened all the same. */
export function nightTimes(plan: Plan, journal: readonly JournalEntry[], whole: boolean): NightTimes {
  const steps = journal.filter((entry): entry is StepEntry => entry.kind === 'step')
  const stepAt = (action: string, event: StepEntry['event']) => steps.find((entry) => entry.action === action && entry.event === event)
  // A run that is called off is read first and undone afterwards: what the reads saw was still done (docs/decisions/003).
  const readsBegan = journal.find((entry) => entry.kind === 'read' && entry.mode === 'final' && entry.event === 'begin')?.at ?? Infinity
  const undoneAt = (action: string) => {
    const id = stepAt(action, 'begin')?.id
    return journal.find((entry) => entry.kind === 'undo' && entry.id === id && entry.event === 'begin' && entry.at < readsBegan)?.at ?? null
  }
  const begin = journal.find((entry) => entry.kind === 'run' && entry.event === 'begin')
  const switchDone = stepAt('dns.switch', 'done')?.at ?? null
  const dnsBoundMs = boundWallMs(parseDurationMs(DNS_CONVERGENCE)!, plan.timeScale)
  const facts = steps.find((entry) => entry.action === 'dns.watch' && entry.event !== 'begin')?.facts ?? {}
  const converged = Object.entries(facts).flatMap(([name, value]) => name.endsWith('.convergedAfterMs') && typeof value === 'number' ? [value / plan.timeScale] : [])
  // An undone copy has taken its rows back.
  const copyKept = undoneAt('migration.bulk') === null && (whole || readsBegan !== Infinity)
  const bulkDone = copyKept ? stepAt('migration.bulk', 'done')?.at ?? null : null
  const deltaDone = copyKept ? stepAt('migration.delta', 'done')?.at ?? null : null
  const copies = [deltaDone === null ? null : stepAt('migration.delta', 'begin')?.at, bulkDone === null ? null : stepAt('migration.bulk', 'begin')?.at].filter((at) => typeof at === 'number')
  const clock = { startedAtMs: begin?.at ?? plan.createdAt, timeScale: plan.timeScale, scenarioStartMs: begin?.scenarioAt ?? plan.scenarioStartMs }
  return {
    whole, interrupted: journal.some((entry) => entry.kind === 'run' && entry.event === 'interrupted'), beganAt: begin?.at ?? null, endedAt: journal.at(-1)?.at ?? null,
    freezeBegin: stepAt('legacy.freeze', 'begin')?.at ?? null, freezeDone: stepAt('legacy.freeze', 'done')?.at ?? null, freezeUndone: undoneAt('legacy.freeze'),
    switchBegin: stepAt('dns.switch', 'begin')?.at ?? null, switchDone, switchUndone: undoneAt('dns.switch'), dnsBoundMs,
    dnsSettled: switchDone === null ? null : switchDone + Math.max(dnsBoundMs, ...converged),
    copiedUpTo: copies.length === 0 ? null : Math.max(...copies), copyUndone: !copyKept, bulkDone, deltaDone,
    scenarioIso: (wallMs) => isoHanoi(scenarioNowMs(clock, wallMs)),
  }
}
