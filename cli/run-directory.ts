/** The folder of a run, from a path or from the id of a run in `results/runs/`. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { suggest } from '../contracts/did-you-mean.ts'
import { InputError } from '../contracts/error.ts'
import type { World } from './world.ts'

export function runsDirectory(world: World): string { return join(world.root, 'results', 'runs') }

export function runDirectory(world: World, nameOrPath: string): string {
  const candidates = [resolve(world.cwd, nameOrPath), join(runsDirectory(world), nameOrPath)]
  const found = candidates.find((candidate) => existsSync(join(candidate, 'plan.json')))
  if (found) return found
  const runs = existsSync(runsDirectory(world)) ? readdirSync(runsDirectory(world)) : []
  const beside = candidates.find((candidate) => existsSync(candidate))
  throw new InputError([{
    code: 'RUN_MISSING', what: beside ? `"${nameOrPath}" has no plan.json: it is no run folder` : `run "${nameOrPath}" is not there`, where: 'argument <run>',
    mend: runs.length > 0 ? suggest(nameOrPath, runs) : 'give the path of a run folder, or make one with: tongduyet rehearse',
  }])
}
