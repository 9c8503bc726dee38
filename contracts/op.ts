/**
 * The logical operation's name: a pure function of seed, scenario, iterationInTest and step (design section 4).
 * Form: `<scenario>.<iteration>.<step>.<check>`, check = first 10 hex digits of SHA-256 over `<seed>/<scenario>/<iteration>/<step>`.
 * It is the idempotency key, and stands in the business field `reference` of every system, so that foreign records lead back to it.
 * The hash function is handed in because k6 and Node have different ones; DuckDB can recompute it with `left(sha256(…), 10)`.
 */
export type Sha256Hex = (text: string) => string

export type OpParts = { scenario: string; iteration: number; step: string; check: string }

const FORM = /^([a-z][a-z0-9-]*)\.(\d{1,9})\.([a-z][a-z0-9-]*)\.([0-9a-f]{10})$/

export function deriveOp(sha256Hex: Sha256Hex, seed: number, scenario: string, iteration: number, step: string): string {
  return `${scenario}.${iteration}.${step}.${sha256Hex(`${seed}/${scenario}/${iteration}/${step}`).slice(0, 10)}`
}

/** Undefined where the text is not of the form; says nothing about whether the plan allows it. */
export function parseOp(op: string): OpParts | undefined {
  const match = FORM.exec(op)
  if (!match) return undefined
  return { scenario: match[1]!, iteration: Number(match[2]), step: match[3]!, check: match[4]! }
}

/** The journey that an iteration belongs to: all its steps share it. */
export function deriveTrace(scenario: string, iteration: number): string {
  return `${scenario}.${iteration}`
}
