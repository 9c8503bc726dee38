/** A load without a cutover, from the operator's wish: explained, or run and judged here. */
import { EXIT } from '../../contracts/error.ts'
import { explainProfile } from '../../scenarios/derive/explain.ts'
import { printJson, printTable } from '../commands/command.ts'
import { runResolved, type RunOptions } from '../rehearse/index.ts'
import { resolveWish, type Wish } from '../rehearse/resolve.ts'
import type { World } from '../world.ts'

export type LoadOptions = RunOptions & { wish: Wish; explain: boolean; target: string; emit?: readonly string[] }

export async function load(world: World, options: LoadOptions): Promise<number> {
  const resolved = resolveWish(world, options.wish)
  if (options.explain) {
    const { columns, rows } = explainProfile(resolved, options.language)
    if (options.json) printJson(world, { profile: resolved.profile.name, derivation: resolved.derivation, scenarios: resolved.scenarios })
    else printTable(world, columns, rows)
    return EXIT.pass
  }
  return runResolved(world, resolved, options)
}
