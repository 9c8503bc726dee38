/** Everything that can happen to a dossier, by every actor: real k6, real sockets, played systems. */
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { OPERATION_KINDS } from '../contracts/kinds.ts'
import { parseOp } from '../contracts/op.ts'
import type { OperationLine } from '../contracts/operation.ts'
import { FLOWS } from './flows/index.ts'
import { LOOK_EVERY_MS } from './flows/wait-for.ts'
import { countryPlan } from './playground/country.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'
import { expectWholeHistory, isStored, ops, play, storedOps, type Played } from './playground/performance.ts'
import { json } from './playground/systems.ts'

const MAX_BYTES_A_STEP = 120

describe.skipIf(!k6Path)(`real k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let played: Played
  const of = (step: string) => played.lines.filter((line) => line.step === step)
  const scenarioOf = ({ op }: OperationLine) => parseOp(op)!.scenario
  beforeAll(async () => { played = await play({ planOf: countryPlan }) })

  test('every kind of operation is played, all 13 flows by citizens, staff and partners; everything is a yes', () => {
    expectWholeHistory(played)
    expect(played.lines.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(new Set(played.lines.map(({ kind }) => kind))).toEqual(new Set(OPERATION_KINDS))
    expect(new Set(played.lines.map(({ flow }) => flow))).toEqual(new Set(FLOWS.map(({ id }) => id)))
    expect(new Set(played.lines.map(({ actor }) => actor))).toEqual(new Set(['citizen', 'staff', 'partner']))
  })

  test('what was stored is what was acknowledged', () => {
    expect(storedOps(played).toSorted()).toEqual(ops(played.lines.filter(isStored)))
  })

  test('what a citizen submitted is what officers receive, under one trace', () => {
    const submitted = new Map(of('submit').map((line) => [line.trace, line]))
    const handled = played.lines.filter(({ actor, fields }) => actor !== 'citizen' && fields?.['partner'] !== undefined && !('applicantName' in fields))
      .filter((line) => scenarioOf(line) !== 'status-w1')
    expect(handled.length).toBeGreaterThan(100)
    for (const { trace, dossierCode, unitCode, fields } of handled) {
      expect({ dossierCode, unitCode, partner: fields!['partner'] }).toEqual({ dossierCode: submitted.get(trace)!.dossierCode, unitCode: submitted.get(trace)!.unitCode, partner: submitted.get(trace)!.fields!['partner'] })
    }
  })

  test('each dossier ends where its fate has it', () => {
    const ended = Object.groupBy([...played.systems.stored.dossier.values()], ({ status }) => String(status))
    const count = (scenario: string) => played.plan.scenarios.find(({ name }) => name === scenario)!.count
    expect(Object.fromEntries(Object.entries(ended).map(([status, dossiers]) => [status, dossiers!.length]))).toEqual({
      'not-received': count('refused'), 'withdrawn': count('withdrawals'), 'stopped': count('stopped'), 'result-returned': count('returned'), 'done': count('desk'),
    })
  })

  test('whatever was paid for a dossier that came to nothing is paid back, once; nothing is paid twice', () => {
    const { counter, refund, debit, payment } = played.systems.stored
    expect(refund.size).toBe(played.plan.scenarios.find(({ name }) => name === 'refunds')!.count)
    expect(new Set([...refund.values()].map(({ dossierCode }) => dossierCode)).size).toBe(refund.size)
    expect(debit.size).toBe(payment.size)
    const online = new Set([...payment.values()].map(({ dossierCode }) => dossierCode))
    expect(counter.size).toBeGreaterThan(5)
    for (const { dossierCode } of counter.values()) expect(online).not.toContain(dossierCode)
    for (const { amountVnd, fields, dossierCode } of of('pay-counter')) expect({ amountVnd, transactionCode: fields!['transactionCode'] }).toMatchObject([...counter.values()].filter((one) => one['dossierCode'] === dossierCode).map(({ amountVnd: amount, transactionCode }) => ({ amountVnd: amount, transactionCode }))[0]!)
    expect(of('refund').every(({ fields }) => ['vcb', 'bidv'].includes(String(fields!['bank'])))).toBe(true)
  })

  test('foreigners and companies log in, and their lines say what they are', () => {
    const kinds = new Set(of('login').map(({ fields }) => fields?.['personKind']))
    expect(kinds).toEqual(new Set([undefined, 'foreigner', 'company']))
    for (const { trace, fields } of of('submit')) {
      const login = of('login').find((line) => line.trace === trace)!
      expect(fields!['applicantName']).toMatch({ foreigner: /^Test Visitor/, company: /^Công ty Thử/, citizen: /^Người Thử/ }[String(login.fields?.['personKind'] ?? 'citizen')]!)
    }
  })

  test('waiting for somebody else\'s part is no answer time', () => {
    const loginOf = new Map(of('staff-login').map((line) => [`${scenarioOf(line)}/${line.trace}`, line]))
    const looks = Object.groupBy(played.systems.seen.filter(({ path }) => path.startsWith('/staff/v1/dossiers?')), ({ op }) => op)
    const waited = of('receive').filter(({ op }) => looks[op]!.length > 1)
    expect(waited.length).toBeGreaterThan(20)
    for (const line of waited) {
      const login = loginOf.get(`received/${line.trace}`)!
      // As late as the iteration was from the beginning, no later; the wait moved the intended moment along.
      expect(Math.abs((line.invokedAt - line.intendedAt) - (login.invokedAt - login.intendedAt))).toBeLessThanOrEqual(1)
      expect(line.invokedAt - login.completedAt).toBeGreaterThanOrEqual(LOOK_EVERY_MS * (looks[line.op]!.length - 1) - 5)
    }
  })

  test('reports tell whole numbers of the officer\'s unit or of the country', () => {
    expect(of('report')).toHaveLength(10)
    for (const { fields } of of('report')) expect(fields).toEqual({ 'unit': expect.stringMatching(/^(all|H\d\d)$/), 'dossiers.total': expect.any(Number), 'dossiers.overdue': 0, 'payments.paid': expect.any(Number) })
  })

  test(`a step costs at most ${MAX_BYTES_A_STEP} bytes of history, compressed`, () => {
    const text = played.lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    expect(gzipSync(text).length / played.lines.length).toBeLessThan(MAX_BYTES_A_STEP)
  })

  test('an officer who never finds a dossier, or whose turn never comes, says so and asks for nothing', async () => {
    const lost = await play({
      planOf: (target, options) => {
        const plan = countryPlan(target, options)
        return { ...plan, scenarios: plan.scenarios.filter(({ name }) => ['citizens', 'received', 'finished'].includes(name)) }
      },
      // Half of the dossiers never come to the coordination system; the others are never received.
      disturb: ({ path, body, op }, response) => {
        if (path.startsWith('/staff/v1/dossiers?') && Number(/citizens\.(\d+)\./.exec(path)![1]) % 2 === 0) { json(response, 404, { error: { code: 'DOSSIER_UNKNOWN', message: '' } }); return true }
        if (body['action'] === 'receive' && op !== '') { json(response, 403, { error: { code: 'PERMISSION_MISSING', message: '' } }); return true }
        return false
      },
    })
    expectWholeHistory(lost)
    const errors = (step: string) => new Set(lost.lines.filter((line) => line.step === step).map(({ outcome, error }) => `${outcome} ${error!.split(':')[0]}`))
    expect(errors('receive')).toEqual(new Set(['fail NOT_HERE', 'fail PERMISSION_MISSING']))
    expect(errors('process')).toEqual(new Set(['fail NOT_HERE', 'fail NOT_YET']))
    expect(lost.systems.stored.event.size).toBe(0)
  })
})
