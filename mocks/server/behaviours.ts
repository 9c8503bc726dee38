/**
 * Which requests a behaviour (contracts/api/admin.ts) touches. The draw is over seed, route, subject and how often this subject has asked, never
 * over a counter of the process: what happens to one citizen does not hang on who else asks at the time, and a repeated request draws anew.
 * In: the list set by the control `behave`, which replaces the one before. Out: the first behaviour that fits, or none.
 */
import { InputError } from '../../contracts/error.ts'
import type { Behaviour } from '../../contracts/api/admin.ts'
import { draw } from './draw.ts'

export type Behaviours = {
  set: (behaviours: readonly Behaviour[]) => void
  pick: (route: string, subject: string) => Behaviour | undefined
}

export function createBehaviours(routeNames: ReadonlySet<string>): Behaviours {
  let byRoute = new Map<string, Behaviour[]>()
  // Only while behaviours are set, so it stays as small as the fault is short.
  let asked = new Map<string, number>()
  return {
    set(behaviours) {
      const unknown = behaviours.filter((behaviour) => !routeNames.has(behaviour.route))
      if (unknown.length > 0) {
        throw new InputError(unknown.map(({ route }) => ({
          code: 'BEHAVIOUR_ROUTE_UNKNOWN', what: `route "${route}" is not offered here`, mend: `use one of: ${[...routeNames].join(', ')}`,
        })))
      }
      byRoute = Map.groupBy(behaviours, (behaviour) => behaviour.route)
      asked = new Map()
    },
    pick(route, subject) {
      const candidates = byRoute.get(route)
      if (!candidates) return undefined
      const key = `${route}/${subject}`
      const nth = (asked.get(key) ?? 0) + 1
      asked.set(key, nth)
      return candidates.find((behaviour, i) => draw(behaviour.seed, i, route, subject, nth) < behaviour.share)
    },
  }
}
