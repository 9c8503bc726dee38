/**
 * The clean night in containers, and the same on the target file of a stack in containers that runs by itself in another process: one verdict, the operations of the embedded
 * one, citizens of each region led by their own region's resolver, and nothing left after the run and after `stack down`, also where the process of the stack was killed.
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
import { allThings, thingsOf } from '../../stack/containers/testing/things-of.ts'
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

/** `kill`: the process of the stack is gone before `stack down`, and its containers are still there. */
async function onStack<T>(seed: number, use: (targetFile: string) => Promise<T>, { kill = false } = {}): Promise<T> {
  const before = await allThings(docker)
  const name = `s${seed}-${readdirSync(out).length}`
  const up = await stackUp(name, seed)
  try { return await use(up.targetFile) } finally {
    const gone = once(up.process, 'exit')
    if (kill) {
      up.process.kill('SIGKILL')
      expect((await gone)[1]).toBe('SIGKILL')
      expect((await allThings(docker)).length).toBeGreaterThan(before.length + 20)
    }
    const down = cli('stack', 'down', '--name', name)
    const [said, [code]] = await Promise.all([text(down.stdout), once(down, 'exit')]) as [string, [number]]
    expect([code, said]).toEqual([0, `${name}: ${kill ? 'had ended already' : 'ended'}\n`])
    if (!kill) expect((await gone)[0]).toBe(0)
    expect(existsSync(join(state, 'tongduyet', 'stacks', name)), 'what the stack left').toBe(false)
    expect(await allThings(docker)).toEqual(before)
  }
}

async function play(seed: number, target: 'containers' | 'embedded' | { file: string }, faults: string[] = []): Promise<Ended> {
  // Whether this machine carries it is judged by the run itself.
  const world = testWorld({ cores: 8, env: { ...process.env, XDG_STATE_HOME: state } })
  const before = new Set(readdirSync(out))
  const exitCode = await rehearse(world, {
    wish: { ...(typeof target === 'string' ? { target } : { target: 'file' as const, targetFile: target.file }), runbook: 'night-2026-04-10', profile: 'smoke', faults, seed },
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

describe('the clean night', () => {
  const seed = 11
  let own: Ended
  beforeAll(async () => { if (NO_DOCKER === null) own = await repeated(() => play(seed, 'containers')) }, RUN_MS)

  it('passes, with the checker proven and every partner complete', () => {
    expect(own.exitCode, explain(own)).toBe(0)
    expect(own.findings).toEqual([])
    expect(own.selfcheck.canaries.every(({ named }) => named)).toBe(true)
    for (const partner of own.verdict.partners) expect(partner.synced, partner.id).toBe(partner.expected)
  })

  it('was loaded from where citizens are: each region by its own k6, everybody else by another', () => {
    expect(readdirSync(own.folder.history).toSorted()).toEqual(['central.ndjson', 'north.ndjson', 'others.ndjson', 'south.ndjson'])
    for (const { worker, actor, region } of linesOf(own)) expect(worker).toBe(actor === 'citizen' ? region : 'others')
    const processes = new Set(readLines<{ key?: string; fields?: Record<string, unknown> }>(own.folder.evidenceOf('processes')).flatMap(({ key, fields }) => key?.startsWith('sample/') ? [fields!['process']] : []))
    for (const name of ['portal', 'legacy', 'coordination', 'vneid', 'edge-new', 'edge-old', 'postgres-new', 'postgres-old', 'k6-north', 'k6-others', 'harness']) expect(processes, name).toContain(name)
  })

  it('leaves nothing but its records', async () => {
    expect(await thingsOf(docker, own.folder.directory.split('/').at(-1)!)).toEqual([])
    expect(existsSync(join(own.folder.directory, 'tmp'))).toBe(false)
    expect(readFileSync(join(own.folder.logs, 'postgres-new.log'), 'utf8')).toContain('ready to accept connections')
  })

  it('confirms the same planned operations as embedded', async () => {
    const embedded = await repeated(() => play(seed, 'embedded'))
    expect(embedded.exitCode, explain(embedded)).toBe(0)
    expect(acknowledged(own)).toEqual(acknowledged(embedded))
    expect(acknowledged(own).length).toBeGreaterThan(1_000)
  }, RUN_MS)

  it('on the target file of a stack that runs by itself gives the same verdict, and the same operations are confirmed', async () => {
    const foreign = await repeated(() => onStack(seed, async (file) => {
      const { regions, portalHost } = parse(readFileSync(file, 'utf8')) as Target
      for (const { gateway } of regions) expect(new URL(gateway).hostname).toBe(portalHost)
      return play(seed, { file })
    }))
    expect([own.exitCode, foreign.exitCode], `${explain(own)}\n---\n${explain(foreign)}`).toEqual([0, 0])
    expect(foreign.verdict.verdict).toBe(own.verdict.verdict)
    expect(statuses(foreign)).toEqual(statuses(own))
    expect(foreign.verdict.partners).toEqual(own.verdict.partners.map((partner) => ({ ...partner, finishedAt: expect.any(String) as string })))
    expect(acknowledged(foreign)).toEqual(acknowledged(own))
    expect(foreign.selfcheck.canaries.every(({ named }) => named)).toBe(true)
    expect(planOf(foreign).timeScale).toBe(planOf(own).timeScale)
    for (const { worker, actor, region } of linesOf(foreign)) expect(worker).toBe(actor === 'citizen' ? region : 'others')
  }, RUN_MS)
})

describe('a night on the target file of the stack in containers', () => {
  it('finds a region whose resolver keeps the old address, though the resolver of this machine knows no such name; killed afterwards, the stack is taken away by stack down', async () => {
    const ended = await repeated(() => onStack(32, (file) => play(32, { file }, ['dns-uneven:regions=south']), { kill: true }))
    expect(ended.exitCode, explain(ended)).toBe(1)
    expect(ended.outcome.faults).toMatchObject([{ id: 'dns-uneven', planted: true, effective: true }])
    expect(ended.findings.map(({ incident, system, unit }) => [incident, system, unit]), explain(ended)).toEqual([['dns-uneven', 'resolver-south', 'infrastructure']])
  }, RUN_MS)
})
