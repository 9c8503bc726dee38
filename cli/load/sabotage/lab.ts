/**
 * A laboratory for lies: real k6 under the real barrier, history, sealing, sampling, reading and judge, with played systems whose memory is the evidence. In: what is to
 * be damaged (a k6 wrapper, the systems' answers, the plan, something done while it runs). Out: the run folder and the verdict on it.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planHashOf } from '../../../results/judge/sample-plan.ts'
import { judge, type Judgement } from '../../../results/judge/index.ts'
import { startAdminServer } from '../../../contracts/admin-server.ts'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { Plan } from '../../../contracts/plan.ts'
import { runFolder, type RunFolder } from '../../../contracts/run-folder.ts'
import type { Target } from '../../../contracts/target.ts'
import { createAdminClient } from '../../../cutover/admin-client.ts'
import { systemClock } from '../../../cutover/clock.ts'
import { collectEvidence } from '../../../cutover/evidence/collect.ts'
import { startProcessSampler } from '../../../cutover/evidence/processes.ts'
import { openJournal } from '../../../cutover/journal-file.ts'
import { k6Path } from '../../../scenarios/playground/k6.ts'
import { SMALL_SPLIT, smallPlan } from '../../../scenarios/playground/plan.ts'
import { playSystems, type Disturb, type PlayedSystems } from '../../../scenarios/playground/systems.ts'
import { startGenerators, workerNames, type Generators } from '../../rehearse/generators.ts'
import { recordLoad } from '../../rehearse/load-record.ts'
import { startReadyGate } from '../../rehearse/ready-gate.ts'

const PUSHES = { name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner' as const, phase: 'sync', from: '21:00', to: '23:00', wave: 1 }

export type Lie = {
  /** Bash between the harness and k6; `$K6` is the real one, `$PLAN_FILE` the plan, `"$@"` the arguments, `$LAB` a directory of its own. */
  wrapper?: string
  disturb?: Disturb
  /** Changes the plan before anything starts: the judge knows it. */
  plan?: (plan: Plan) => Plan
  workers?: number
  script?: string
  /** While k6 runs: the first push has arrived. */
  during?: (load: Generators) => Promise<void> | void
  startupTimeoutMs?: number
}
export type Told = Judgement & { folder: RunFolder; error: string | null; remove: () => void }

/** Plays the load once and judges it. An error of the start is told beside the verdict on what there is. */
export async function tellLie(lie: Lie = {}): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), 'lab-'))
  const folder = runFolder(directory)
  for (const path of [folder.history, folder.evidence, folder.sealed, folder.logs, join(directory, 'lab')]) mkdirSync(path, { recursive: true })
  const systems = await playSystems({ ...(lie.disturb && { disturb: lie.disturb }) })
  const workers = workerNames(lie.workers ?? 1)
  const gate = await startReadyGate('127.0.0.1', workers.length)
  let error: string | null = null
  const administration = await administer(systems)
  try {
    const plan = planOf(systems, administration.target, workers, lie)
    writeFileSync(folder.plan, `${JSON.stringify(plan, null, 2)}\n`)
    const client = createAdminClient({ target: plan.target })
    const clock = systemClock({ startedAtMs: Date.now(), timeScale: plan.timeScale, scenarioStartMs: plan.scenarioStartMs })
    const journal = openJournal({ path: folder.journal, clock })
    const read = (mode: 'baseline' | 'final') => collectEvidence({ target: plan.target, admin: client.of, folder, mode, journal })
    await read('baseline')
    journal.write({ kind: 'run', event: 'begin' })
    try {
      const load = await startGenerators({
        k6Path: lie.wrapper === undefined ? k6Path! : wrapped(directory, lie.wrapper), folder, workers, readyUrl: gate.url, arrived: gate.arrived, startupTimeoutMs: lie.startupTimeoutMs ?? 30_000,
        ...(lie.script !== undefined && { script: lie.script }),
      })
      await load.started.catch((failure: Error) => { error = failure.message })
      const sampler = await startProcessSampler({ target: plan.target, admin: client.of, folder, clock, intervalMs: 250, processes: [...load.processes, { name: 'harness', pid: process.pid }] })
      gate.open()
      journal.write({ kind: 'run', event: 'load-begin' })
      if (lie.during && error === null) {
        await Promise.race([firstPush(systems), load.finished])
        await lie.during(load)
      }
      const ends = await load.finished
      journal.write({ kind: 'run', event: 'load-end' })
      await sampler.close()
      for (const { worker, end } of ends) await recordLoad(folder, worker, end, Date.now)
    } catch (failure) { error = (failure as Error).message }
    journal.write({ kind: 'run', event: 'drained' })
    await read('final')
    const { gate: id, title, approver } = plan.runbook.steps[0] as { gate: string; title: { vi: string; en: string }; approver: string }
    for (const event of ['asked', 'go'] as const) journal.write({ kind: 'gate', id, event, title, approver, approval: 'simulated' })
    journal.write({ kind: 'run', event: 'end' })
    journal.close()
    await client.close()
    return { ...await judge(directory), folder, error, remove: () => rmSync(directory, { recursive: true, force: true }) }
  } finally {
    gate.close()
    await administration.close()
    await systems.close()
  }
}

