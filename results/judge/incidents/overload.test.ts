/** A jump of the load in histories written by hand: who answers badly only then is overloaded; whoever is bad at all times, or closed on purpose, is not. */
import { describe, expect, it } from 'vitest'
import type { OperationLine } from '../../../contracts/operation.ts'
import { criterionOf, judged } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'
import { surgeRun } from '../surge-run.ts'

type Answer = Partial<OperationLine> & { latencyMs?: number; step?: string }
const REFUSED: Answer = { outcome: 'info', http: { status: 503, remote: '127.64.2.1' }, error: 'OVERLOADED: portal has more requests than it can work off' }
const UNANSWERED: Answer = { outcome: 'info', latencyMs: 10_000, error: 'request timeout', system: 'gateway-north', http: undefined }

async function look(of: (inJump: boolean, iteration: number) => Answer, prepare: (run: RunBuilder) => void = () => {}) {
  const run = surgeRun(of)
  prepare(run)
  const judgement = await judged(run)
  return { ...criterionOf(judgement, 'incident.overload'), finding: judgement.findings.find((finding) => finding.incident === 'overload') }
}

describe('overload is found', () => {
  it('where a system refuses only while the load jumps, with its unit and examples', async () => {
    const { status, finding } = await look((inJump, iteration) => inJump && iteration % 2 === 0 ? REFUSED : {})
    expect(status).toBe('fail')
    expect(finding).toMatchObject({ system: 'portal', unit: 'portal-operator', count: 150 })
    expect(finding!.cause).toBe('portal answered 150 of 300 requests with errors or not at all (50.0 %) in the 6 seconds in which the load was at least 3 times its median of 5 operations a second, against 0 of 170 (0.0 %) otherwise')
    expect(finding!.examples).toHaveLength(20)
    expect(finding!.examples[0]).toMatchObject({ step: 'find', errorText: expect.stringContaining('OVERLOADED') })
  })

  it('where it does not answer any more, and the gateway only passes that on', async () => {
    expect((await look((inJump, iteration) => inJump && iteration % 4 === 0 ? UNANSWERED : {})).finding).toMatchObject({ system: 'portal', count: 75 })
  })

  it('where it grows slow, without an error', async () => {
    const { finding } = await look((inJump) => ({ latencyMs: inJump ? 2_500 : 30 }))
    expect(finding).toMatchObject({ system: 'portal', count: 300 })
    expect(finding!.cause).toContain('service.find took 2501 ms there (p95), 31 ms otherwise')
  })

  it('where another system behind it is the one that says so', async () => {
    const { finding } = await look((inJump) => inJump ? { ...REFUSED, error: 'STATISTICS_BUSY: coordination has more requests than it can work off' } : { step: 'find' })
    // Nothing else was asked of it, so nothing can be compared; what the portal itself answered can.
    expect(finding).toBeUndefined()
  })
})

describe('overload is not found', () => {
  it('in a jump that the system stands', async () => { expect(await look(() => ({}))).toMatchObject({ status: 'pass', finding: undefined }) })

  it('where it is somewhat slower', async () => {
    expect((await look((inJump) => ({ latencyMs: inJump ? 400 : 20 }))).status).toBe('pass')
    expect((await look((inJump) => ({ latencyMs: inJump ? 3_000 : 1_500 }))).status).toBe('pass')
  })

  it('where it is as bad without the jump', async () => { expect((await look((_, iteration) => iteration % 5 === 0 ? REFUSED : {})).status).toBe('pass') })

  it('in time-outs of a bank or of the SMS gateway, whenever they come', async () => {
    const bank = (inJump: boolean): Answer => ({ step: 'pay', ...(inJump && { outcome: 'info', latencyMs: 6_000, http: { status: 504, remote: '127.64.2.1' }, error: 'BANK_TIMEOUT: bank-vcb did not answer' }) })
    expect((await look(bank)).status).toBe('pass')
    const sms = (inJump: boolean): Answer => ({ step: 'sms', ...(inJump && { outcome: 'info', latencyMs: 4_000, http: { status: 504, remote: '127.64.2.1' }, error: 'SMS_TIMEOUT: no answer' }) })
    expect((await look(sms)).status).toBe('pass')
  })

  it('where the portal is closed on purpose, or the firewall refuses', async () => {
    expect((await look((inJump) => inJump ? { outcome: 'fail', http: { status: 503, remote: '127.64.2.1' }, error: 'PORTAL_FROZEN: until the switch' } : {})).status).toBe('pass')
    expect((await look((inJump) => inJump ? { outcome: 'fail', http: { status: 403, remote: '127.64.2.1' }, error: 'HTTP 403' } : {})).status).toBe('pass')
  })

  it('without a jump', async () => {
    const run = surgeRun((inJump, iteration) => (inJump && iteration % 2 === 0 ? REFUSED : {}))
    const lines = run.history.get('w1')!
    for (const [n, line] of lines.entries()) {
      const at = Math.floor(run.beganAt + 68_600 + n * 100)
      Object.assign(line, { intendedAt: at, invokedAt: at + 1, completedAt: at + 21 })
    }
    expect(criterionOf(await judged(run), 'incident.overload').status).toBe('pass')
  })
})

describe('overload is doubted', () => {
  it('where the generator itself was late or full', async () => {
    const half = (inJump: boolean, iteration: number): Answer => (inJump && iteration % 2 === 0 ? REFUSED : {})
    const silent = (inJump: boolean, iteration: number): Answer => (inJump && iteration % 4 === 0 ? UNANSWERED : {})
    const belated = (run: RunBuilder) => { for (const line of run.history.get('w1')!) line.intendedAt -= 600 }
    const late = await look(silent, belated)
    expect(late).toMatchObject({ status: 'inconclusive', finding: undefined, observed: 'signs of it at portal, but too busy itself meanwhile: iterations 601 ms late' })
    // Whoever is refused waits, and comes late to the next: that is the system's doing.
    expect((await look(half, belated)).status).toBe('fail')
    const full = await look(half, (run) => { for (const [n, row] of run.rows('processes').filter((one) => one.fields['process'] === 'k6-w1').entries()) row.fields['cpuMs'] = n * 1_900 })
    expect(full).toMatchObject({ status: 'inconclusive', observed: 'signs of it at portal, but too busy itself meanwhile: k6-w1' })
  })

  it('by the machine where there is only silence, and not where there is a refusal', async () => {
    const full = (run: RunBuilder) => { for (let n = 1; n <= 10; n += 1) run.record('processes', `sample/machine/${n}`, undefined, undefined, { process: 'machine', cpuMs: n * 1_990, wallMs: n * 1_000, monoMs: n * 1_000, eventLoopMsP99: null, rssBytes: 1, cores: 2 }) }
    expect((await look((inJump) => ({ latencyMs: inJump ? 2_500 : 30 }), full)).status).toBe('inconclusive')
    expect((await look((inJump, iteration) => inJump && iteration % 2 === 0 ? REFUSED : {}, full)).status).toBe('fail')
  })
})
