import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { InputError } from '../../contracts/error.ts'
import { OperationLine } from '../../contracts/operation.ts'
import type { Plan } from '../../contracts/plan.ts'
import type { Target } from '../../contracts/target.ts'
import { bundleScenarios } from '../bundle.ts'
import { k6Path, WHY_SKIPPED } from '../playground/k6.ts'
import { smallPlan } from '../playground/plan.ts'
import { playSystems, type PlayedSystems } from '../playground/systems.ts'
import { workerSegments } from '../worker-segments.ts'
import { packFile, type ConfigMap } from './config-maps.ts'
import { misfits, type OpenApiSchema } from './crd-schema.ts'
import { emitK8s, nameOf } from './emit-k8s.ts'
import { manifestsOf } from './manifests.ts'
import { podHistories } from './pod-histories.ts'

const directory = mkdtempSync(join(tmpdir(), 'emit-'))
afterAll(() => rmSync(directory, { recursive: true }))
let made = 0
const fresh = () => join(directory, `out-${made += 1}`)

const CRD = fileURLToPath(new URL('../../../shared/k8s/k6.io_testruns.crd.yaml', import.meta.url))
const schemaOfTestRun = (): OpenApiSchema => (parse(readFileSync(CRD, 'utf8')) as { spec: { versions: { schema: { openAPIV3Schema: OpenApiSchema } }[] } }).spec.versions[0]!.schema.openAPIV3Schema

const STAGING: Target = {
  version: 1, name: 'staging', kind: 'foreign', allow: ['10.20.0.0/16'], portalHost: 'portal.staging.test', addresses: { old: '10.20.0.1', new: '10.20.0.2' },
  regions: [{ id: 'north', gateway: 'http://10.20.0.3:8080', resolver: { host: '10.20.0.4', port: 53, profile: 'honest' } }],
  systems: [{ id: 'vneid', role: 'vneid', mode: 'real', url: 'https://vneid.staging.test', unit: 'identity' }, { id: 'partner-justice', role: 'partner', mode: 'real', url: 'http://10.20.1.1:8080', unit: 'justice' }],
}
const planFor = (target: Target): Plan => ({ ...smallPlan(target), runId: '20261122-093000-small-7f3a', workers: ['w1', 'w2', 'w3'], planHash: 'ab'.repeat(32) })
const problemsOf = async (work: Promise<unknown>) => work.then(() => [], (error: unknown) => {
  if (!(error instanceof InputError)) throw error
  return error.problems.map(({ code, what }) => `${code}: ${what}`)
})

