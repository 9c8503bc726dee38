/**
 * Plants the faults of a run at their moments, asks the witnesses, heals. All of it stands in `sealed/` alone (`faults.json`, `witness.ndjson`):
 * the judge never learns of it. A fault that could not be planted, witnessed or healed is an error line there, never an exception: the
 * outcome then calls it not effective.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Plan } from '../../contracts/plan.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { WitnessLine } from '../../contracts/verdict.ts'
import { createDnsClient } from '../dns-client.ts'
import { settledWithin } from '../engine/stops.ts'
import type { Fault, FaultContext } from './fault.ts'
import { FAULTS, type PlannedFault } from './index.ts'

/** Wall ms for one inject, witness or heal. */
const STEP_MS = 30_000

export type FaultPlanter = {
  /** Faults that begin with the run. */
  start(): Promise<void>
  /** Awaited before a step's action runs: faults that begin there, once. */
  beforeStep(action: string): Promise<void>
  /** Asks the witness of every fault that is there, while it is still there. */
  witness(): Promise<void>
  /** Takes every planted fault away, in reverse. The same call again does nothing. */
  heal(): Promise<void>
}

export type FaultPlanterOptions = Pick<FaultContext, 'target' | 'admin' | 'clock'> & {
  faults: readonly PlannedFault[]
  plan: Pick<Plan, 'seed'> & Partial<Pick<Plan, 'runbook'>>
  folder: RunFolder
  dns?: FaultContext['dns']
}

type Planted = { fault: Fault; params: unknown; context: FaultContext; state: 'waiting' | 'injected' | 'healed' }

export function createFaultPlanter(options: FaultPlanterOptions): FaultPlanter {
  const { target, admin, clock, folder } = options
  const dns = options.dns ?? createDnsClient({ target })
  mkdirSync(folder.sealed, { recursive: true })
  writeFileSync(folder.faults, `${JSON.stringify(options.faults, null, 2)}\n`)
  writeFileSync(folder.witness, '')
  const all = options.faults.map((planned): Planted => {
    const fault = FAULTS.find((candidate) => candidate.id === planned.id)
    if (!fault) throw new Error(`no fault "${planned.id}"`)
    return { fault, params: fault.schema.parse(planned.params), context: { target, admin, dns, clock, seed: options.plan.seed, memory: {} }, state: 'waiting' }
  })

  function tell({ fault }: Planted, line: Omit<WitnessLine, 'v' | 'fault' | 'at'>): void {
    appendFileSync(folder.witness, `${JSON.stringify({ v: 1, fault: fault.id, at: Math.round(clock.nowMs()), ...line } satisfies WitnessLine)}\n`)
  }

  async function attempt(planted: Planted, what: string, work: () => Promise<Omit<WitnessLine, 'v' | 'fault' | 'at'>>): Promise<void> {
    try {
      const working = work()
      if (!await settledWithin(working, clock, STEP_MS)) throw new Error(`took longer than ${STEP_MS / 1_000} s`)
      tell(planted, await working)
    } catch (error) {
      tell(planted, { event: 'error', note: `${what}: ${(error as Error).message}` })
    }
  }

  const actions = options.plan.runbook?.steps.flatMap((entry) => 'do' in entry ? Object.keys(entry.do) : [])
  const phaseOf = ({ fault }: Planted): Fault['phase'] => actions === undefined || actions.includes(fault.phase.replace('at-step:', '')) ? fault.phase : 'at-start'

  async function injectAt(phase: Fault['phase']): Promise<void> {
    for (const planted of all) {
      if (planted.state !== 'waiting' || phaseOf(planted) !== phase) continue
      // Also where it breaks off in the middle: healing must then be tried all the same.
      planted.state = 'injected'
      await attempt(planted, 'inject', async () => { await planted.fault.inject(planted.context, planted.params); return { event: 'injected' } })
    }
  }

  return {
    start: () => injectAt('at-start'),
    beforeStep: (action) => injectAt(`at-step:${action}`),
    async witness() {
      for (const planted of all.filter(({ state }) => state === 'injected')) {
        await attempt(planted, 'witness', async () => ({ event: 'witnessed', ...await planted.fault.witness(planted.context, planted.params) }))
      }
    },
    async heal() {
      for (const planted of all.filter(({ state }) => state === 'injected').toReversed()) {
        planted.state = 'healed'
        await attempt(planted, 'heal', async () => { await planted.fault.heal(planted.context, planted.params); return { event: 'healed' } })
      }
    },
  }
}
