/**
 * How one simulated partner behaves and what is kept of its exchanges: one object that its endpoint and its outgoing calls share.
 * `createEndpoint(ROUTES, state, conduct)`, and `plan: conduct.plan` for whatever it sends by itself.
 */
import type { Journal } from '../journal/journal.ts'
import type { World } from '../world.ts'
import { createBehaviours, type Behaviours } from './behaviours.ts'
import { magicOf } from './magic.ts'

export type Conduct = {
  behaviours: Behaviours
  plan: Behaviours['plan']
  /** Resolves so many ms after a moment of `performance.now()`. */
  wait: (ms: number, sinceMs: number) => Promise<void>
  journal: Journal | undefined
}

export type ConductOf = {
  /** The system's id, and the role whose magic identifiers it knows. */
  system: string; role: string
  routes: readonly { name: string }[]
  /** Names of its outgoing calls. */
  calls?: readonly string[]
}

export function createConduct(world: World, { system, role, routes, calls = [] }: ConductOf): Conduct {
  const behaviours = createBehaviours({ routes: new Set(routes.map(({ name }) => name)), calls: new Set(calls), clocks: world, magic: world.magic ? magicOf(role) : undefined })
  return { behaviours, plan: behaviours.plan, wait: waitOf(world), journal: world.journals?.of(system) }
}

/** Of an endpoint without a world of its own. */
export function plainConduct(routes: readonly { name: string }[]): Conduct {
  const behaviours = createBehaviours({ routes: new Set(routes.map(({ name }) => name)) })
  return { behaviours, plan: behaviours.plan, wait: waitOf({ after: (ms, run) => { const timer = setTimeout(run, Math.round(ms)).unref(); return () => clearTimeout(timer) } }), journal: undefined }
}

function waitOf({ after }: Pick<World, 'after'>): Conduct['wait'] {
  return (ms, sinceMs) => {
    const rest = ms - (performance.now() - sinceMs)
    return rest <= 0 ? Promise.resolve() : new Promise((resolve) => { after(rest, resolve) })
  }
}
