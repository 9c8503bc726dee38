/**
 * The seam of the flows: one file each, the same inner order (id, partOf, title, actor, steps, run). The 13 flows to test (000 3.2(4)) have further
 * playable parts, "acts", which belong to one of them (`partOf`). A journey is a list of acts played in one k6 iteration; what one learns (session,
 * service, dossier) is there for the next. Acts know nothing of k6: the journey carries their requests.
 */
import type { OperationKind } from '../../contracts/kinds.ts'
import type { Text } from '../../contracts/text.ts'
import type { Answer, Conclusion } from '../answer.ts'
import type { Citizen } from '../cast/citizen.ts'
import type { DeskPush } from '../cast/desk.ts'
import type { Officer } from '../cast/officer.ts'

export type FlowStep = { readonly step: string; readonly kind: OperationKind }

export type Flow = {
  readonly id: string
  /** The flow that it belongs to, where it is not one of the 13 itself. */
  readonly partOf?: string
  readonly title: Text
  readonly actor: 'citizen' | 'staff' | 'partner'
  readonly steps: readonly FlowStep[]
  /** False: what follows in the journey makes no sense any more. */
  run(journey: Journey): boolean
}

export type Method = 'GET' | 'POST'

export type Journey = {
  readonly citizen: Citizen
  readonly push: DeskPush
  readonly officer: Officer
  readonly learnt: {
    service?: { procedureCode: string; unitCode: string; feeVnd: number; redirectUrl?: string }
    dossier?: { code: string; feeVnd: number }
    /** Session of an officer. */
    staff?: { token: string }
  }
  /**
   * Plays a step: hands its op to `act`, then writes exactly one history line with what `act` concludes, or `info` where it throws; none where it
   * concludes nothing, because there was nothing to do.
   */
  perform<T extends Conclusion | undefined>(flow: Flow, step: FlowStep, act: (op: string) => T): T
  /** To the portal, through the gateway of the citizen's region, with the journey's cookies. */
  front(op: string, method: Method, path: string, body?: object): Answer
  /** Straight to a system of the target, with the officer's token where there is one. */
  system(op: string, id: string, method: Method, path: string, body?: object): Answer
  /** Where an answer's Location or another link leads: the portal's host goes through the gateway, other hosts must be of the target. With a body it is posted there. */
  follow(op: string, link: string, body?: object): Answer
  hasCookie(name: string): boolean
  pause(ms: number): void
  /** A pause until somebody else has done their part: the clock of the step starts again after it, since their time is not this operation's. */
  standBy(ms: number): void
}