describe('what is written', () => {
  const out = fresh()
  let files: string[]
  beforeAll(async () => { files = await emitK8s({ plan: planFor(STAGING), directory: out }) })
  const read = (file: string) => readFileSync(join(out, file), 'utf8')
  const configMaps = () => ['10-script.json', '11-plan.json'].flatMap((file) => (JSON.parse(read(file)) as { items: ConfigMap[] }).items)

  test('namespace, script, plan, test run, the run folder for the judge, and how to go about it', () => {
    expect(files).toEqual(['00-namespace.yaml', '10-script.json', '11-plan.json', '20-testrun.yaml', 'run/plan.json', 'README.md'])
    expect(parse(read('00-namespace.yaml'))).toMatchObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tongduyet' } })
    expect(JSON.parse(read('run/plan.json'))).toEqual(JSON.parse(JSON.stringify(planFor(STAGING))))
    expect(read('README.md')).toContain('k6_cr=tongduyet-20261122-093000-small-7f3a,runner=true')
    expect(read('README.md')).toContain('tongduyet judge run --pods logs')
  })

  test('a test run with as many pods as workers, which mounts what was written', () => {
    const { metadata, spec } = parse(read('20-testrun.yaml')) as { metadata: { name: string }; spec: { parallelism: number; runner: { volumes: { configMap: { name: string } }[] }; initializer: unknown; arguments: string } }
    expect(metadata.name).toBe('tongduyet-20261122-093000-small-7f3a')
    expect(spec.parallelism).toBe(3)
    const mounted = spec.runner.volumes.map(({ configMap }) => configMap.name)
    expect(mounted).toEqual(configMaps().map((configMap) => configMap.metadata.name))
    expect(spec.initializer).toMatchObject({ volumes: spec.runner.volumes })
    expect(spec.arguments).toContain('--log-format=raw')
  })

  test('no ConfigMap above 1 MiB, and only what the load needs in the cluster', () => {
    for (const configMap of configMaps()) expect(Buffer.byteLength(JSON.stringify(configMap))).toBeLessThan(1 << 20)
    const load = JSON.parse(configMaps().find(({ data }) => data?.['load.json'])!.data!['load.json']!) as Record<string, unknown>
    expect(Object.keys(load)).toEqual(['seed', 'runbook', 'profile', 'target', 'scenarios', 'planHash'])
    expect(JSON.stringify(load)).not.toContain('steadyState')
  })

  test.skipIf(!existsSync(CRD))(`fits k6-operator's own definition${existsSync(CRD) ? '' : ' (skipped: ../shared/k8s is not there)'}`, () => {
    expect(misfits(parse(read('20-testrun.yaml')), schemaOfTestRun())).toEqual([])
  })

  test.skipIf(!existsSync(CRD))('what does not fit the definition is found', () => {
    const wrong = parse(read('20-testrun.yaml').replace('parallelism: 3', 'parallelism: three').replace('localFile:', 'localfile:').replace('kind: TestRun', 'kind: 7')) as unknown
    expect(misfits(wrong, schemaOfTestRun()).toSorted()).toEqual(['.kind: no string', '.spec.parallelism: no integer', '.spec.script.localfile: unknown'])
    expect(misfits({ apiVersion: 'k6.io/v1alpha1', kind: 'TestRun', spec: { cleanup: 'later', script: {} } }, schemaOfTestRun())).toEqual(['.spec.parallelism: missing', '.spec.cleanup: none of post'])
  })
})

describe('what is refused', () => {
  test('a target that is on this machine alone', async () => {
    const embedded = { ...STAGING, systems: [...STAGING.systems, { id: 'sms', role: 'sms' as const, mode: 'simulated' as const, url: 'http://127.64.8.1:8080', unit: 'telecom' }] }
    const out = fresh()
    expect(await problemsOf(emitK8s({ plan: planFor(embedded), directory: out }))).toEqual(['EMIT_TARGET_LOOPBACK: target "staging" is on this machine alone: system "sms" is http://127.64.8.1:8080'])
    expect(existsSync(out)).toBe(false)
  })

  test('a folder that holds something', async () => {
    const out = fresh()
    mkdirSync(out)
    writeFileSync(join(out, 'mine.txt'), '')
    expect(await problemsOf(emitK8s({ plan: planFor(STAGING), directory: out }))).toEqual([expect.stringMatching(/^OUT_NOT_WRITABLE: .* holds 1 entries already$/)])
    expect(readdirSync(out)).toEqual(['mine.txt'])
  })
})

test.each([['20261122-093000-Peak_Hour-7f3a', 'tongduyet-20261122-093000-peak-hour-7f3a'], ['x'.repeat(80), `tongduyet-${'x'.repeat(35)}`], ['a--b-', 'tongduyet-a-b']])('the name of run %s can name services', (runId, name) => {
  expect(nameOf(runId)).toBe(name)
})

describe('a file too large for one ConfigMap', () => {
  const metadata = { name: 'x-script', namespace: 'n', labels: {} }
  const whole = Array.from({ length: 4_000 }, (_, at) => `const hồ_sơ_${at} = ${Math.imul(at, 2_654_435_761)}\n`).join('')
  const packed = packFile('scenarios.js', whole, metadata, 9_000)

  test('is compressed, in parts that each fit', () => {
    expect(packed.compressed).toBe(true)
    expect(packed.configMaps.length).toBeGreaterThan(2)
    for (const { binaryData } of packed.configMaps) expect(Object.values(binaryData!).join('').length).toBeLessThanOrEqual(9_000)
    expect(packFile('scenarios.js', whole, metadata).compressed).toBe(false)
  })

  test('is put together again by the init container\'s own command', () => {
    const { testRun, script } = manifestsOf({ name: 'x', namespace: 'n', image: 'k6', script: whole, plan: planFor(STAGING), maxBytes: 9_000 })
    const { runner } = (testRun as { spec: { runner: { initContainers: { command: string[] }[] } } }).spec
    const [parts, target] = [fresh(), fresh()]
    mkdirSync(parts)
    mkdirSync(target)
    for (const { binaryData } of script) for (const [file, data] of Object.entries(binaryData!)) writeFileSync(join(parts, file), Buffer.from(data, 'base64'))
    const [shell, flag, command] = runner.initContainers[0]!.command
    execFileSync(shell!, [flag!, command!.replaceAll('/tongduyet/parts', parts).replaceAll('/tongduyet/script', target)])
    expect(readFileSync(join(target, 'scenarios.js'), 'utf8')).toBe(whole)
    if (existsSync(CRD)) expect(misfits(testRun, schemaOfTestRun())).toEqual([])
  })
})

