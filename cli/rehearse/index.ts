/** One run, a night or a load, from the operator's wish to the exit code: resolve, check the machine, play, settle, print. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { EXIT, HarnessError, InputError } from '../../contracts/error.ts'
import type { Language } from '../../contracts/text.ts'
import { exitCodeOf } from '../../results/outcome/index.ts'
import { checkScenarios } from '../../scenarios/bundle.ts'
import { printJson } from '../commands/command.ts'
import { shownPath } from '../documents/sources.ts'
import { handLines } from '../hand-tests/hand-lines.ts'
import { readHandTests } from '../hand-tests/read-hand-tests.ts'
import type { World } from '../world.ts'
import { checkCapacity, measureSpeed } from './capacity.ts'
import { createNarrator, OUTCOME_WORDS } from './narrate.ts'
import { newRunFolder, playNight, type NightHooks } from './night.ts'
import { resolveWish, type Resolved, type Wish } from './resolve.ts'
import { newRunId } from './run-id.ts'
import { claimScratch, clearScratch, dropScratch } from './scratch.ts'
import { settleRun, type Settled } from './settle-run.ts'
import { closingTime, createStopping } from './stopping.ts'

export type RunOptions = { outDirectory: string; language: Language; json: boolean; hooks?: NightHooks }

/** Database, histories and evidence of a default run take about a third of this. */
const NEEDED_DISK_BYTES = 1.5 * 1024 ** 3

export async function rehearse(world: World, options: RunOptions & { wish: Wish; handTests?: string }): Promise<number> {
  const { handTests } = options
  const resolved = resolveWish(world, options.wish)
  if (handTests === undefined) return runResolved(world, resolved, options)
  const file = resolve(world.cwd, handTests)
  const tests = await readHandTests(file, shownPath(world, file), world.nowMs())
  return runResolved(world, { ...resolved, handTests: handLines(tests, resolved.seed) }, options)
}

export async function runResolved(world: World, resolved: Resolved, options: RunOptions): Promise<number> {
  await checkScenarios()
  checkCapacity(resolved, { cores: world.cores, speed: measureSpeed() })
  checkOutDirectory(world, options.outDirectory)
  clearScratch(options.outDirectory)
  const runId = newRunId(resolved.profile.name, world.nowMs())
  const folder = newRunFolder(options.outDirectory, runId)
  claimScratch(folder)
  const narrator = createNarrator(world, options.language, resolved)

  const stopping = createStopping(world, { folder, language: options.language, say: narrator.say, closesAt: closingTime(world, resolved) })
  try {
    const end = await playNight(world, resolved, { folder, runId, signal: stopping.signal, kill: stopping.kill, hooks: merge(narrator.hooks, options.hooks) })
    const settled = await settleRun(folder, options.language)
    const exitCode = end.end === 'interrupted' ? EXIT.interrupted : exitCodeOf(settled.outcome.outcome)
    if (options.json) printJson(world, { exitCode, directory: folder.directory, outcome: settled.outcome })
    else printOutcome(world, options.language, exitCode, folder.directory, settled)
    return exitCode
  } catch (error) {
    if (stopping.signal.aborted && !(error instanceof HarnessError)) {
      world.stderr.write(`${OUTCOME_WORDS[options.language][EXIT.interrupted]}  ${folder.directory}\n`)
      return EXIT.interrupted
    }
    // A run that could not begin is no pass either: its folder says so too.
    if (error instanceof HarnessError && existsSync(folder.plan)) await settleRun(folder, options.language).catch(() => {})
    throw error
  } finally {
    narrator.stop()
    stopping.close()
    dropScratch(folder)
  }
}

function checkOutDirectory(world: World, directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
  } catch (error) {
    throw new InputError([{ code: 'OUT_NOT_WRITABLE', what: `"${directory}" cannot be written: ${(error as NodeJS.ErrnoException).code}`, where: '--out', mend: 'give a folder that can be written' }])
  }
  const free = world.freeDiskBytes(directory)
  if (free < NEEDED_DISK_BYTES) {
    throw new InputError([{ code: 'DISK_FULL', what: `${(free / 1024 ** 3).toFixed(2)} GiB are free where "${directory}" lies; a rehearsal needs ${NEEDED_DISK_BYTES / 1024 ** 3} GiB`, where: '--out', mend: 'free space, or give --out on another disk' }])
  }
}

function printOutcome(world: World, language: Language, exitCode: number, directory: string, { verdict, findings, outcome, selfcheck, files }: Settled): void {
  const write = (text: string) => world.stdout.write(`${text}\n`)
  write('')
  write(`${OUTCOME_WORDS[language][exitCode as keyof (typeof OUTCOME_WORDS)['vi']] ?? outcome.outcome}  (${verdict.coverage.verified}/${verdict.coverage.operations} ${language === 'vi' ? 'thao tác được đối chiếu' : 'operations verified'}, selfcheck ${selfcheck.status})`)
  for (const criterion of verdict.criteria.filter((one) => one.status !== 'pass')) write(`  ${criterion.status}  ${criterion.id}: ${criterion.observed}  [${criterion.expected}]`)
  for (const finding of findings) write(`  ${finding.id}  ${finding.incident ?? finding.class}  ${finding.system} (${finding.unit})  ×${finding.count}: ${finding.cause}`)
  for (const rule of outcome.validity) write(`  validity: ${rule}`)
  for (const fault of outcome.faults) write(`  fault ${fault.id}: planted ${fault.planted}, effective ${fault.effective}${fault.note ? ` (${fault.note})` : ''}`)
  write(directory)
  for (const file of files.filter((name) => name.endsWith('.html'))) write(file)
}

/** Both are told, in order. */
function merge(first: NightHooks, second: NightHooks = {}): NightHooks {
  const names = ['onPlan', 'onStack', 'onEvent', 'onPhase', 'onLive', 'onRunning'] as const
  return Object.fromEntries(names.map((name) => [name, (value: never) => { first[name]?.(value); second[name]?.(value) }]))
}
