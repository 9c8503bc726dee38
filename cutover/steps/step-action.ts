/**
 * The seam of steps: `do: { <id>: <params> }` in a runbook. `run` does it and reports facts for the journal; `undo` takes it back and must
 * also work where `run` never began or broke off in the middle. `memory` is the step's own: what `run` found before it changed anything.
 */
import type { z } from 'zod'
import type { ControlAct } from '../../contracts/target/control.ts'
import type { SystemRole, Target } from '../../contracts/target.ts'
import type { Text } from '../../contracts/text.ts'
import type { Night } from '../night.ts'

export type Facts = Record<string, string | number | boolean | null>

export type StepContext = Night & {
  /** Grows while the step runs; kept in the journal also where the step is not done. */
  facts: Facts
  memory: Record<string, unknown>
  /** Aborts at the step's timeout, at a lasting breach of its watch, at an interruption. */
  signal: AbortSignal
  onProgress: (done: number, total: number | null) => void
}

export type StepNeed = { system: string; act: ControlAct } | { missing: string; mend: string }

export type StepAction<Params = unknown> = {
  id: string
  schema: z.ZodType<Params>
  describe: (params: Params) => Text
  /** On what it acts, and how; `missing`: what the target would have to have. Left out: it only looks or waits. */
  needs?: (target: Target, params: Params) => StepNeed[]
  run: (context: StepContext, params: Params) => Promise<void>
  /** It only waits: the wall floor of its timeout may not eat the time of the next entry. */
  waitsOnly?: boolean
  /** Null: there is nothing to take back. */
  undo: ((context: StepContext, params: Params) => Promise<void>) | null
}

/** The system with a role and what is to be done there; what is missing where there is none. */
export function needOf(target: Target, role: SystemRole, act: ControlAct): StepNeed {
  const system = target.systems.find((candidate) => candidate.role === role && candidate.mode !== 'absent')
  return system ? { system: system.id, act } : { missing: `the target has no ${role}`, mend: role === 'dns-authority' ? 'say under "dns:" how the record is switched there: command, http or confirm' : `add the ${role}, or use a runbook without this step` }
}

/** What moves rows from one portal to the other speaks to both databases. */
export function needsDatabases(target: Target): StepNeed[] {
  return (['legacy', 'portal'] as const).flatMap((role): StepNeed[] => {
    const system = target.systems.find((candidate) => candidate.role === role && candidate.mode !== 'absent')
    if (!system) return [{ missing: `the target has no ${role}`, mend: `add the ${role}, or use a runbook without the migration` }]
    return system.database === undefined ? [{ missing: `the target names no database of "${system.id}"`, mend: `give its address (database: env:NAME), or use a runbook without the migration` }] : []
  })
}

/** Keeps the parameters' type inside a peer and hides it in the registry. */
export function stepAction<Params>(action: StepAction<Params>): StepAction {
  return action as unknown as StepAction
}
