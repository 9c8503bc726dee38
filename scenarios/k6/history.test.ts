import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import { OperationLine } from '../../contracts/operation.ts'
import type { Conclusion } from '../answer.ts'
import { login } from '../flows/login.ts'
import { lineOf, whoOf } from './history.ts'

test('a line is what JSON.stringify would write of all its fields, in the same order', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z][a-z0-9-]*$/), fc.nat(), fc.string(), fc.string(), fc.integer({ min: 0 }), fc.boolean(), (scenario, iteration, text, region, time, known) => {
    const trace = deriveTrace(scenario, iteration)
    const op = deriveOp(() => '0123456789', 7, scenario, iteration, 'login')
    const actor = { actor: 'citizen', region, worker: 'w1', cohort: 'kept', phase: text }
    const conclusion: Conclusion = { outcome: 'fail', system: text, error: text, ...(known && { fields: { [text]: text, n: 1, none: null } }), ...(!known && { http: { status: 409, remote: region } }) }
    const line = lineOf({ trace, who: whoOf(actor) }, op, login, login.steps[0]!, time, time + 1, time + 2, conclusion)
    expect(line).toBe(JSON.stringify({ v: 1, op, attempt: 1, trace, kind: 'login', flow: 'login', step: 'login', ...actor, intendedAt: time, invokedAt: time + 1, completedAt: time + 2, ...conclusion }))
    OperationLine.parse(JSON.parse(line))
  }))
})
