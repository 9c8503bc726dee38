/**
 * The stack in containers by itself in one process, a rehearsal on its target file in another: the verdict of the built-in target with the same seed, citizens of each region
 * led by their own region's resolver, and nothing left after `stack down`, also where the process of the stack was killed.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { KINDS } from '../../contracts/kinds.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import type { Target } from '../../contracts/target.ts'
import { type Finding, RunOutcome, Selfcheck, Verdict } from '../../contracts/verdict.ts'
import { connectDocker, type Docker } from '../../stack/containers/docker.ts'
import { NO_DOCKER } from '../../stack/containers/testing/docker-answers.ts'
import { allThings } from '../../stack/containers/testing/things-of.ts'
import { explain, readLines, tellRepeat } from '../testing/finished-run.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'
import { rehearse } from '../rehearse/index.ts'

const RUN_MS = 900_000
const ATTEMPTS = 3
const MACHINE_RULES = /^valid\.(planned-load|lateness|dropped-iterations|head-room|cpu)/
const { root } = testWorld()

type Ended = { exitCode: number; folder: RunFolder; verdict: Verdict; findings: Finding[]; outcome: RunOutcome; selfcheck: Selfcheck; world: TestWorld }

let out: string
let state: string
let docker: Docker
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'foreign-containers-'))
  state = join(out, 'state')
  mkdirSync(state)
  if (NO_DOCKER === null) ({ docker } = await connectDocker())
})
afterAll(() => rmSync(out, { recursive: true, force: true }))
beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

const started: ChildProcess[] = []
// Whatever failed: no stack is left to itself.
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}, 120_000)

function cli(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'cli', 'bin.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, XDG_STATE_HOME: state } })
  started.push(child)
  return child
}

async function stackUp(name: string, seed: number): Promise<{ process: ChildProcess; targetFile: string }> {
  const child = cli('stack', 'up', '--target', 'containers', '--profile', 'smoke', '--seed', String(seed), '--name', name)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const ended = once(child, 'exit').then(([code, signal]) => { throw new Error(`stack up ended (${code ?? signal}): ${said.slice(-2_000)}`) })
  ended.catch(() => {})
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]) as [Buffer]
  return { process: child, targetFile: line.toString().trim() }
}

async function onStack<T>(seed: number, use: (targetFile: string) => Promise<T>): Promise<T> {
  const before = await allThings(docker)
  const name = `s${seed}-${readdirSync(out).length}`
  const up = await stackUp(name, seed)
  try { return await use(up.targetFile) } finally {
    const gone = once(up.process, 'exit')
    const down = cli('stack', 'down', '--name', name)
    const [said, [code]] = await Promise.all([text(down.stdout), once(down, 'exit')]) as [string, [number]]
    expect([code, said]).toEqual([0, `${name}: ended\n`])
    expect((await gone)[0]).toBe(0)
    expect(existsSync(join(state, 'tongduyet', 'stacks', name)), 'what the stack left').toBe(false)
    expect(await allThings(docker)).toEqual(before)
  }
}

async function play(seed: number, targetFile: string | undefined, faults: string[] = []): Promise<Ended> {
  // Whether this machine carries it is judged by the run itself.
  const world = testWorld({ cores: 8, env: { ...process.env, XDG_STATE_HOME: state } })
  const before = new Set(readdirSync(out))
  const exitCode = await rehearse(world, {
    wish: { target: targetFile === undefined ? 'containers' : 'file', ...(targetFile !== undefined && { targetFile }), runbook: 'night-2026-04-10', profile: 'smoke', faults, seed },
    outDirectory: out, language: 'en', json: false,
  })
  const folder = runFolder(join(out, readdirSync(out).find((name) => !before.has(name))!))
  const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown
  return { exitCode, folder, world, verdict: Verdict.parse(json(folder.verdict)), outcome: RunOutcome.parse(json(folder.outcome)), selfcheck: Selfcheck.parse(json(folder.selfcheck)), findings: readLines<Finding>(folder.findings) }
}

/** Again, on a stack of its own, where the machine alone is why it was inconclusive. */
async function repeated(playOnce: () => Promise<Ended>): Promise<Ended> {
  for (let attempts = 1; ; attempts += 1) {
    const ended = await playOnce()
    const broken = ended.verdict.criteria.filter(({ status }) => status !== 'pass')
    if (!broken.some(({ id }) => MACHINE_RULES.test(id)) || attempts === ATTEMPTS) return ended
    tellRepeat(attempts, broken)
  }
}

