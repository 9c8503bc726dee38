/**
 * How many times the national peak the embedded stack carries on this machine: whole loads from outside (`tongduyet load --profile national`), each
 * two minutes long, the multiplier searched upwards and then halved between. A multiple is carried where the run passes, nothing was dropped and the
 * portal's p95, as its edge saw it, is within PORTAL_P95_MS. Out: every run with its costs, the highest multiple, what was the bottleneck above it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { spanMs } from '../scenarios/pace.ts'
import type { World } from '../cli/world.ts'
import type { OperationLine } from '../contracts/operation.ts'
import type { Plan } from '../contracts/plan.ts'
import type { RunOutcome, Verdict } from '../contracts/verdict.ts'
import { cpuOf, memoryOf } from './process-samples.ts'
import { runCommand } from './run-command.ts'

const PORTAL_P95_MS = 300
const WANTED = 6
const HIGHEST = 14
const STEP = 2
/** CPU that every process uses while nobody asks for anything is no cost of a request; a run of 1x is the base all the same, as the product states it. */
const BASE = 1

export type LoadRun = {
  multiplier: number; carried: boolean; outcome: string; why: string[]; dossiersPerSecond: number; operations: number; edgeRequests: number; requestsPerDossier: number
  portalP95Ms: number | null; cpuMsPerRequest: number; cpuShareByPart: Record<string, number>; historyBytesPerStep: number; wallMs: number
}

export async function benchLoad(world: World): Promise<{ highestMultiple: number; wanted: number; bottleneck: string; cpuPerRequestAgainstBase: number | null; runs: LoadRun[] }> {
  const runs: LoadRun[] = []
  const play = async (multiplier: number) => {
    console.error(`bench: load ${multiplier}x`)
    const run = await playLoad(world, multiplier)
    runs.push(run)
    return run
  }
  const base = await play(BASE)
  const first = await play(WANTED)
  let highest = first.carried ? first : base.carried ? base : undefined
  let next = first.carried ? WANTED + 2 * STEP : WANTED - STEP
  const tried = new Set([BASE, WANTED])
  while (next > BASE && next <= HIGHEST && !tried.has(next)) {
    tried.add(next)
    const run = await play(next)
    if (run.carried && next > (highest?.multiplier ?? 0)) highest = run
    next = run.carried ? next + (first.carried && !runs.some((other) => !other.carried) ? 2 * STEP : STEP) : next - STEP
    if (next <= (highest?.multiplier ?? 0)) break
  }
  const over = runs.filter((run) => !run.carried).sort((a, b) => a.multiplier - b.multiplier)[0]
  const six = runs.find((run) => run.multiplier === WANTED)!
  return {
    highestMultiple: highest?.multiplier ?? 0, wanted: WANTED, bottleneck: over ? bottleneckOf(over) : `none up to ${Math.max(...runs.map((run) => run.multiplier))}x`,
    cpuPerRequestAgainstBase: base.cpuMsPerRequest > 0 ? round(six.cpuMsPerRequest / base.cpuMsPerRequest) : null, runs,
  }
}

