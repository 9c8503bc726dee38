/**
 * Plays one resolved run, a night with its cutover or a load without: stack and simulators up, plan written and hashed, k6 at the barrier, runbook
 * and load together, then faults healed, queues drained, every system read, everything stopped. Out: the run folder's records and how it ended.
 * Whatever happens, what was started is stopped, and records that are not whole carry no trailer.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HarnessError, InputError } from '../../contracts/error.ts'
import { HAND_TESTS } from '../../contracts/hand-tests.ts'
import type { Plan } from '../../contracts/plan.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import type { ClockPlan } from '../../contracts/scenario-clock.ts'
import type { StackEvent } from '../../contracts/stack.ts'
import { createAdminClient, type AdminClient } from '../../cutover/admin-client.ts'
import { checkTargetAllowed } from '../../cutover/allow-list.ts'
import { systemClock } from '../../cutover/clock.ts'
import { createDnsClient } from '../../cutover/dns-client.ts'
import { runNight, type NightEnd, type NightEvent } from '../../cutover/engine/run-night.ts'
import { collectEvidence } from '../../cutover/evidence/collect.ts'
import { drain, waitForBounds } from '../../cutover/evidence/drain.ts'
import { startDnsWatch } from '../../cutover/evidence/dns-watch.ts'
import { startProcessSampler } from '../../cutover/evidence/processes.ts'
import { createFaultPlanter } from '../../cutover/faults/planter.ts'
import { openJournal } from '../../cutover/journal-file.ts'
import { LiveHistory } from '../../cutover/live-history.ts'
import { rememberSettings } from '../../cutover/settings.ts'
import { createMigrationPort } from '../../cutover/migration-port.ts'
import { isAdministered } from '../../cutover/systems.ts'
import { readBaseline } from '../../results/judge/baseline.ts'
import { paceOf } from '../../scenarios/pace.ts'
import { writeHandLines } from '../hand-tests/hand-lines.ts'
import { accessOf, confidential } from '../target/access.ts'
import { readProblem } from '../target/read-problem.ts'
import type { World } from '../world.ts'
import { startGenerators, workerNames } from './generators.ts'
import { recordLoad } from './load-record.ts'
import { openStack } from './open-stack.ts'
import { buildPlan } from './plan.ts'
import { startReadyGate } from './ready-gate.ts'
import type { Resolved } from './resolve.ts'
import { startStopWatch, type StopWatch } from './stop-watch.ts'
import { versionsOf } from './versions.ts'

const K6_STARTUP_TIMEOUT_MS = 60_000
const DRAIN_TIMEOUT_MS = 30_000
/** From the last control call to the first request: time for every process to have taken the clock. */
const START_LEAD_MS = 150

export type NightHooks = {
  onPlan?: (plan: Plan) => void
  onStack?: (event: StackEvent) => void
  onEvent?: (event: NightEvent) => void
  onPhase?: (phase: 'stack' | 'baseline' | 'load' | 'after' | 'reading' | 'stopping') => void
  onLive?: (live: LiveHistory) => void
  /** The run is on: the stack can be touched by tests that damage it. */
  onRunning?: (running: { plan: Plan; databases: Readonly<Record<string, string>>; k6Pids: number[] }) => void
}