const linesOf = ({ folder }: Ended) => readdirSync(folder.history).flatMap((name) => readLines<OperationLine>(join(folder.history, name))).filter((line) => line.kind !== undefined)
const acknowledged = (ended: Ended) => [...new Set(linesOf(ended).filter((line) => KINDS[line.kind].effect === 'write' && line.outcome === 'ok').map(({ op }) => op))].toSorted()
const statuses = ({ verdict }: Ended) => Object.fromEntries(verdict.criteria.map(({ id, status }) => [id, status]))
const planOf = ({ folder }: Ended) => JSON.parse(readFileSync(folder.plan, 'utf8')) as { target: Target; timeScale: number }

describe('a stack in containers whose process was killed', () => {
  it('is taken away by stack down', async () => {
    const before = await allThings(docker)
    const up = await stackUp('killed', 33)
    const gone = once(up.process, 'exit')
    up.process.kill('SIGKILL')
    await gone
    expect((await allThings(docker)).length).toBeGreaterThan(before.length + 20)
    const down = cli('stack', 'down', '--name', 'killed')
    const [said, [code]] = await Promise.all([text(down.stdout), once(down, 'exit')]) as [string, [number]]
    expect([code, said]).toEqual([0, 'killed: had ended already\n'])
    expect(await allThings(docker)).toEqual(before)
    expect(existsSync(join(state, 'tongduyet', 'stacks', 'killed'))).toBe(false)
  }, RUN_MS)
})

describe('a night on the target file of the stack in containers', () => {
  it('gives the verdict of the built-in target with the same seed, and the same operations are confirmed', async () => {
    const seed = 31
    const own = await repeated(() => play(seed, undefined))
    const foreign = await repeated(() => onStack(seed, async (targetFile) => {
      const { regions, portalHost } = parse(readFileSync(targetFile, 'utf8')) as Target
      for (const { gateway } of regions) expect(new URL(gateway).hostname).toBe(portalHost)
      return play(seed, targetFile)
    }))
    expect([own.exitCode, foreign.exitCode], `${explain(own)}\n---\n${explain(foreign)}`).toEqual([0, 0])
    expect(foreign.verdict.verdict).toBe(own.verdict.verdict)
    expect(statuses(foreign)).toEqual(statuses(own))
    expect(foreign.verdict.partners).toEqual(own.verdict.partners.map((partner) => ({ ...partner, finishedAt: expect.any(String) as string })))
    expect(acknowledged(foreign)).toEqual(acknowledged(own))
    expect(acknowledged(foreign).length).toBeGreaterThan(1_000)
    expect(foreign.selfcheck.canaries.every(({ named }) => named)).toBe(true)
    expect(planOf(foreign).timeScale).toBe(planOf(own).timeScale)
    // As in the containers: each region by its own k6, everybody else by another.
    for (const ended of [own, foreign]) for (const { worker, actor, region } of linesOf(ended)) expect(worker).toBe(actor === 'citizen' ? region : 'others')
  }, RUN_MS)

  it('a region whose resolver keeps the old address is found, though the resolver of this machine knows no such name', async () => {
    const ended = await repeated(() => onStack(32, (targetFile) => play(32, targetFile, ['dns-uneven:regions=south'])))
    expect(ended.exitCode, explain(ended)).toBe(1)
    expect(ended.outcome.faults).toMatchObject([{ id: 'dns-uneven', planted: true, effective: true }])
    expect(ended.findings.map(({ incident, system, unit }) => [incident, system, unit]), explain(ended)).toEqual([['dns-uneven', 'resolver-south', 'infrastructure']])
  }, RUN_MS)
})
