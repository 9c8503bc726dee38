/**
 * A load without a cutover on the stack in containers, small: all flows by all actors, each region's citizens by their region's k6, on the new portal alone (no zone of an old
 * one); the same operations are confirmed as embedded with the same seed, and nothing is left.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { KINDS } from '../../contracts/kinds.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import { type Finding, RunOutcome, Selfcheck, Verdict } from '../../contracts/verdict.ts'
import { FLOWS } from '../../scenarios/flows/index.ts'
import { connectDocker, type Docker } from '../../stack/containers/docker.ts'
import { describeWithDocker } from '../../stack/containers/testing/docker-answers.ts'
import { allThings } from '../../stack/containers/testing/things-of.ts'
import { run } from '../run.ts'
import { explain, readLines, tellRepeat } from '../testing/finished-run.ts'
import { shortPeak } from '../testing/short-loads.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'

const RUN_MS = 900_000
const ATTEMPTS = 3
const MACHINE_RULES = /^valid\.(planned-load|lateness|dropped-iterations|head-room|vu-head-room|generator-head-room|samples|cpu)/

type Loaded = { exitCode: number; folder: RunFolder; verdict: Verdict; findings: Finding[]; outcome: RunOutcome; selfcheck: Selfcheck; lines: OperationLine[]; world: TestWorld }

let out: string
let profile: string
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'loads-'))
  profile = shortPeak(out, { times: 0.4, criteria: ['errorRate(all) < 1%', ...FLOWS.map(({ id }) => `count(${id}) >= 3 min 1`)] })
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

async function loaded(target: string, seed: number): Promise<Loaded> {
  for (let attempts = 1; ; attempts += 1) {
    // Whether this machine carries it is judged by the run itself.
    const world = testWorld({ cores: 8 })
    const before = new Set(readdirSync(out))
    const exitCode = await run(['load', '--target', target, '--profile', profile, '--seed', String(seed), '--out', out, '--lang', 'en'], world)
    const made = readdirSync(out).find((name) => !before.has(name))
    if (!made) throw new Error(world.err())
    const folder = runFolder(join(out, made))
    const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown
    const result: Loaded = {
      exitCode, folder, world, verdict: Verdict.parse(json(folder.verdict)), outcome: RunOutcome.parse(json(folder.outcome)), selfcheck: Selfcheck.parse(json(folder.selfcheck)), findings: readLines<Finding>(folder.findings),
      lines: readdirSync(folder.history).flatMap((name) => readLines<OperationLine>(join(folder.history, name))).filter((line) => line.op !== undefined),
    }
    const broken = result.verdict.criteria.filter(({ status }) => status !== 'pass')
    if (result.verdict.verdict === 'fail' || !broken.some(({ id }) => MACHINE_RULES.test(id)) || attempts === ATTEMPTS) return result
    tellRepeat(attempts, broken)
  }
}

const acknowledged = ({ lines }: Loaded) => [...new Set(lines.filter((line) => KINDS[line.kind].effect === 'write' && line.outcome === 'ok').map(({ op }) => op))].toSorted()

describeWithDocker('a load on the stack in containers', () => {
  let docker: Docker
  beforeAll(async () => { ({ docker } = await connectDocker()) })

  it('passes, confirms what the embedded stack confirms, and leaves nothing', async () => {
    const before = await allThings(docker)
    const load = await loaded('containers', 51)
    expect(load.exitCode, explain(load)).toBe(0)
    expect(load.findings).toEqual([])
    expect(load.selfcheck.canaries.every(({ named }) => named)).toBe(true)
    expect(new Set(load.lines.map(({ flow }) => flow)).size).toBeGreaterThanOrEqual(FLOWS.length)
    for (const { worker, actor, region } of load.lines) expect(worker).toBe(actor === 'citizen' ? region : 'others')
    expect(await allThings(docker)).toEqual(before)
    expect([existsSync(join(load.folder.directory, 'tmp')), existsSync(load.folder.evidenceOf('edge-old')), existsSync(load.folder.evidenceOf('legacy'))]).toEqual([false, false, false])

    const embedded = await loaded('embedded', 51)
    expect(embedded.exitCode, explain(embedded)).toBe(0)
    expect(acknowledged(load)).toEqual(acknowledged(embedded))
    expect(acknowledged(load).length).toBeGreaterThan(300)
  }, RUN_MS)
})
