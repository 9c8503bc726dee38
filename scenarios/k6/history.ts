/**
 * The history line of a step as text (`contracts/operation.ts`): what is the same for a step or for a whole journey is written once, because k6's engine takes
 * longer to gather and write twenty fields than for anything else that a step needs. In: who acts, then each step with its times and conclusion. Out: JSON.
 */
import type { OperationLine } from '../../contracts/operation.ts'
import type { Conclusion } from '../answer.ts'
import type { Flow, FlowStep } from '../flows/flow.ts'
import { ACTS, mainFlowOf } from '../flows/index.ts'

export type Actor = Pick<OperationLine, 'actor' | 'region' | 'worker' | 'cohort' | 'phase'>
/** What the lines of a journey have in common, as text. */
export type Common = { trace: string; who: string }

export function whoOf(actor: Actor): string { return inner(actor) }

/** `op` and `trace` stand as they are: by their form (`contracts/op.ts`) nothing in them needs an escape, and each call of `stringify` costs 3 µs. */
export function lineOf({ trace, who }: Common, op: string, flow: Flow, step: FlowStep, intendedAt: number, invokedAt: number, completedAt: number, conclusion: Conclusion): string {
  return `{"v":1,"op":"${op}","attempt":1,"trace":"${trace}",${WHATS[flow.id]![step.step]},${who},"intendedAt":${intendedAt},"invokedAt":${invokedAt},"completedAt":${completedAt},${inner(conclusion)}}`
}

const { stringify } = JSON

/** The fields of an object that has some, without its braces. */
function inner(fields: object): string { return stringify(fields).slice(1, -1) }

/** What is done, by act and step. */
const WHATS: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(ACTS.map((act) =>
  [act.id, Object.fromEntries(act.steps.map(({ step, kind }) => [step, inner({ kind, flow: mainFlowOf(act), step })]))]))