async function playLoad(world: World, multiplier: number): Promise<LoadRun> {
  const out = mkdtempSync(join(tmpdir(), 'bench-load-'))
  try {
    const { said, wallMs } = await runCommand(world, ['load', '--profile', 'national', '--multiplier', String(multiplier), '--json', '--out', out])
    const name = readdirSync(out)[0]
    if (name === undefined) {
      // Refused beforehand: the machine is too slow for it.
      return { multiplier, carried: false, outcome: 'refused', why: [said.trim().slice(-300)], dossiersPerSecond: 0, operations: 0, edgeRequests: 0, requestsPerDossier: 0, portalP95Ms: null, cpuMsPerRequest: 0, cpuShareByPart: {}, historyBytesPerStep: 0, wallMs }
    }
    const folder = join(out, name)
    const read = <T>(file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T
    const verdict = read<Verdict>('verdict.json')
    const plan = read<Plan>('plan.json')
    const history = readFileSync(join(folder, 'history', 'w1.ndjson'))
    const lines = history.toString().trimEnd().split('\n').slice(0, -1).map((line) => JSON.parse(line) as OperationLine)
    const dossiers = new Set(lines.filter(({ kind, outcome }) => outcome === 'ok' && (kind === 'dossier.submit' || kind === 'dossier.apply' || kind === 'sync.dossier')).map(({ op }) => op)).size
    const edge = edgeTimes(join(folder, 'evidence', 'edge-new.ndjson'))
    const cpu = cpuOf(join(folder, 'evidence', 'processes.ndjson'))
    const cpuMs = Object.values(cpu).reduce((sum, one) => sum + one, 0)
    const outcome = read<RunOutcome>('outcome.json').outcome
    const portalP95Ms = quantile(edge, 0.95)
    const why = verdict.criteria.filter(({ status }) => status !== 'pass').map(({ id, observed }) => `${id}: ${observed.slice(0, 120)}`)
    if (portalP95Ms === null || portalP95Ms > PORTAL_P95_MS) why.push(`portal requests p95 ${portalP95Ms} ms, at most ${PORTAL_P95_MS}`)
    return {
      multiplier, carried: outcome === 'pass' && why.length === 0, outcome, why, dossiersPerSecond: round(dossiers / spanMs(plan.scenarios) * 1_000), operations: lines.length,
      edgeRequests: edge.length, requestsPerDossier: round(edge.length / Math.max(1, dossiers)), portalP95Ms, cpuMsPerRequest: round(cpuMs / Math.max(1, edge.length)),
      cpuShareByPart: Object.fromEntries(Object.entries(byPart(cpu)).map(([part, ms]) => [part, round(ms / Math.max(1, cpuMs))])),
      historyBytesPerStep: round(gzipSync(history).length / Math.max(1, lines.length)), wallMs,
    }
  } finally { rmSync(out, { recursive: true, force: true }) }
}

/** Memory of k6 over a quarter of an hour at 1x: the mean of a minute against that of the one 15 minutes before, when every virtual user had played. */
export async function benchSoak(world: World): Promise<{ outcome: string; k6MemoryGrowth: number | null; k6MemoryMb: number[]; wallMs: number }> {
  const out = mkdtempSync(join(tmpdir(), 'bench-soak-'))
  try {
    const { wallMs } = await runCommand(world, ['load', '--profile', 'soak', '--json', '--out', out])
    const folder = join(out, readdirSync(out)[0]!)
    const samples = memoryOf(join(folder, 'evidence', 'processes.ndjson'), 'k6')
    const meanOfMinute = (minute: number) => {
      const values = samples.filter(({ atMs }) => Math.floor(atMs / 60_000) === minute).map(({ rssBytes }) => rssBytes)
      return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
    }
    const [before, after] = [meanOfMinute(WARM_MINUTE), meanOfMinute(WARM_MINUTE + 15)]
    const k6MemoryMb = Array.from({ length: WARM_MINUTE + 16 }, (_, minute) => Math.round((meanOfMinute(minute) ?? 0) / 1_000_000))
    return { outcome: (JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8')) as RunOutcome).outcome, k6MemoryGrowth: before !== null && after !== null ? round(after / before - 1) : null, k6MemoryMb, wallMs }
  } finally { rmSync(out, { recursive: true, force: true }) }
}

/** Counted from 0; the soak holds 1x from the first minute to the end of the twentieth. */
const WARM_MINUTE = 4

/** A process goes by the name of the first system in it: all simulators by `vneid`. */
const PARTS: Record<string, string> = { k6: 'generator', vneid: 'partner', postgres: 'database', harness: 'harness' }

function byPart(cpu: Record<string, number>): Record<string, number> {
  const parts: Record<string, number> = {}
  for (const [name, ms] of Object.entries(cpu)) {
    const part = Object.entries(PARTS).find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'stack'
    parts[part] = (parts[part] ?? 0) + ms
  }
  return parts
}

function bottleneckOf(run: LoadRun): string {
  const [part, share] = Object.entries(run.cpuShareByPart).sort(([, a], [, b]) => b - a)[0] ?? ['unknown', 0]
  return `at ${run.multiplier}x: ${part} took most CPU (${Math.round(share * 100)} %); ${run.why.slice(0, 3).join('; ')}`
}

function edgeTimes(file: string): number[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line.includes('"key":"request/')).map((line) => (JSON.parse(line) as { fields: { ms: number } }).fields.ms)
}

function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(share * values.length) - 1)]!
}

function round(value: number): number { return Math.round(value * 1_000) / 1_000 }
