/**
 * Whole rehearsals on the stack in containers: incidents planted together, each found at the same system and unit as embedded (`rehearsal.test.ts`), and a run whose engine goes
 * away in the middle. The clean night is in `cli/target/foreign-containers.container.test.ts`, an interruption in `killed.container.test.ts`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import { Finding, RunOutcome, Selfcheck, Verdict } from '../../contracts/verdict.ts'
import { connectDocker, type Docker } from '../../stack/containers/docker.ts'
import { removeLeftovers } from '../../stack/containers/ownership.ts'
import { NO_DOCKER } from '../../stack/containers/testing/docker-answers.ts'
import { thingsOf } from '../../stack/containers/testing/things-of.ts'
import { explain, readLines, tellRepeat } from '../testing/finished-run.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'
import { rehearse } from './index.ts'

/** Images that are not built yet take minutes, once. */
const RUN_MS = 900_000
const ATTEMPTS = 3
const MACHINE_RULES = /^valid\.(planned-load|lateness|dropped-iterations|head-room|cpu)/

type Rehearsed = { exitCode: number; folder: RunFolder; verdict: Verdict; findings: Finding[]; outcome: RunOutcome; selfcheck: Selfcheck; world: TestWorld }

let out: string
let docker: Docker
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'rehearsals-'))
  if (NO_DOCKER === null) ({ docker } = await connectDocker())
})
afterAll(() => rmSync(out, { recursive: true, force: true }))
beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown
const newFolder = (before: ReadonlySet<string>) => runFolder(join(out, readdirSync(out).find((name) => !before.has(name))!))
const runIdOf = ({ directory }: RunFolder) => directory.split('/').at(-1)!

async function rehearsed({ seed, faults }: { seed: number; faults: string[] }): Promise<Rehearsed> {
  for (let attempts = 1; ; attempts += 1) {
    const world = testWorld()
    const before = new Set(readdirSync(out))
    const exitCode = await rehearse(world, { wish: { target: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', faults, seed }, outDirectory: out, language: 'en', json: false })
    const folder = newFolder(before)
    const verdict = Verdict.parse(readJson(folder.verdict))
    const result = {
      exitCode, folder, verdict, world, findings: readLines<Finding>(folder.findings).map((finding) => Finding.parse(finding)),
      outcome: RunOutcome.parse(readJson(folder.outcome)), selfcheck: Selfcheck.parse(readJson(folder.selfcheck)),
    }
    const broken = verdict.criteria.filter((criterion) => criterion.status !== 'pass')
    if (!broken.some((criterion) => MACHINE_RULES.test(criterion.id)) || result.findings.length > 0 || attempts === ATTEMPTS) return result
    tellRepeat(attempts, broken)
  }
}

describe('incidents', () => {
  const WHERE: Record<string, [system: string, unit: string]> = {
    'dns-uneven': ['resolver-south', 'infrastructure'], 'sync-lost': ['portal', 'portal-operator'], 'legacy-missing': ['portal', 'portal-operator'],
    'bank-timeout': ['bank-vcb', 'bank'], 'sms-timeout': ['sms', 'telecom'],
  }

  it('planted together are each found, at the same system and unit as embedded, and no others', async () => {
    const result = await rehearsed({ seed: 21, faults: Object.keys(WHERE) })
    expect(result.exitCode, explain(result)).toBe(1)
    expect(result.outcome.faults.map(({ id, planted, effective }) => [id, planted, effective]).toSorted()).toEqual(Object.keys(WHERE).toSorted().map((id) => [id, true, true]))
    const found = new Map(result.findings.map((finding) => [finding.incident, [finding.system, finding.unit]]))
    expect(Object.fromEntries(found), explain(result)).toEqual(WHERE)
  }, RUN_MS)
})

describe('an engine that goes away in the middle', () => {
  it('ends the run with one coded error and its records; what is left is cleared away by the next', async () => {
    const before = new Set(readdirSync(out))
    // Stands between the run and its engine, so that the engine can go away for this run alone.
    const path = join(out, 'docker.sock')
    const { socketPath } = docker.modem as { socketPath?: string }
    expect(socketPath).toBeDefined()
    const sockets = new Set<Socket>()
    const proxy = createServer({ allowHalfOpen: true }, (client) => {
      const engine = connect({ path: socketPath!, allowHalfOpen: true })
      for (const socket of [client, engine]) { sockets.add(socket); socket.on('error', () => {}).on('close', () => { client.destroy(); engine.destroy() }) }
      client.pipe(engine).pipe(client)
    })
    proxy.listen(path)
    await once(proxy, 'listening')
    const root = join(import.meta.dirname, '..', '..')
    const child = spawn(process.execPath, ['cli/bin.ts', 'rehearse', '--target', 'containers', '--profile', 'smoke', '--lang', 'en', '--out', out], { cwd: root, env: { ...process.env, DOCKER_HOST: `unix://${path}` }, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    for await (const piece of child.stderr) {
      said += String(piece)
      if (!said.includes('Freeze submissions') || !proxy.listening) continue
      proxy.close()
      for (const socket of sockets) socket.destroy()
    }
    const exitCode = child.exitCode ?? (await once(child, 'exit') as [number])[0]
    rmSync(path, { force: true })
    expect(exitCode, said).toBe(255)
    expect(said.trim().split('\n').filter((line) => /^[A-Z_]+: /u.test(line)), said).toEqual([expect.stringMatching(/^DOCKER_LOST: .*next run/u)])
    const folder = newFolder(before)
    expect(await checkRecordFile(folder.journal)).toMatchObject({ whole: true })
    expect(RunOutcome.parse(readJson(folder.outcome)).outcome).not.toBe('pass')
    const runId = runIdOf(folder)
    expect((await thingsOf(docker, runId)).length).toBeGreaterThan(20)
    expect(await removeLeftovers(docker, { onStuck: () => {} })).toContain(runId)
    expect(await thingsOf(docker, runId)).toEqual([])
  }, RUN_MS)
})