describe.skipIf(!k6Path)(`pods${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let systems: PlayedSystems
  let plan: Plan
  const logs = fresh()
  const mounts = fresh()
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' }
  const pods = ['w1', 'w2', 'w3'].map((_, at) => `tongduyet-small-${at + 1}-x${at}f9k`)
  const exits: number[] = []
  let looked: string

  /** As the operator does it: looks at the script without any variables, then starts each runner with its segment and the arguments of the test run. */
  beforeAll(async () => {
    systems = await playSystems()
    plan = { ...planFor(systems.target) }
    mkdirSync(logs)
    mkdirSync(mounts)
    const { file } = await bundleScenarios(join(mounts, 'bundle.js'), { small: true })
    const { testRun, script, plan: planMaps } = manifestsOf({ name: 'small', namespace: 'n', image: 'k6', script: readFileSync(file, 'utf8'), plan })
    for (const { data } of [...script, ...planMaps]) for (const [name, content] of Object.entries(data!)) writeFileSync(join(mounts, name), content)
    const args = (testRun as { spec: { arguments: string } }).spec.arguments.replace('/tongduyet/plan', mounts).split(' ')
    const scenarios = join(mounts, 'scenarios.js')
    execFileSync(k6Path!, ['archive', scenarios, '-O', join(mounts, 'test.tar'), ...args], { env })
    looked = execFileSync(k6Path!, ['inspect', '--execution-requirements', join(mounts, 'test.tar')], { env, encoding: 'utf8' })
    await Promise.all(workerSegments(3).map(async (segment, at) => {
      const k6 = spawn(k6Path!, ['run', '--quiet', `--execution-segment=${segment!.own}`, `--execution-segment-sequence=${segment!.all}`, ...args, scenarios, '--address=localhost:0', '--tag', `instance_id=${at + 1}`], {
        env: { ...env, HOSTNAME: pods[at] }, stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [out, error, [code]] = await Promise.all([text(k6.stdout), text(k6.stderr), once(k6, 'close')])
      exits[at] = code as number
      // A node that puts the time in front of each line.
      writeFileSync(join(logs, `${pods[at]}.log`), (out + error).split('\n').map((line) => (at === 2 && line ? `2026-11-22T09:30:00.000000000Z ${line}` : line)).join('\n'))
    }))
    writeFileSync(join(logs, 'pods.json'), JSON.stringify({ items: pods.map((name, at) => ({ metadata: { name }, status: { containerStatuses: [{ state: { terminated: { exitCode: exits[at] } } }] } })) }))
  })
  afterAll(() => systems.close())

  const take = async (from = logs, workers: readonly string[] = plan.workers) => {
    const histories = fresh()
    const taken = await podHistories({ directory: from, workers, historyOf: (worker) => join(histories, `${worker}.ndjson`) })
    return { taken, lines: taken.map(({ worker }) => readFileSync(join(histories, `${worker}.ndjson`), 'utf8').split('\n').filter(Boolean).map((line) => OperationLine.parse(JSON.parse(line)))) }
  }
  const damagedLogs = (change: (file: string, content: string) => string | undefined) => {
    const copy = fresh()
    mkdirSync(copy)
    for (const file of readdirSync(logs)) {
      const content = change(file, readFileSync(join(logs, file), 'utf8'))
      if (content !== undefined) writeFileSync(join(copy, file), content)
    }
    return copy
  }

  test('k6 that only looks at the script needs no variables but the arguments', () => {
    expect(JSON.parse(looked)).toMatchObject({ totalDuration: expect.any(String), maxVUs: expect.any(Number) })
  })

  test('the logs give whole histories: every operation once, under its worker, with the counters to prove it', async () => {
    const { taken, lines } = await take()
    expect(taken.map(({ worker, pod }) => [worker, pod])).toEqual(pods.map((pod, at) => [`w${at + 1}`, pod]))
    for (const [at, { end, lines: count }] of taken.entries()) {
      expect(end).toMatchObject({ exitCode: 0, failedWrites: 0, summary: { history_lines: count, dropped_iterations: 0 } })
      expect(new Set(lines[at]!.map(({ worker }) => worker))).toEqual(new Set([`w${at + 1}`]))
    }
    const ops = lines.flat().map(({ op }) => op)
    expect(new Set(ops).size).toBe(ops.length)
    const traces = new Set(lines.flat().map(({ trace }) => trace))
    for (const { name, count, dossiersOf } of plan.scenarios) if (dossiersOf === undefined) for (let iteration = 0; iteration < count; iteration += 1) expect(traces).toContain(`${name}.${iteration}`)
    expect(lines.flat().filter(({ outcome }) => outcome !== 'ok')).toEqual([])
  })

  test('a log that lost lines is found out by its own counters', async () => {
    const { taken } = await take(damagedLogs((file, content) => (file === `${pods[1]}.log` ? content.split('\n').slice(5).join('\n') : content)))
    expect(taken[1]!.lines).toBeLessThan(taken[1]!.end.summary!.history_lines)
    expect(taken[0]!.lines).toBe(taken[0]!.end.summary!.history_lines)
  })

  test('a log that was cut before the end has no counters, and without the list of pods nobody knows how k6 ended', async () => {
    const { taken } = await take(damagedLogs((file, content) => (file === 'pods.json' ? undefined : file === `${pods[0]}.log` ? content.split('\n').slice(0, 10).join('\n') : content)))
    expect(taken[0]!.end.summary).toBeNull()
    expect(taken.map(({ end }) => end.exitCode)).toEqual([null, null, null])
  })

  test('logs of others, or of one worker twice, are refused', async () => {
    const foreign = damagedLogs((_, content) => content)
    writeFileSync(join(foreign, 'tongduyet-small-7-abcde.log'), '')
    writeFileSync(join(foreign, 'nginx.log'), '')
    writeFileSync(join(foreign, 'tongduyet-small-1-zzzzz.log'), '')
    expect(await problemsOf(take(foreign))).toEqual([
      'POD_UNKNOWN: "nginx" is no runner of this plan', `POD_TWICE: "tongduyet-small-1-zzzzz" would be worker w1, which another log is already`, 'POD_UNKNOWN: "tongduyet-small-7-abcde" is no runner of this plan',
    ])
    expect(await problemsOf(take(fresh()))).toEqual([expect.stringMatching(/^POD_LOGS_MISSING/)])
  })

  test('a run that has its histories already keeps them', async () => {
    const histories = fresh()
    const again = () => podHistories({ directory: logs, workers: plan.workers, historyOf: (worker) => join(histories, `${worker}.ndjson`) })
    const [first] = await again()
    expect(await problemsOf(again())).toEqual(['POD_TWICE: the run has histories of w1, w2, w3 already'])
    expect(readFileSync(join(histories, 'w1.ndjson'), 'utf8').split('\n').filter(Boolean)).toHaveLength(first!.lines)
  })

  test('without a name no k6 plays anything', () => {
    const run = (() => {
      try {
        execFileSync(k6Path!, ['run', '--quiet', '--log-format=raw', '--log-output=stdout', '-e', `PLAN_FILE=${join(mounts, 'load.json')}`, '-e', 'SUMMARY_FILE=stdout', '--address=localhost:0', join(mounts, 'scenarios.js')], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
        return { status: 0, stdout: '' }
      } catch (error) { return error as { status: number; stdout: string } }
    })()
    expect(run.status).toBe(108)
    expect(run.stdout).not.toContain('{"v":1,"op":')
  })
})
