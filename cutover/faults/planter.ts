/**
 * Plants the faults of a run at their moments, asks the witnesses, heals. All of it stands in `sealed/` alone (`faults.json`, `witness.ndjson`):
 * the judge never learns of it. A fault that could not be planted or witnessed is an error line there, never an exception: the outcome
 * then calls it not effective.
 */
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { WitnessLine } from '../../contracts/verdict.ts'
import { settledWithin } from '../engine/stops.ts'
import type { Fault, FaultContext } from './fault.ts'
import { FAULTS, type PlannedFault } from './index.ts'

/** Wall ms for one inject, witness or heal. */
const STEP_MS = 30_000

export type Planter = {
  /** Faults that begin with the run. */
  start(): Promise<void>
  /** Awaited before a step's action runs: faults that begin there, once. */
  beforeStep(action: string): Promise<void>
  /** Asks every witness, then heals every fault. The same call again does nothing. */
  heal(): Promise<void>
}

type Planted = { fault: Fault; params: unknown; context: FaultContext; state: 'waiting' | 'injected' | 'healed' }

export async function createPlanter(options: Omit<FaultContext, 'memory'> & { faults: readonly PlannedFault[]; folder: RunFolder }): Promise<Planter> {
  const { faults, folder, ...rest } = options
  await mkdir(folder.sealed, { recursive: true })
  await writeFile(folder.faults, `${JSON.stringify(faults, null, 2)}\n`)
  await writeFile(folder.witness, '')
  const all = faults.map((planned): Planted => {
    const known = FAULTS.find((candidate) => candidate.id === planned.id)
    if (!known) throw new Error(`no fault "${planned.id}"`)
    return { fault: known, params: known.schema.parse(planned.params), context: { ...rest, memory: {} }, state: 'waiting' }
  })

  const tell = (planted: Planted, line: Omit<WitnessLine, 'v' | 'fault' | 'at'>) =>
    appendFile(folder.witness, `${JSON.stringify({ v: 1, fault: planted.fault.id, at: Math.round(options.clock.nowMs()), ...line } satisfies WitnessLine)}\n`)

  /** Undefined where it failed or took too long; the error stands in the file. */
  async function attempt<T>(planted: Planted, what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = work()
      if (!await settledWithin(done, options.clock, STEP_MS)) throw new Error(`took longer than ${STEP_MS / 1_000} s`)
      return await done
    } catch (error) {
      await tell(planted, { event: 'error', note: `${what}: ${(error as Error).message}` })
      return undefined
    }
  }

  async function injectAt(phase: Fault['phase']): Promise<void> {
    for (const planted of all) {
      if (planted.state !== 'waiting' || planted.fault.phase !== phase) continue
      // Counts as injected even if it broke off in the middle: healing must then be tried.
      planted.state = 'injected'
      const done = await attempt(planted, 'inject', async () => { await planted.fault.inject(planted.context, planted.params); return true })
      if (done) await tell(planted, { event: 'injected' })
    }
  }

  return {
    start: () => injectAt('at-start'),
    beforeStep: (action) => injectAt(`at-step:${action}`),
    async heal() {
      const injected = all.filter((planted) => planted.state === 'injected')
      for (const planted of injected) planted.state = 'healed'
      for (const planted of injected) {
        const seen = await attempt(planted, 'witness', () => planted.fault.witness(planted.context, planted.params))
        if (seen) await tell(planted, { event: 'witnessed', ...seen })
      }
      for (const planted of injected.toReversed()) {
        const done = await attempt(planted, 'heal', async () => { await planted.fault.heal(planted.context, planted.params); return true })
        if (done) await tell(planted, { event: 'healed' })
      }
    },
  }
}
