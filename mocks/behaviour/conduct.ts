/**
 * How one simulated partner behaves and what is kept of its exchanges: one object that its endpoint and its outgoing calls share.
 * `createEndpoint(ROUTES, state, conduct)`, and `plan: conduct.plan` for whatever it sends by itself.
 */
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'
import { signatureProblem } from '../../contracts/partner-api/signature.ts'
import type { Header, RoleWire } from '../../contracts/partner-api/wire.ts'
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
  /** How it speaks over the wire; undefined for canonical names. */
  wire: RoleWire | undefined
  /** What is wrong with the signature of a request; undefined where nothing is. */
  verify: (body: string, header: Header) => string | undefined
}

/** By which a sender says who he is; without any of them it is the one with whom this partner shares its key. */
const SENDER_HEADERS = [...new Set(ROLES.flatMap(({ senderHeader }) => senderHeader ?? []))]

export type ConductOf = {
  /** The system's id, and the role whose magic identifiers it knows. */
  system: string; role: string
  routes: readonly { name: string }[]
  /** Names of its outgoing calls. */
  calls?: readonly string[]
}

export function createConduct(world: World, { system, role, routes, calls = [] }: ConductOf): Conduct {
  const behaviours = createBehaviours({ routes: new Set(routes.map(({ name }) => name)), calls: new Set(calls), clocks: world, magic: world.magic ? magicOf(role) : undefined })
  const wire = world.wireOf(role)
  return {
    behaviours, plan: behaviours.plan, wait: waitOf(world), journal: world.journals?.of(system), wire,
    verify: (body, header) => {
      const sender = SENDER_HEADERS.map(header).find((name) => name !== undefined)
      // The time of a signature is the sender's real one, whatever the simulators' clock was set to.
      return signatureProblem(wire?.signature ?? DEFAULT_SIGNATURE, world.findKey(sender ?? system), body, header, Date.now())
    },
  }
}

/** Of an endpoint without a world of its own. */
export function plainConduct(routes: readonly { name: string }[]): Conduct {
  const behaviours = createBehaviours({ routes: new Set(routes.map(({ name }) => name)) })
  return { behaviours, plan: behaviours.plan, wait: waitOf({ after: (ms, run) => { const timer = setTimeout(run, Math.round(ms)).unref(); return () => clearTimeout(timer) } }), journal: undefined, wire: undefined, verify: () => 'nobody has a key here' }
}

function waitOf({ after }: Pick<World, 'after'>): Conduct['wait'] {
  return (ms, sinceMs) => {
    const rest = ms - (performance.now() - sinceMs)
    return rest <= 0 ? Promise.resolve() : new Promise((resolve) => { after(rest, resolve) })
  }
}
