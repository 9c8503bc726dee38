/** A load without a cutover, from the operator's wish: explained, written out for Kubernetes, or run and judged here. */
import { runResolved, type RunOptions } from '../rehearse/index.ts'
import { resolveWish, type Wish } from '../rehearse/resolve.ts'
import type { World } from '../world.ts'

export type LoadOptions = RunOptions & { wish: Wish; explain: boolean; target: string; emit?: readonly string[] }

export async function load(world: World, options: LoadOptions): Promise<number> {
  const resolved = resolveWish(world, options.wish)
  return runResolved(world, resolved, options)
}
