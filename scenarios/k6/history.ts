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
  return `{"v":1,"op":"${op}","attempt":1,"trace":"${trace}",${WHATS[flow.id]![step.step]},${who},"intendedAt":${intendedAt},"invokedAt":${invokedAt},"completedAt":${completedAt},${told(conclusion)}}`
}

/** As `stringify` would, but that a text which comes again and again is written once, and that what is not there is not asked after. */
function told({ outcome, system, http, error, dossierCode, procedureCode, unitCode, amountVnd, fields, observed }: Conclusion): string {
  const place = dossierCode === undefined ? '' : `,"dossierCode":${stringify(dossierCode)}`
  const what = procedureCode === undefined ? '' : `,"procedureCode":${often(procedureCode)}`
  const unit = unitCode === undefined ? '' : `,"unitCode":${often(unitCode)}`
  const amount = amountVnd === undefined ? '' : `,"amountVnd":${stringify(amountVnd)}`
  const seen = observed === undefined ? '' : `,"observed":${often(observed)}`
  const rest = fields === undefined ? '' : `,"fields":${stringify(fields)}`
  const answer = http === undefined ? '' : `,"http":{"status":${http.status},"remote":${often(http.remote)}}`
  return `"outcome":"${outcome}","system":${often(system)}${answer}${error === undefined ? '' : `,"error":${stringify(error)}`}${place}${what}${unit}${amount}${rest}${seen}`
}

/** What systems send may be anything, and is no text then. */
function often(text: string): string {
  if (typeof text !== 'string') return stringify(text)
  const known = texts[text]
  if (known !== undefined) return known
  const written = stringify(text)
  if (remembered < MAX_REMEMBERED) {
    texts[text] = written
    remembered += 1
  }
  return written
}
const texts: Record<string, string> = Object.create(null) as Record<string, string>
let remembered = 0
const MAX_REMEMBERED = 500

const { stringify } = JSON

/** The fields of an object that has some, without its braces. */
function inner(fields: object): string { return stringify(fields).slice(1, -1) }

/** What is done, by act and step. */
const WHATS: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(ACTS.map((act) =>
  [act.id, Object.fromEntries(act.steps.map(({ step, kind }) => [step, inner({ kind, flow: mainFlowOf(act), step })]))]))
