/** What every part of a night works on: the plan's share that concerns it, the ports and the night's own state. */
import type { Plan } from '../contracts/plan.ts'
import type { CutoverPorts } from './ports.ts'
import type { NightState } from './state.ts'

export type NightPlan = Pick<Plan, 'runbook' | 'partners' | 'target'>
export type Night = { plan: NightPlan; ports: CutoverPorts; state: NightState }
