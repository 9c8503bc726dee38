/**
 * A whole rehearsal in containers whose process is killed in the middle of the load: the next run clears away all that it left and nothing else; interrupted in its turn it undoes
 * its steps and leaves nothing, so that the engine and the machine's directory for temporary files are as before. The killed one's records stay, and nobody takes them for a pass.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { connectDocker, type Docker } from '../../stack/containers/docker.ts'
import { ownerText } from '../../stack/containers/owner.ts'
import { OWNER_LABEL, RUN_LABEL } from '../../stack/containers/ownership.ts'
import { describeWithDocker } from '../../stack/containers/testing/docker-answers.ts'
import { allThings, thingsOf } from '../../stack/containers/testing/things-of.ts'
import { readLines } from '../testing/finished-run.ts'
import { testWorld } from '../testing/world.ts'
import { rehearse } from './index.ts'
import { scratchOf } from './scratch.ts'

const RUN_MS = 600_000
const { root } = testWorld()

let out: string
let temporary: string
let docker: Docker
/** Not of the run: they carry no label, or that of somebody who lives. */
const STRANGERS = ['killed-test-stranger', 'killed-test-neighbour']

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'killed-'))
  temporary = join(out, 'temporary')
  mkdirSync(temporary)
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

/** Processes of this machine that were told of the directory. */
function processesAt(directory: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
    try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory) ? [readFileSync(`/proc/${pid}/comm`, 'utf8').trim()] : [] } catch { return [] }
  })
}

describeWithDocker('a rehearsal that is killed in the middle', () => {
  beforeAll(async () => { ({ docker } = await connectDocker()) })

  it('leaves what the next run clears away, and only that; that one, interrupted, leaves nothing', async () => {
    await docker.createVolume({ Name: STRANGERS[0]! })
    await docker.createNetwork({ Name: STRANGERS[1]!, Internal: true, Labels: { [RUN_LABEL]: 'neighbour', [OWNER_LABEL]: ownerText()! } })
    try {
      const before = await allThings(docker)
      const child = spawn(process.execPath, ['cli/bin.ts', 'rehearse', '--target', 'containers', '--profile', 'smoke', '--lang', 'en', '--out', join(out, 'runs')], { cwd: root, env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      // k6 sends by then, and a step has changed the system.
      for await (const piece of child.stderr) if ((said += String(piece)).includes('Bulk copy')) child.kill('SIGKILL')
      expect(child.signalCode ?? (await once(child, 'exit') as [number, string])[1], said).toBe('SIGKILL')

      const [runId] = readdirSync(join(out, 'runs'))
      const folder = runFolder(join(out, 'runs', runId!))
      expect((await thingsOf(docker, runId!)).length).toBeGreaterThan(20)
      expect(existsSync(scratchOf(folder))).toBe(true)
      expect(existsSync(folder.plan)).toBe(true)
      // Torn off: nobody takes it for whole.
      expect(await checkRecordFile(folder.journal)).toMatchObject({ whole: false })
      expect(existsSync(folder.outcome)).toBe(false)

      const world = testWorld()
      const exitCode = await rehearse(world, {
        wish: { target: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', faults: [], seed: 5 }, outDirectory: join(out, 'runs'), language: 'en', json: false,
        hooks: { onEvent: (event) => { if (event.kind === 'step' && event.event === 'begin' && event.action === 'dns.watch') world.interrupt() } },
      })
      expect(exitCode, world.err()).toBe(130)
      const interrupted = runFolder(join(out, 'runs', readdirSync(join(out, 'runs')).find((name) => name !== runId)!))
      const journal = readLines<{ kind: string; id?: string; event?: string }>(interrupted.journal)
      expect(journal.filter((entry) => entry.kind === 'undo' && entry.event === 'done').map((entry) => entry.id)).toEqual(expect.arrayContaining(['switch-dns', 'freeze-legacy']))
      expect(await allThings(docker)).toEqual(before)
      expect(existsSync(scratchOf(folder))).toBe(false)
      expect(existsSync(folder.plan)).toBe(true)
      expect(processesAt(folder.directory)).toEqual([])
      expect(readdirSync(temporary)).toEqual([])
    } finally {
      await docker.getVolume(STRANGERS[0]!).remove()
      await docker.getNetwork(STRANGERS[1]!).remove()
    }
  }, RUN_MS)
})
