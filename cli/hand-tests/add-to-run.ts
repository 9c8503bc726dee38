/**
 * Lets tests by hand join the records of a run that is over (`judge --hand-tests`): the history and, beside the plan, which was hashed before the run began, what
 * declares it. A run that declared tests before keeps those.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../../contracts/error.ts'
import { HAND_TESTS, type AddedHandTests } from '../../contracts/hand-tests.ts'
import { Plan } from '../../contracts/plan.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { shownPath } from '../documents/sources.ts'
import type { World } from '../world.ts'
import { handLines, writeHandLines } from './hand-lines.ts'
import { readHandTests } from './read-hand-tests.ts'

export async function addHandTests(world: World, directory: string, path: string): Promise<void> {
  const folder = runFolder(directory)
  const plan = planOf(folder.plan)
  const file = resolve(world.cwd, path)
  const shown = shownPath(world, file)
  const lines = handLines(await readHandTests(file, shown, world.nowMs()), plan.seed)
  if (plan.handTests) {
    if (plan.handTests.sha256 === lines.sha256) return
    throw new InputError([{ code: 'HAND_TESTS_DECLARED', what: `the run declared ${plan.handTests.rows} tests by hand before it began, and these are others`, where: shown, mend: 'judge it without --hand-tests, or rehearse with this workbook' }])
  }
  const addedAt = world.nowMs()
  rmSync(folder.historyOf(HAND_TESTS), { force: true })
  writeHandLines(folder.historyOf(HAND_TESTS), lines, addedAt)
  writeFileSync(folder.handTests, `${JSON.stringify({ v: 1, rows: lines.lines.length, sha256: lines.sha256, addedAt } satisfies AddedHandTests)}\n`)
}

function planOf(path: string): Plan {
  let json: unknown
  try { json = JSON.parse(readFileSync(path, 'utf8')) } catch { json = null }
  const parsed = Plan.safeParse(json)
  if (parsed.success) return parsed.data
  throw new InputError([{ code: 'RUN_PLAN_UNREADABLE', what: 'there is no plan of this version', where: path, mend: 'name a run folder that holds a plan.json of this version' }])
}
