/** A load without a cutover, from the operator's wish: explained, written out for Kubernetes, or run and judged here. */
import { EXIT } from '../../contracts/error.ts'
import { explainProfile } from '../../scenarios/derive/explain.ts'
import { printJson, printTable } from '../commands/command.ts'
import { runResolved, type RunOptions } from '../rehearse/index.ts'
import { resolveWish, type Wish } from '../rehearse/resolve.ts'
import type { World } from '../world.ts'
import { emitLoad } from './emit.ts'

export type LoadOptions = RunOptions & { wish: Wish; explain: boolean; target: string; emit?: readonly string[] }

export async function load(world: World, options: LoadOptions): Promise<number> {
  const resolved = resolveWish(world, options.wish)
  if (options.explain) {
    const { columns, rows } = explainProfile(resolved, options.language)
    if (options.json) printJson(world, { profile: resolved.profile.name, derivation: resolved.derivation, scenarios: resolved.scenarios })
    else printTable(world, columns, rows)
    return EXIT.pass
  }
  if (options.emit) return emitLoad(world, resolved, { emit: options.emit, target: options.target, json: options.json })
  return runResolved(world, resolved, options)
}
