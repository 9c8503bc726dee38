/** The kill switch of a whole run: a file `STOP` in its folder, or a second Ctrl-C. The load generators are gone within two seconds, the runbook is undone, the records stay. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperationLine } from '../../contracts/operation.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { RunOutcome } from '../../contracts/verdict.ts'
import { readLines } from '../testing/finished-run.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'
import { rehearse } from './index.ts'

const RUN_MS = 300_000

let out: string
beforeAll(() => { out = mkdtempSync(join(tmpdir(), 'stopping-')) })
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe('all load is cut within two seconds', () => {
  it.each<[string, (world: TestWorld, directory: string) => void]>([
    ['by a file STOP in the run folder', (_world, directory) => writeFileSync(join(directory, 'STOP'), '')],
    ['by a second Ctrl-C', (world) => { world.interrupt(); world.interrupt() }],
  ])('%s', async (_, cut) => {
    const world = testWorld()
    const before = new Set(readdirSync(out))
    const directory = () => join(out, readdirSync(out).find((name) => !before.has(name))!)
    let pids: number[] = []
    let cutAt = 0
    let goneAfterMs: Promise<number> | undefined
    const exitCode = await rehearse(world, {
      wish: { target: 'embedded', runbook: 'night-2026-04-10', profile: 'smoke', faults: [], seed: 81 }, outDirectory: out, language: 'en', json: false,
      hooks: {
        onRunning: ({ k6Pids }) => { pids = k6Pids },
        onEvent: (event) => {
          if (cutAt > 0 || event.kind !== 'step' || event.event !== 'begin' || event.action !== 'partners.connect') return
          cutAt = Date.now()
          cut(world, directory())
          goneAfterMs = gone(pids, cutAt)
        },
      },
    })
    expect(exitCode, world.err()).toBe(130)
    expect(pids.length).toBeGreaterThan(0)
    expect(await goneAfterMs).toBeLessThan(2_000)
    const folder = runFolder(directory())
    const journal = readLines<{ kind: string; event?: string }>(folder.journal)
    expect(journal.some((entry) => entry.kind === 'run' && entry.event === 'interrupted')).toBe(true)
    expect(journal.some((entry) => entry.kind === 'undo' && entry.event === 'done')).toBe(true)
    // What was written until then stays, whole line by line but the last; it is no finished history.
    const lines = readFileSync(folder.historyOf('w1'), 'utf8').split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(50)
    const last = Math.max(...lines.map((line) => (JSON.parse(line) as OperationLine).invokedAt))
    expect(last - cutAt).toBeLessThan(2_000)
    expect(lines.at(-1)).not.toContain('trailer')
    expect(RunOutcome.parse(JSON.parse(readFileSync(folder.outcome, 'utf8'))).outcome).not.toBe('pass')
    expect(existsSync(join(folder.directory, 'tmp'))).toBe(false)
  }, RUN_MS)
})

async function gone(pids: readonly number[], sinceMs: number): Promise<number> {
  while (pids.some((pid) => isAlive(pid))) await new Promise((look) => { setTimeout(look, 10) })
  return Date.now() - sinceMs
}

function isAlive(pid: number): boolean {
  try { return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')) } catch { return false }
}
