/** Tests by hand as lines of a history of their own (`history/hand-tests.ndjson`), sealed like the others and declared in the plan by their hash. */
import { createHash } from 'node:crypto'
import { HAND_TESTS } from '../../contracts/hand-tests.ts'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { RecordWriter } from '../../contracts/record-file.ts'
import type { HandTest } from './read-hand-tests.ts'

export type HandLines = { lines: string[]; sha256: string }

/** One journey for each dossier; the same step again is a further attempt. */
export function handLines(tests: readonly HandTest[], seed: number): HandLines {
  const dossiers = [...new Set(tests.map(({ dossierCode }) => dossierCode))]
  const attempts = new Map<string, number>()
  const lines = tests.map(({ dossierCode, legacy, partner, step, at, role, outcome, place, status, amountVnd }) => {
    const iteration = dossiers.indexOf(dossierCode)
    const op = deriveOp(sha256Hex, seed, HAND_TESTS, iteration, step.step)
    const attempt = (attempts.get(op) ?? 0) + 1
    attempts.set(op, attempt)
    return JSON.stringify({
      v: 1, op, attempt, trace: deriveTrace(HAND_TESTS, iteration), kind: step.kind, flow: step.flow, step: step.step, actor: 'tester', region: partnerOf(partner).region, worker: HAND_TESTS, cohort: 'hand', phase: HAND_TESTS,
      intendedAt: at, invokedAt: at, completedAt: at, outcome, system: legacy ? 'legacy' : 'portal', dossierCode, ...(amountVnd !== undefined && { amountVnd }), fields: { partner, role, place }, ...(outcome === 'ok' && (status ?? step.sets) !== undefined && { observed: status ?? step.sets }),
    } satisfies OperationLine)
  })
  return { lines, sha256: sha256Hex(lines.map((line) => `${line}\n`).join('')) }
}

export function writeHandLines(file: string, { lines }: HandLines, endedAt: number): void {
  const writer = new RecordWriter(file)
  for (const line of lines) writer.writeLine(line)
  writer.close(endedAt)
}

function sha256Hex(text: string): string { return createHash('sha256').update(text).digest('hex') }
