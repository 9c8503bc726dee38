/**
 * The seam of faults (design section 8): an incident that really happened or a disturbance of real parts, planted on purpose. `inject` makes it, `heal` takes it away before
 * the final reads and may be called at any time, `witness` counts from outside, by another channel than the one that injected, how many
 * operations it touched. Fewer than `required`: the fault was planted but not effective, and the run says nothing about it.
 */
import type { z } from 'zod'
import type { DisturbanceId } from '../../contracts/disturbances.ts'
import type { IncidentId } from '../../contracts/incidents.ts'
import type { PlatformFeature, StackPlatform } from '../../contracts/platform.ts'
import type { Target } from '../../contracts/target.ts'
import type { Text } from '../../contracts/text.ts'
import type { NightClock } from '../clock.ts'
import type { AdminPort, DnsPort, LivePort } from '../ports.ts'

export type FaultContext = {
  target: Target
  admin: (systemId: string) => AdminPort
  dns: DnsPort
  clock: NightClock
  seed: number
  /** What `inject` found or made, for `heal` and `witness`. */
  memory: Record<string, unknown>
  /** The parts under the systems, where the stack lets them be touched. */
  platform?: StackPlatform
  /** What clients were told so far. */
  live?: Pick<LivePort, 'touched' | 'latencyMs'>
  /** Sets a system that was started anew as it was set before. */
  setAgain?: (systemId: string) => Promise<void>
}

export type Witnessed = { touched: number; required: number; note: string }
/** `admin`: its administration interface. `database`: its address for faults. */
export type FaultNeed = { system: string; what: 'admin' | 'database' }
/** A share: of the load's time. */
export type FaultPhase = 'at-start' | `at-step:${string}` | `at-share:${number}`

export type Fault<Params = unknown> = {
  id: IncidentId | DisturbanceId
  title: Text
  schema: z.ZodType<Params>
  /** When it begins: with the run, or just before the first step with this action runs (with the run too where the runbook has no such step), or when so much of the load's time is over. */
  phase: FaultPhase | ((params: Params) => FaultPhase)
  /** It lives on the old portal or on the switch: a load without a cutover cannot have it. */
  needsCutover?: boolean
  /** What it acts on or asks, and by what: a target that has none of it cannot have the fault. Left out: the product's own stack only. */
  needs?: (target: Target, params: Params) => FaultNeed[]
  /** What the stack must let be done to its parts; it is told before it starts. */
  touches?: readonly PlatformFeature[]
  /** Before the load: what takes time, or may turn out to be impossible. What it throws ends the run before it has begun. */
  prepare?: (context: FaultContext, params: Params) => Promise<void>
  /** Wall ms after which it is healed while the load goes on; without, it stays until the load has ended. */
  lastsMs?: (params: Params) => number
  inject: (context: FaultContext, params: Params) => Promise<void>
  heal: (context: FaultContext, params: Params) => Promise<void>
  witness: (context: FaultContext, params: Params) => Promise<Witnessed>
}

export function fault<Params>(definition: Fault<Params>): Fault { return definition as unknown as Fault }