/** `signal`: the run ends in order, and what was done is undone. `kill`: not one more request of the load, at once; it comes with or after `signal`. */
export async function playNight(world: World, resolved: Resolved, options: {
  folder: RunFolder; runId: string; signal: AbortSignal; kill?: AbortSignal; hooks?: NightHooks
}): Promise<NightEnd> {
  const { folder, runId, kill, hooks = {} } = options
  const k6 = world.findK6()
  if (!k6) throw new HarnessError({ code: 'K6_MISSING', what: 'no k6 ≥ 1.8 was found', mend: 'run npm run rehearse, which provides it, or set K6_BIN' })
  for (const directory of [folder.history, folder.evidence, folder.sealed, folder.logs]) mkdirSync(directory, { recursive: true })

  hooks.onPhase?.('stack')
  await using stack = await openStack(world, resolved, { workDirectory: folder.directory, runId, signal: options.signal, onProgress: (event) => hooks.onStack?.(event) })
  const { target, generators: places, lost } = stack
  const signal = AbortSignal.any([options.signal, ...lost ? [lost] : []])
  const workers = places ? Object.keys(places.parts) : workerNames(resolved.workers)
  const forbidden = checkTargetAllowed(target)
  if (forbidden.length > 0) throw new HarnessError(forbidden[0]!)

  const plan = buildPlan(resolved, { runId, createdAt: world.nowMs(), target, workers, workerParts: places?.parts, versions: versionsOf(world) })
  writeFileSync(folder.plan, `${JSON.stringify(plan, null, 2)}\n`, { flag: 'wx' })
  if (resolved.handTests) writeHandLines(folder.historyOf(HAND_TESTS), resolved.handTests, world.nowMs())
  hooks.onPlan?.(plan)

  // Until the barrier opens the scenario clock stands at the window's start.
  const clockPlan: ClockPlan = { startedAtMs: world.nowMs(), timeScale: 0, scenarioStartMs: resolved.scenarioStartMs }
  const clock = systemClock(clockPlan)
  const access = accessOf(world, resolved.foreign, folder)
  const client = createAdminClient({ target, access })
  const { admin, setAgain } = rememberSettings(client.of)
  const journal = openJournal({ path: folder.journal, clock, blot: access.blot })
  const gate = await startReadyGate(places?.harnessHost ?? '127.0.0.1', workers.length)
  let stops: StopWatch | undefined
  const live = new LiveHistory(workers.map((worker) => folder.historyOf(worker)), (line) => stops?.take(line))
  const planter = createFaultPlanter({ faults: resolved.faults, plan, target, admin, folder, clock, live, setAgain: (systemId) => setAgain(systemId, clock), ...(stack.platform && { platform: stack.platform }) })
  const cleanUps: (() => unknown)[] = [() => planter.close(), () => client.close(), () => gate.close(), () => live.close()]
  try {
    await planter.prepare()
    hooks.onPhase?.('baseline')
    const k6Starting = startGenerators({ k6Path: k6.path, folder, workers, readyUrl: gate.url, arrived: gate.arrived, startupTimeoutMs: K6_STARTUP_TIMEOUT_MS, pace: paceOf(plan.scenarios), places, ...(kill && { kill }), environment: confidential(target, resolved.foreign, access) })
    k6Starting.catch(() => {})
    const baseline = await collectEvidence({ target, admin, folder, mode: 'baseline', journal, signal })
    // A reader that fails now would fail in the end too, when the load has been sent for nothing.
    if (resolved.foreign && !signal.aborted && baseline.unreadable.length > 0) throw new InputError(baseline.unreadable.map((one) => readProblem(one, resolved.foreign!.shown)))
    const load = await k6Starting
    cleanUps.unshift(() => load.stop())
    await load.started
    signal.throwIfAborted()

    const dns = createDnsClient({ target })
    const startedAtMs = world.nowMs() + START_LEAD_MS
    await startClocks(admin, plan, startedAtMs)
    await planter.start()
    await delay(Math.max(0, startedAtMs - world.nowMs()))
    Object.assign(clockPlan, { startedAtMs: world.nowMs(), timeScale: resolved.timeScale })
    const dnsWatch = await startDnsWatch({ target, dns, folder, clock })
    const sampler = await startProcessSampler({
      target, admin, folder, clock,
      processes: [...load.processes, { name: 'harness', pid: process.pid }, ...stack.processes.filter(({ name }) => name.startsWith('postgres')).map((process) => ({ ...process, withChildren: true }))],
    })
    stops = startStopWatch({
      plan, startedAtMs: clockPlan.startedAtMs, baselines: (await readBaseline(resolved.profile.name))?.values ?? {}, journal, nowMs: world.nowMs,
      stop: () => load.stop(), onBreach: (entry) => hooks.onEvent?.(entry),
    })
    cleanUps.unshift(() => stops?.close())
    live.follow()
    hooks.onLive?.(live)
    gate.open()
    planter.loadBegins(plan.durationMs)
    journal.write({ kind: 'run', event: 'load-begin' })
    hooks.onPhase?.('load')
    hooks.onRunning?.({ plan, databases: Object.fromEntries(target.systems.flatMap(({ id, database }) => database ? [[id, database]] : [])), k6Pids: load.processes.map(({ pid }) => pid) })

    let read = false
    /** Once: the load ends, faults heal, queues drain, every system is read while the scene still stands. */
    const readFinal = async () => {
      if (read) return
      read = true
      hooks.onPhase?.('after')
      const ends = await load.finished
      stops?.close()
      journal.write({ kind: 'run', event: 'load-end' })
      client.loadEnded(world.nowMs())
      for (const { worker, end } of ends) await recordLoad(folder, worker, end, world.nowMs)
      await live.poll()
      await planter.witness()
      await planter.heal()
      await waitForBounds({ clock, lastAcknowledgedAt: live.lastAcknowledgedAt(), boundsWallMs: plan.boundsWallMs, signal })
      const { drained, pending } = await drain({ target, admin, clock, timeoutMs: DRAIN_TIMEOUT_MS, signal })
      journal.write({ kind: 'run', event: 'drained', ...(!drained && { note: `not drained: ${JSON.stringify(pending)}` }) })
      hooks.onPhase?.('reading')
      await Promise.all([dnsWatch.close(), sampler.close()])
      await collectEvidence({ target, admin, folder, mode: 'final', journal, signal })
    }
    const end = await runNight({
      plan, journal, signal, onEvent: (event) => hooks.onEvent?.(event),
      ports: {
        target, clock, admin, dns, live, load: { stop: () => load.stop(), ended: load.finished.then(() => {}) },
        migration: createMigrationPort({ target, mappingsDirectory: join(world.root, 'cutover', 'mappings'), access }),
      },
      beforeStep: (action) => planter.beforeStep(action),
      beforeUndo: readFinal,
    })
    if (end.end === 'interrupted') {
      for (const { worker, end } of await load.finished) await recordLoad(folder, worker, end, world.nowMs)
      if (!lost?.aborted) await planter.heal()
      await Promise.all([dnsWatch.close(), sampler.close()])
    } else await readFinal()
    journal.close()
    lost?.throwIfAborted()
    return end
  } finally {
    hooks.onPhase?.('stopping')
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

async function startClocks(admin: AdminClient['of'], plan: Plan, startedAtMs: number): Promise<void> {
  await Promise.all(plan.target.systems.filter(isAdministered).map(({ id }) =>
    admin(id).control({ action: 'clock', startedAtMs, timeScale: plan.timeScale, scenarioStartMs: plan.scenarioStartMs })))
}

export function newRunFolder(outDirectory: string, runId: string): RunFolder {
  const folder = runFolder(join(outDirectory, runId))
  mkdirSync(folder.directory, { recursive: true })
  return folder
}
