/** What is wrong with a list of behaviours for a partner that offers these routes and makes these calls: all of it at once. */
import type { Behaviour } from '../../contracts/api/behaviour.ts'
import { nearest } from '../../contracts/did-you-mean.ts'
import type { Problem } from '../../contracts/error.ts'

/** What makes sense on a request alone, and on an outgoing call alone. */
const OF_ROUTES = ['status', 'code', 'reset', 'throttle', 'outage'] as const satisfies readonly (keyof Behaviour)[]
const OF_CALLS = ['copies', 'lose', 'afterNext', 'outcome'] as const satisfies readonly (keyof Behaviour)[]

/** Answers that have no body (RFC 9110); one below 200 is not even final, so its caller would wait for another. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

export function problemsIn(behaviours: readonly Behaviour[], routes: ReadonlySet<string>, calls: ReadonlySet<string>): Problem[] {
  return behaviours.flatMap((behaviour, i) => {
    const { route } = behaviour
    const where = `behaviours[${i}]`
    if (route !== '*' && !routes.has(route) && !calls.has(route)) {
      const near = nearest(route, [...routes, ...calls])
      return [{
        code: 'BEHAVIOUR_ROUTE_UNKNOWN', what: `route "${route}" is not offered here`,
        mend: `${near ? `did you mean "${near}"? ` : ''}use one of: ${[...routes].join(', ')}${calls.size > 0 ? `; of its outgoing calls: ${[...calls].join(', ')}` : ''}`,
      }]
    }
    const foreign = (calls.has(route) && !routes.has(route) ? OF_ROUTES : OF_CALLS).filter((key) => behaviour[key] !== undefined)
    const problems: Problem[] = foreign.map((key) => ({
      code: 'BEHAVIOUR_KEY_MISPLACED', what: `"${key}" makes no sense on ${calls.has(route) ? 'the outgoing call' : 'the route'} "${route}"`, where: `${where}.${key}`,
      mend: calls.has(route) ? `outgoing calls know ${OF_CALLS.join(', ')}, delayMs and latency` : `${OF_CALLS.join(', ')} are for outgoing calls: ${[...calls].join(', ') || 'this partner makes none'}`,
    }))
    if (behaviour.throttle && behaviour.outage) {
      problems.push({ code: 'BEHAVIOUR_KEY_MISPLACED', what: 'one behaviour throttles and is an outage', where, mend: 'write two, the one that counts first above' })
    }
    if (behaviour.status !== undefined && (behaviour.status < 200 || BODILESS.has(behaviour.status))) {
      problems.push({ code: 'BEHAVIOUR_STATUS_UNUSABLE', what: `an answer ${behaviour.status} cannot carry a code`, where: `${where}.status`, mend: 'use a status of a refusal, 400 to 599' })
    }
    return problems
  })
}
