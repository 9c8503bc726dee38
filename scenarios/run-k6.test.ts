import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { HarnessError } from '../contracts/error.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'
import { smallPlan } from './playground/plan.ts'
import { setStage, type Stage } from './playground/play.ts'
import { playSystems, type PlayedSystems } from './playground/systems.ts'
import { startK6, type K6Start } from './run-k6.ts'

const LONG_PUSH = [{ name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner' as const, phase: 'sync', from: '21:00', to: '03:00', wave: 1 }]
const SHORT_PUSH = [{ ...LONG_PUSH[0]!, to: '22:00' }]

let systems: PlayedSystems
let directory: string
const stages: Stage[] = []
beforeAll(async () => {
  systems = await playSystems()
  directory = await mkdtemp(join(tmpdir(), 'run-k6-'))
})
afterAll(async () => {
  await Promise.all(stages.map((stage) => stage.remove()))
  await systems.close()
  await rm(directory, { recursive: true, force: true })
})

async function stageOf(scenarios = SHORT_PUSH, changes: Partial<K6Start> = {}): Promise<Stage> {
  const stage = await setStage(smallPlan(systems.target, { scenarios }), changes)
  stages.push(stage)
  return stage
}

async function script(name: string, text: string): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, text)
  return file
}

/** The first request of the load itself. */
async function firstPush(): Promise<void> {
  while (systems.stored.desk.size === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Of a program that is not k6. */
async function notK6(k6Path: string): Promise<K6Start> {
  return {
    k6Path, planFile: 'p', historyFile: 'h', summaryFile: 's', stderrFile: join(directory, 'e'), worker: 'w1', readyUrl: 'http://127.0.0.1:1/', arrived: never(), startupTimeoutMs: 5_000,
    script: await script('x.js', ''),
  }
}

const never = () => new Promise<void>(() => {})

describe.skipIf(!k6Path)(`run-k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  test('an end in order: code, counters, nothing on stderr', async () => {
    const { run, files } = await stageOf()
    await run.started
    const end = await run.finished
    expect(end).toMatchObject({ exitCode: 0, signal: null, stderrTail: '', failedWrites: 0, summary: { v: 1, dropped_iterations: 0, history_lines: 47, http_reqs: 48 } })
    expect(end.summary!.iterations - end.summary!.surplus_iterations).toBe(47)
    expect(await readFile(files.stderrFile, 'utf8')).toBe('')
  })

  test('two processes share the load without gap or overlap', async () => {
    const all = '0,1/2,1'
    const both = await Promise.all([stageOf(SHORT_PUSH, { segment: { own: '0:1/2', all } }), stageOf(SHORT_PUSH, { segment: { own: '1/2:1', all } })])
    await Promise.all(both.map(({ run }) => run.finished))
    const histories = await Promise.all(both.map(({ history }) => history()))
    expect(histories.map((lines) => lines.length > 15)).toEqual([true, true])
    expect(new Set(histories.flat().map(({ op }) => op)).size).toBe(47)
    expect(histories.flat()).toHaveLength(47)
  })

  test('a history that cannot be written is counted, although k6 ends with 0', async () => {
    const { run } = await stageOf(SHORT_PUSH, { historyFile: '/dev/full' })
    expect(await run.finished).toMatchObject({ exitCode: 0, failedWrites: 47, summary: { history_lines: 47 } })
  })

  test('stop ends it in order, with whole lines and counters', async () => {
    systems.stored.desk.clear()
    const { run, history } = await stageOf(LONG_PUSH)
    await run.started
    await firstPush()
    await run.stop()
    const end = await run.finished
    expect(end).toMatchObject({ exitCode: 105, signal: null })
    const lines = await history()
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThan(47)
    expect(end.summary!.history_lines).toBe(lines.length)
  })

  test('an abort signal stops it; one that was there before starts nothing', async () => {
    const controller = new AbortController()
    const { run } = await stageOf(LONG_PUSH, { signal: controller.signal })
    await run.started
    controller.abort()
    expect((await run.finished).exitCode).toBe(105)
    await expect(stageOf(LONG_PUSH, { signal: controller.signal })).rejects.toThrow('abort')
  })

  test('killed: the signal is told, and there are no counters', async () => {
    systems.stored.desk.clear()
    const { run } = await stageOf(LONG_PUSH)
    await run.started
    await firstPush()
    process.kill(run.pid, 'SIGKILL')
    expect(await run.finished).toMatchObject({ exitCode: null, signal: 'SIGKILL', summary: null })
  })

  test('K6_HUNG_AT_START: a script that its loader hangs on is killed', async () => {
    const { run } = await stageOf(SHORT_PUSH, {
      arrived: never(), startupTimeoutMs: 2_000,
      script: await script('hangs.ts', 'function sealed(target: unknown) { return target }\n@sealed class Night {}\nexport default function () { return Night }\n'),
    })
    await expect(run.started).rejects.toThrow(/^K6_HUNG_AT_START: k6 was not ready after 2000 ms and was killed/)
    expect((await run.finished).signal).toBe('SIGKILL')
  })

  test.each([
    ['a syntax error', 'export default function ( {', /K6_NOT_STARTED: k6 ended with code \d+ before it was ready: .*Unexpected end of input/s],
    ['an error at load', 'throw new Error("no plan today")', /K6_NOT_STARTED: .*no plan today/s],
    ['a script that never asks', 'export const options = { iterations: 1 }; export default function () {}', /K6_NOT_STARTED: k6 ended with code 0 before it was ready/],
  ])('K6_NOT_STARTED: %s', async (name, text, message) => {
    const { run } = await stageOf(SHORT_PUSH, { arrived: never(), script: await script(`${name.replace(/ /g, '-')}.js`, text) })
    const error = await run.started.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HarnessError)
    expect((error as HarnessError).message).toMatch(message)
    await run.finished
  })

  test('K6_NOT_STARTED: no plan file', async () => {
    const { run } = await stageOf(SHORT_PUSH, { arrived: never(), planFile: join(directory, 'missing.json') })
    await expect(run.started).rejects.toThrow(/K6_NOT_STARTED: .*missing\.json/s)
    await run.finished
  })

  test('the environment of the caller does not change the plan', async () => {
    process.env['K6_ITERATIONS'] = '3'
    try {
      const { run } = await stageOf()
      expect((await run.finished).summary?.history_lines).toBe(47)
    } finally { delete process.env['K6_ITERATIONS'] }
  })
})

describe('the way to k6', () => {
  test('K6_NOT_STARTED: no such program', async () => {
    await expect(startK6(await notK6('/nowhere/k6'))).rejects.toThrow(/^K6_NOT_STARTED: "\/nowhere\/k6" cannot be run: ENOENT: no such file or directory/)
  })

  const told = async (text: string, changes: Partial<K6Start> = {}) => {
    const asked = await script('asked.sh', `#!/bin/sh\n${text}\n`)
    await chmod(asked, 0o755)
    const run = await startK6({ ...await notK6(asked), ...changes })
    await run.started.catch(() => {})
    return (await run.finished).stderrTail.trim()
  }

  test.runIf(process.platform === 'linux')('half a millisecond of slack for its timers', async () => {
    expect(await told('cat /proc/self/timerslack_ns >&2')).toBe('500000')
  })

  test('memory for a heavy load: a quarter of what is there, at least 1000 MiB; no limit for a light one', async () => {
    vi.spyOn(process, 'availableMemory').mockReturnValueOnce(24 * 2 ** 30).mockReturnValueOnce(2 * 2 ** 30)
    const limits = 'echo "$GOGC $GOMEMLIMIT" >&2'
    expect(await told(limits)).toBe('200 6144MiB')
    expect(await told(limits)).toBe('200 1000MiB')
    expect(await told(limits, { pace: { iterationsPerSecond: 5, requestsPerSecond: 20 } })).toBe('100')
  })
})
