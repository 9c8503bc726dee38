/**
 * Which requests and which outgoing calls a behaviour (contracts/api/behaviour.ts) touches. The draw is over seed, route, subject and how often this
 * subject has asked, never over a counter of the process: what happens to one citizen does not hang on who else asks at the time, and a repeated
 * request draws anew. In: the list set by the control `behave`, which replaces the one before; magic identifiers, where the partner knows any.
 * Out: what to do, or undefined, which is the rule and costs a look-up.
 */
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Behaviour } from '../../contracts/api/behaviour.ts'
import type { CallPlan } from '../delivery/call-plan.ts'
import { draw, evenDraw } from './draw.ts'
import { latencyQuantileMs } from './latency.ts'
import type { MagicLookUp } from './magic.ts'
import { outOfService, throttled, type Misbehaviour } from './misbehave.ts'
import { outageOf, type Clocks, type Outage } from './outage.ts'
import { problemsIn } from './problems.ts'
import { createBuckets, type Bucket } from './throttle.ts'
import { refusal } from '../server/route.ts'

export type Fields = Readonly<Record<string, unknown>>
type HeaderOf = (name: string) => string | undefined
export type Behaviours = {
  set: (behaviours: readonly Behaviour[]) => void
  /** What is wrong with a list, without setting it. */
  problems: (behaviours: readonly Behaviour[]) => Problem[]
  list: () => readonly Behaviour[]
  pick: (route: string, subject: string, input?: Fields, header?: HeaderOf) => Misbehaviour | undefined
  plan: (call: string, subject: string, fields?: Fields) => CallPlan | undefined
  /** No connection is to be taken now. */
  refusesConnections: () => boolean
  /** Now or later: an outage that refuses is set and not over. */
  mayRefuseConnections: () => boolean
  /** Tells one listener of each new list. */
  onSet: (listener: () => void) => void
}

export type BehavioursOptions = { routes: ReadonlySet<string>; calls?: ReadonlySet<string>; clocks?: Clocks; magic?: MagicLookUp | undefined }

type Ready = { behaviour: Behaviour; bucket: Bucket | undefined; outage: Outage | undefined }

/** More subjects than this are not told apart by how often they asked: those that asked first are forgotten first. */
const MAX_SUBJECTS = 200_000
const NO_HEADERS = () => undefined
/** By which a caller is known, in this order; without any of them all callers are one. */
const CALLER_HEADERS = ['x-partner', 'x-bank', 'x-gateway', 'x-caller', 'authorization', 'x-forwarded-for']
const WALL: Clocks = { wallNow: Date.now, scenarioNow: Date.now }

export function createBehaviours({ routes, calls = new Set(), clocks = WALL, magic }: BehavioursOptions): Behaviours {
  let current: readonly Behaviour[] = []
  let byName = new Map<string, Ready[]>()
  let refusing: Outage[] = []
  let listener: (() => void) | undefined
  // Only while behaviours are set, so it stays as small as the fault is short.
  let asked = new Map<string, number>()

  function nthOf(name: string, subject: string): number {
    const key = `${name}/${subject}`
    const nth = (asked.get(key) ?? 0) + 1
    asked.set(key, nth)
    if (asked.size > MAX_SUBJECTS) asked.delete(asked.keys().next().value!)
    return nth
  }

  /** The first of the name that fits; one that throttles or is over fits only where it has something to say. */
  function choose(name: string, subject: string, header: HeaderOf): { ready: Ready; nth: number; waitMs: number } | undefined {
    const candidates = byName.get(name)
    if (!candidates) return undefined
    const nth = nthOf(name, subject)
    for (const [i, ready] of candidates.entries()) {
      const { behaviour, bucket, outage } = ready
      if (outage && !outage.isOn()) continue
      if (draw(behaviour.seed, i, name, subject, nth) >= behaviour.share) continue
      const waitMs = bucket ? bucket.takeOrWaitMs(callerOf(header)) : 0
      if (bucket && waitMs === 0) continue
      return { ready, nth, waitMs }
    }
    return undefined
  }

  const problemsOf = (behaviours: readonly Behaviour[]) => problemsIn(behaviours, routes, calls)

  return {
    problems: problemsOf,
    set(behaviours) {
      const problems = problemsOf(behaviours)
      if (problems.length > 0) throw new InputError(problems)
      const all = behaviours.map((behaviour): Ready => ({
        behaviour, bucket: behaviour.throttle && createBuckets(behaviour.throttle, clocks.wallNow), outage: behaviour.outage && outageOf(behaviour.outage, clocks),
      }))
      const names = [...routes, ...calls].map((name): [string, Ready[]] => [name, all.filter(({ behaviour: { route } }) => route === name || (route === '*' && routes.has(name)))])
      byName = new Map(names.filter(([, fitting]) => fitting.length > 0))
      refusing = all.flatMap(({ behaviour, outage }) => behaviour.outage?.how === 'refuse' && outage ? [outage] : [])
      asked = new Map()
      current = behaviours
      listener?.()
    },
    onSet(next) { listener = next },
    list: () => current,

    pick(route, subject, input, header = NO_HEADERS) {
      const chosen = byName.size > 0 ? choose(route, subject, header) : undefined
      if (chosen) return misbehaviourOf(chosen.ready, route, subject, chosen.nth, chosen.waitMs)
      return magic && input && magic.pick(route, input)
    },

    plan(call, subject, fields) {
      const chosen = byName.size > 0 ? choose(call, subject, NO_HEADERS) : undefined
      if (chosen) return callPlanOf(chosen.ready.behaviour, delayOf(chosen.ready.behaviour, call, subject, chosen.nth))
      return magic && fields && magic.plan(call, fields)
    },

    refusesConnections: () => refusing.some((outage) => outage.isOn()),
    mayRefuseConnections: () => refusing.some((outage) => !outage.isOver()),
  }
}

function callerOf(header: HeaderOf): string {
  for (const name of CALLER_HEADERS) {
    const value = header(name)
    if (value !== undefined) return `${name} ${value}`
  }
  return ''
}

function delayOf({ latency, delayMs = 0, seed }: Behaviour, name: string, subject: string, nth: number): number {
  return latency ? latencyQuantileMs(latency, evenDraw(seed, name, subject, nth)) : delayMs
}

function misbehaviourOf({ behaviour, outage, bucket }: Ready, route: string, subject: string, nth: number, waitMs: number): Misbehaviour {
  if (bucket) return { delayMs: 0, answer: throttled(waitMs), why: 'throttle' }
  if (outage) return behaviour.outage!.how === 'refuse' ? { delayMs: 0, reset: 'before', why: 'outage' } : { delayMs: 0, answer: outOfService(), why: 'outage' }
  const { status, code = 'SIMULATED_FAILURE', reset, latency } = behaviour
  return {
    delayMs: delayOf(behaviour, route, subject, nth),
    ...(status !== undefined && { answer: refusal(status, code, `simulated: status ${status}`) }),
    ...(reset && { reset }),
    why: reset ? `reset ${reset}` : status !== undefined ? `status ${status}` : latency ? `latency ${latency.distribution}` : 'delay',
  }
}

export function callPlanOf({ copies, lose, afterNext, outcome }: Pick<Behaviour, 'copies' | 'lose' | 'afterNext' | 'outcome'>, delayMs: number): CallPlan {
  return {
    ...(copies !== undefined && { copies }), ...(delayMs > 0 && { delayMs }), ...(lose && { drop: true }), ...(afterNext && { afterNext: true }),
    ...(outcome !== undefined && { outcome }),
  }
}
