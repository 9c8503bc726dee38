/**
 * The seam of the flows: one file each, the same inner order (id, title, actor, steps, run). A journey is a list of flows played in one k6
 * iteration; what a flow learns (session, service, dossier) is there for the next. Flows know nothing of k6: the journey carries their requests.
 */
import type { OperationKind } from '../../contracts/kinds.ts'
import type { Text } from '../../contracts/text.ts'
import type { Answer, Conclusion } from '../answer.ts'
import type { Citizen } from '../cast/citizen.ts'
import type { DeskPush } from '../cast/desk.ts'

export type FlowStep = { readonly step: string; readonly kind: OperationKind }

export type Flow = {
  readonly id: string
  readonly title: Text
  readonly actor: 'citizen' | 'partner'
  readonly steps: readonly FlowStep[]
  /** False: what follows in the journey makes no sense any more. */
  run(journey: Journey): boolean
}

export type Method = 'GET' | 'POST'

export type Journey = {
  readonly citizen: Citizen
  readonly push: DeskPush
  readonly learnt: {
    service?: { procedureCode: string; unitCode: string; feeVnd: number }
    dossier?: { code: string; feeVnd: number }
  }
  /** Plays a step: hands its op to `act`, then writes exactly one history line with what `act` concludes, or `info` where it throws. */
  perform(flow: Flow, step: FlowStep, act: (op: string) => Conclusion): Conclusion
  /** To the portal, through the gateway of the citizen's region, with the journey's cookies. */
  front(op: string, method: Method, path: string, body?: object): Answer
  /** Straight to a system of the target. */
  system(op: string, id: string, method: Method, path: string, body?: object): Answer
  /** Where an answer's Location or another link leads: the portal's host goes through the gateway, other hosts must be of the target. */
  follow(op: string, link: string): Answer
  hasCookie(name: string): boolean
  pause(ms: number): void
}