/** Real administration of what the load touches, at one address: the partners of the plan, and those behind the portal where their dossiers are due. */
async function administer(systems: PlayedSystems): Promise<{ target: Target; close: () => Promise<void> }> {
  const partners = SMALL_SPLIT.partners.map(({ id }) => `partner-${id}`)
  const kept = (['portal', 'coordination', 'payments'] as const).map((role) => ({ id: role, role, mode: 'simulated' as const, unit: 'portal-operator' }))
  const read = [...kept, ...systems.target.systems.filter(({ id, role }) => partners.includes(id) || role === 'bank')]
  const server = await startAdminServer({ host: '127.0.0.1', port: 0, systems: new Map(read.map(({ id }) => [`/${id}`, {
    system: id, ready: () => true, pending: () => 0, control: () => undefined, evidence: () => rowsOf(systems, id),
    served: () => systems.seen.filter(({ path }) => path.startsWith(`/${id.replace(/^partner-/, '')}/`)).length,
  }])) })
  const { port } = server.address() as AddressInfo
  return {
    target: { ...systems.target, systems: read.map((system) => ({ ...system, admin: `http://127.0.0.1:${port}/${system.id}` })) },
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function planOf(systems: PlayedSystems, target: Target, workers: readonly string[], lie: Lie): Plan {
  const small = smallPlan(systems.target, { scenarios: [PUSHES] })
  const plan: Plan = {
    ...small, runId: 'lab', createdAt: Date.now(), workers: [...workers], durationMs: 3_000, target,
    // Head-room and lateness of a shared machine are no lies.
    profile: { ...small.profile, limits: { ...small.profile.limits, latenessMsP99: 1_500, judgeHeadroom: false } },
  }
  const known = Object.fromEntries(Object.entries(plan).filter(([key]) => key in Plan.shape)) as Plan
  const changed = lie.plan ? lie.plan(known) : known
  return Plan.parse({ ...changed, planHash: planHashOf(changed) })
}

/** The real k6 behind a script of bash. */
function wrapped(directory: string, script: string): string {
  const file = join(directory, 'lab', 'k6')
  writeFileSync(file, `#!/usr/bin/env bash\nK6='${k6Path!}'\nLAB='${join(directory, 'lab')}'\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

/** What the played desks stored is on the portal, at coordination and at the partner alike. */
function rowsOf(systems: PlayedSystems, system: string): EvidenceRow[] {
  if (!['portal', 'coordination'].includes(system) && !system.startsWith('partner-')) return []
  return [...systems.stored.desk].filter(([, one]) => !system.startsWith('partner-') || `partner-${String(one['partner'])}` === system).map(([op, one]) => ({
    key: `dossier/${String(one['dossierCode'])}`, op, status: String(one['status']), seenAt: Date.now(), sourceAt: Date.now(),
    fields: { applicantName: String(one['applicantName']), procedureCode: String(one['procedureCode']), unitCode: String(one['dossierCode']).split('-')[0]! },
  }))
}

async function firstPush(systems: PlayedSystems): Promise<void> {
  while (systems.stored.desk.size === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

export { json } from '../../../scenarios/playground/systems.ts'
