/**
 * The runbook: `cutover/runbooks/*.yaml` (design section 7). Every step states what is done (`do`), who owns it, completion criteria
 * (`doneWhen`), monitoring (`watch`), timeout and fallback (001 II.5(1)). Durations and times are on the scenario clock.
 * Which actions, metrics, profiles and parties exist is checked by the loader, which knows the registries.
 */
import { z } from 'zod'
import { ClockTime, Duration } from './duration.ts'
import { Slug } from './ids.ts'
import { Text } from './text.ts'

/** What happens when a step does not reach its completion criteria. `undo`: stop the run and undo in reverse. `proceed`: go on, the gate decides (a fallback of business). */
export const Fallback = z.strictObject({
  undo: z.boolean().default(false),
  proceed: z.boolean().default(false),
  escalate: Slug.optional(),
  measure: Text.optional(),
})

export const RunbookStep = z.strictObject({
  id: Slug,
  title: Text,
  owner: Slug,
  /** Earliest start on the scenario clock; a step also waits for the one before it. */
  at: ClockTime.optional(),
  /** One action with its parameters: `{ dns.ttl: { name: portal, ttl: 60s } }`. */
  do: z.record(z.string(), z.unknown()).refine((value) => Object.keys(value).length === 1, 'exactly one action'),
  doneWhen: z.array(z.string()).min(1),
  watch: z.array(z.string()).min(1),
  timeout: Duration,
  fallback: Fallback,
})
export type RunbookStep = z.infer<typeof RunbookStep>

export const RunbookGate = z.strictObject({
  gate: Slug,
  title: Text,
  at: ClockTime.optional(),
  asks: z.array(z.string()).min(1),
  approver: Slug,
  timeout: Duration.default('10m'),
  /** `no-go` undoes the run; `record` keeps it going so that the rest of the night is still seen, the verdict fails all the same. */
  onNo: z.enum(['no-go', 'record']).default('no-go'),
})
export type RunbookGate = z.infer<typeof RunbookGate>

/** A partner that does not bring all its dossiers over in this night (as documented in 001, or a waiver of the gate). */
export const UnfinishedPartner = z.strictObject({
  partner: Slug,
  /** Dossiers that stay in the partner's own system beside those of the split. */
  outstanding: z.int().min(1),
  source: z.string(),
})

export const Runbook = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  title: Text,
  /** Where window, counts and unfinished units come from, and what is assumed. */
  sources: z.array(z.string()).default([]),
  assumptions: z.array(Text).default([]),
  window: z.strictObject({ date: z.iso.date(), start: ClockTime, end: ClockTime, timeScale: z.number().min(1).max(10_000) }),
  parties: z.record(Slug, z.string()),
  load: z.strictObject({ profile: z.string(), split: z.string() }),
  unfinished: z.array(UnfinishedPartner).default([]),
  steadyState: z.array(z.string()).default([]),
  steps: z.array(z.union([RunbookStep, RunbookGate])).min(1),
})
export type Runbook = z.infer<typeof Runbook>
/** As written in YAML, before defaults. */
export type RunbookInput = z.input<typeof Runbook>

export function isGate(entry: RunbookStep | RunbookGate): entry is RunbookGate { return 'gate' in entry }
export function entryId(entry: RunbookStep | RunbookGate): string { return isGate(entry) ? entry.gate : entry.id }
