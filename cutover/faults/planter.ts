/**
 * Plants the faults of a run at their moments, heals those that last only a while, asks the witnesses, heals the rest. All of it stands in `sealed/` alone (`faults.json`, `witness.ndjson`):
 * the judge never learns of it. A fault that could not be planted, witnessed or healed is an error line there, never an exception: the
 * outcome then calls it not effective.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Plan } from '../../contracts/plan.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { WitnessLine } from '../../contracts/verdict.ts'
import { createDnsClient } from '../dns-client.ts'
import { settledWithin } from '../engine/stops.ts'
import type { Fault, FaultContext, FaultPhase } from './fault.ts'
import { FAULTS, type PlannedFault } from './index.ts'

/** Wall ms for one inject, witness or heal. */
const STEP_MS = 30_000

export type FaultPlanter = {
  /** Before the load: makes ready what faults need. Throws what a fault cannot do without. */
  prepare(): Promise<void>
  /** Faults that begin with the run. */
  start(): Promise<void>
  /** The load goes for so long from now on: faults that begin at a share of it. */
  loadBegins(wallMs: number): void
  /** Awaited before a step's action runs: faults that begin there, once. */
  beforeStep(action: string): Promise<void>
  /** The load has ended: nothing is planted any more. Asks the witness of every fault that was planted; those that stay until now are still there. */
  witness(): Promise<void>
  /** Takes every planted fault away, in reverse. The same call again does nothing. */
  heal(): Promise<void>
  /** Nothing is begun any more. */
  close(): void
}

export type FaultPlanterOptions = Pick<FaultContext, 'target' | 'admin' | 'clock' | 'platform' | 'live' | 'setAgain'> & {
  faults: readonly PlannedFault[]
  plan: Pick<Plan, 'seed'> & Partial<Pick<Plan, 'runbook'>>
  folder: RunFolder
  dns?: FaultContext['dns']
}

type Planted = { fault: Fault; index: number; params: unknown; context: FaultContext; phase: FaultPhase; state: 'waiting' | 'injected' | 'healed'; /** Settles when it has been made, or could not be. */ made: Promise<unknown> }

type Told = Omit<WitnessLine, 'v' | 'fault' | 'index' | 'at'>

export function createFaultPlanter(options: FaultPlanterOptions): FaultPlanter {
  const { target, admin, clock, folder } = options
  const dns = options.dns ?? createDnsClient({ target })
  mkdirSync(folder.sealed, { recursive: true })
  writeFileSync(folder.faults, `${JSON.stringify(options.faults, null, 2)}\n`)
  writeFileSync(folder.witness, '')
  const actions = options.plan.runbook?.steps.flatMap((entry) => 'do' in entry ? Object.keys(entry.do) : [])
  function phaseOf(fault: Fault, params: unknown): FaultPhase {
    const phase = typeof fault.phase === 'function' ? fault.phase(params) : fault.phase
    return actions === undefined || !phase.startsWith('at-step:') || actions.includes(phase.replace('at-step:', '')) ? phase : 'at-start'
  }
  const all = options.faults.map((planned, index): Planted => {
    const fault = FAULTS.find((candidate) => candidate.id === planned.id)
    if (!fault) throw new Error(`no fault "${planned.id}"`)
    const params = fault.schema.parse(planned.params)
    const touchable = { ...(options.platform && { platform: options.platform }), ...(options.live && { live: options.live }), ...(options.setAgain && { setAgain: options.setAgain }) }
    return { fault, index, params, context: { target, admin, dns, clock, seed: options.plan.seed, memory: {}, ...touchable }, phase: phaseOf(fault, params), state: 'waiting', made: Promise.resolve() }
  })

  function tell({ fault, index }: Planted, line: Told): void {
    appendFileSync(folder.witness, `${JSON.stringify({ v: 1, fault: fault.id, index, at: Math.round(clock.nowMs()), ...line } satisfies WitnessLine)}\n`)
  }

  async function attempt(planted: Planted, what: string, work: () => Promise<Told>): Promise<void> {
    try {
      const working = work()
      if (!await settledWithin(working, clock, STEP_MS)) throw new Error(`took longer than ${STEP_MS / 1_000} s`)
      tell(planted, await working)
    } catch (error) {
      tell(planted, { event: 'error', note: `${what}: ${(error as Error).message}` })
    }
  }

  /** Faults that begin at a moment or end after a while run beside the night; the end of the load calls off what has not begun. */
  const ended = new AbortController()
  const running: Promise<void>[] = []

  async function inject(planted: Planted): Promise<void> {
    // Also where it breaks off in the middle: healing must then be tried all the same.
    planted.state = 'injected'
    await attempt(planted, 'inject', async () => {
      await (planted.made = planted.fault.inject(planted.context, planted.params))
      return { event: 'injected' }
    })
    const lastsMs = planted.fault.lastsMs?.(planted.params)
    if (lastsMs !== undefined) running.push(clock.sleep(lastsMs, ended.signal).then(() => healOne(planted), () => {}))
  }

  async function injectAt(phase: FaultPhase): Promise<void> {
    for (const planted of all) if (planted.state === 'waiting' && planted.phase === phase) await inject(planted)
  }

  async function healOne(planted: Planted): Promise<void> {
    if (planted.state !== 'injected') return
    planted.state = 'healed'
    // Where making it took too long it may still come about: what is given back before that would be taken for good.
    await settledWithin(planted.made, clock, STEP_MS)
    await attempt(planted, 'heal', async () => { await planted.fault.heal(planted.context, planted.params); return { event: 'healed' } })
  }

  async function callOff(): Promise<void> {
    ended.abort()
    while (running.length > 0) await running.pop()
  }

  return {
    async prepare() { for (const { fault, context, params } of all) await fault.prepare?.(context, params) },
    start: () => injectAt('at-start'),
    loadBegins(wallMs) {
      for (const planted of all) {
        const share = /^at-share:(.+)$/u.exec(planted.phase)?.[1]
        if (share !== undefined) running.push(clock.sleep(Number(share) * wallMs, ended.signal).then(() => inject(planted), () => {}))
      }
    },
    beforeStep: (action) => injectAt(`at-step:${action}`),
    async witness() {
      await callOff()
      for (const planted of all.filter(({ state }) => state !== 'waiting')) {
        await attempt(planted, 'witness', async () => ({ event: 'witnessed', ...await planted.fault.witness(planted.context, planted.params) }))
      }
    },
    async heal() {
      await callOff()
      for (const planted of all.toReversed()) await healOne(planted)
    },
    close: () => ended.abort(),
  }
}
