/**
 * Whole rehearsals on the stack in containers: the clean night, with the same operations as the embedded one; incidents planted together, each found at the same system and
 * unit as embedded (`rehearsal.test.ts`); an interruption; a run whose engine goes away, then one that is killed, and what the next run does about them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { KINDS } from '../../contracts/kinds.ts'
import type { OperationLine } from '../../contracts/operation.ts'
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
import type { NightHooks } from './night.ts'
import type { TargetKind } from './resolve.ts'

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

async function rehearsed(target: TargetKind, { seed, faults = [], hooks }: { seed: number; faults?: string[]; hooks?: NightHooks }): Promise<Rehearsed> {
  for (let attempts = 1; ; attempts += 1) {
    const world = testWorld()
    const before = new Set(readdirSync(out))
    const exitCode = await rehearse(world, { wish: { target, runbook: 'night-2026-04-10', profile: 'smoke', faults, seed }, outDirectory: out, language: 'en', json: false, ...(hooks && { hooks }) })
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

function linesOf({ folder }: Rehearsed): OperationLine[] {
  return readdirSync(folder.history).flatMap((name) => readLines<OperationLine>(join(folder.history, name))).filter((line) => line.kind !== undefined)
}
const acknowledged = (result: Rehearsed) => [...new Set(linesOf(result).filter((line) => KINDS[line.kind].effect === 'write' && line.outcome === 'ok').map(({ op }) => op))].toSorted()

describe('the clean night', () => {
  let clean: Rehearsed
  let embedded: Rehearsed
  beforeAll(async () => {
    if (NO_DOCKER !== null) return
    clean = await rehearsed('containers', { seed: 11 })
    embedded = await rehearsed('embedded', { seed: 11 })
  }, RUN_MS)

  it('passes, with the checker proven and every partner complete', () => {
    expect(clean.exitCode, explain(clean)).toBe(0)
    expect(clean.findings).toEqual([])
    expect(clean.selfcheck.canaries.every((canary) => canary.named)).toBe(true)
    for (const partner of clean.verdict.partners) expect(partner.synced, partner.id).toBe(partner.expected)
  })

  it('confirms the same planned operations as embedded', () => {
    expect(embedded.exitCode, explain(embedded)).toBe(0)
    const ops = acknowledged(clean)
    expect(ops).toEqual(acknowledged(embedded))
    expect(ops.length).toBeGreaterThan(1_000)
  })

  it('was loaded from where citizens are: each region by its own k6, everybody else by another', () => {
    expect(readdirSync(clean.folder.history).toSorted()).toEqual(['central.ndjson', 'north.ndjson', 'others.ndjson', 'south.ndjson'])
    for (const { worker, actor, region } of linesOf(clean)) expect(worker).toBe(actor === 'citizen' ? region : 'others')
    const processes = new Set(readLines<{ key?: string; fields?: Record<string, unknown> }>(clean.folder.evidenceOf('processes')).flatMap(({ key, fields }) => key?.startsWith('sample/') ? [fields!['process']] : []))
    for (const name of ['portal', 'legacy', 'coordination', 'vneid', 'edge-new', 'edge-old', 'postgres-new', 'postgres-old', 'k6-north', 'k6-others', 'harness']) expect(processes, name).toContain(name)
  })

  it('leaves nothing but its records', async () => {
    expect(await thingsOf(docker, runIdOf(clean.folder))).toEqual([])
    expect(existsSync(join(clean.folder.directory, 'tmp'))).toBe(false)
    expect(readFileSync(join(clean.folder.logs, 'postgres-new.log'), 'utf8')).toContain('ready to accept connections')
  })
})

describe('incidents', () => {
  const WHERE: Record<string, [system: string, unit: string]> = {
    'dns-uneven': ['resolver-south', 'infrastructure'], 'sync-lost': ['portal', 'portal-operator'], 'legacy-missing': ['portal', 'portal-operator'],
    'bank-timeout': ['bank-vcb', 'bank'], 'sms-timeout': ['sms', 'telecom'],
  }

  it('planted together are each found, at the same system and unit as embedded, and no others', async () => {
    const result = await rehearsed('containers', { seed: 21, faults: Object.keys(WHERE) })
    expect(result.exitCode, explain(result)).toBe(1)
    expect(result.outcome.faults.map(({ id, planted, effective }) => [id, planted, effective]).toSorted()).toEqual(Object.keys(WHERE).toSorted().map((id) => [id, true, true]))
    const found = new Map(result.findings.map((finding) => [finding.incident, [finding.system, finding.unit]]))
    expect(Object.fromEntries(found), explain(result)).toEqual(WHERE)
  }, RUN_MS)
})

describe('an interruption', () => {
  it('undoes the steps, writes what there is, exits 130 and leaves nothing', async () => {
    const world = testWorld()
    const before = new Set(readdirSync(out))
    const exitCode = await rehearse(world, {
      wish: { target: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', faults: [], seed: 61 }, outDirectory: out, language: 'en', json: false,
      hooks: { onEvent: (event) => { if (event.kind === 'step' && event.event === 'begin' && event.action === 'dns.watch') world.interrupt() } },
    })
    expect(exitCode, world.err()).toBe(130)
    const folder = newFolder(before)
    const journal = readLines<{ kind: string; id?: string; event?: string }>(folder.journal)
    expect(journal.filter((entry) => entry.kind === 'undo' && entry.event === 'done').map((entry) => entry.id)).toEqual(expect.arrayContaining(['switch-dns', 'freeze-legacy']))
    expect(await thingsOf(docker, runIdOf(folder))).toEqual([])
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
    expect(await removeLeftovers(docker)).toContain(runId)
    expect(await thingsOf(docker, runId)).toEqual([])
  }, RUN_MS)
})
