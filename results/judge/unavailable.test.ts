/** A system that answers nobody for a while is named, whoever it is; one that refuses, is slow, or fails now and then is not. */
import { describe, expect, it } from 'vitest'
import type { OperationLine } from '../../contracts/operation.ts'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

const night = () => smallRun({ counts: { 'citizens-new': 20, 'sync-w1': 8 } })
/** What citizens asked the new portal, in order; payments and messages wait for others. */
const asked = (run: RunBuilder) => run.history.get('w1')!.filter((line) => line.trace.startsWith('citizens-new.') && ['login', 'service.find', 'dossier.submit', 'dossier.read', 'payment.read'].includes(line.kind)).sort((a, b) => a.invokedAt - b.invokedAt)

function away(lines: readonly OperationLine[], error: string, http?: number): void {
  for (const line of lines) Object.assign(line, { outcome: 'info', error, http: http === undefined ? undefined : { status: http, remote: '127.64.3.1' } })
}
const found = async (run: RunBuilder) => (await judged(run)).findings.filter(({ id }) => id.startsWith('unavailable:'))

describe('unavailable', () => {
  it('names the portal where the edge says that nobody is behind it, with how many and how long', async () => {
    const run = night()
    const lines = asked(run).slice(75, 95)
    away(lines, 'UPSTREAM_UNAVAILABLE: the portal cannot be reached', 502)
    // The edge says who answered: itself.
    for (const line of lines.slice(5)) line.system = 'edge-new'
    const judgement = await judged(run)
    const [finding] = judgement.findings.filter(({ id }) => id.startsWith('unavailable:'))
    expect(finding).toMatchObject({ id: 'unavailable:portal', incident: null, class: 'incident', system: 'portal', unit: 'portal-operator', count: 20 })
    expect(finding!.cause).toMatch(/^portal answered none of 20 operations in one stretch of [\d.]+ s .*UPSTREAM_UNAVAILABLE: the portal cannot be reached ×20$/)
    expect(criterionOf(judgement, 'available').status).toBe('fail')
    expect(judgement.verdict.verdict).toBe('fail')
  })

  it('counts the time for which those who were answered in the end had to wait', async () => {
    // Refused one after the other in a moment; whoever came next waited so long.
    const waiting = async (ms: number) => {
      const run = night()
      const lines = asked(run).slice(70, 78)
      const began = lines[0]!.invokedAt
      for (const [index, line] of lines.entries()) Object.assign(line, { invokedAt: began + index, completedAt: began + index + 1 })
      away(lines, 'SERVICE_FAILED: connect ECONNREFUSED', 500)
      for (const line of run.history.get('w1')!) if (line.invokedAt > began + 7 && line.completedAt < began + ms) line.completedAt = began + ms
      return found(run)
    }
    expect(await waiting(500)).toEqual([])
    const [finding] = await waiting(4_000)
    expect(finding).toMatchObject({ id: 'unavailable:portal' })
    expect(finding!.cause).toMatch(/answered none of [5-8] operations in one stretch of [34]\.\d s/u)
  })

  it('counts them among those in a row too, of whom three at least were refused', async () => {
    const refused = async (count: number, waiting: number) => {
      const run = night()
      const lines = asked(run).slice(70, 70 + count)
      const began = lines[0]!.invokedAt
      for (const [index, line] of lines.entries()) Object.assign(line, { invokedAt: began + index, completedAt: began + index + 1 })
      away(lines, 'SERVICE_FAILED: connect ECONNREFUSED', 500)
      const rest = asked(run).slice(70 + count)
      for (const [index, line] of rest.entries()) {
        const [at, until] = index < waiting ? [began + count + index, began + 4_000] : [line.invokedAt + 4_000, line.invokedAt + 4_020]
        Object.assign(line, { intendedAt: at, invokedAt: at, completedAt: until })
      }
      // Nobody else meanwhile.
      for (const line of run.history.get('w1')!) if (line.invokedAt >= began && !lines.includes(line) && !rest.includes(line)) Object.assign(line, { intendedAt: line.invokedAt + 8_000, invokedAt: line.invokedAt + 8_000, completedAt: line.completedAt + 8_000 })
      return found(run)
    }
    const [finding, ...others] = await refused(3, 6)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'unavailable:portal', unit: 'portal-operator', count: 3 })
    expect(finding!.cause).toMatch(/^portal answered none of 3 operations in one stretch of [34]\.\d s .* ×3; [2-6] more waited until it answered again$/u)
    expect(await refused(3, 0)).toEqual([])
    expect(await refused(2, 6)).toEqual([])
  })

  it('takes stretches that overlap for one: one who had asked before was answered in between', async () => {
    const run = night()
    const lines = asked(run).slice(60, 90)
    const began = lines[0]!.invokedAt
    const bad = lines.filter((_, index) => index % 10 !== 9)
    for (const [index, line] of lines.entries()) Object.assign(line, { intendedAt: began + index * 100, invokedAt: began + index * 100, completedAt: bad.includes(line) ? began + index * 100 + 1 : began + 4_000 })
    away(bad, 'SERVICE_FAILED: connect ECONNREFUSED', 500)
    for (const line of run.history.get('w1')!) if (line.invokedAt >= began && !lines.includes(line)) Object.assign(line, { intendedAt: line.invokedAt + 8_000, invokedAt: line.invokedAt + 8_000, completedAt: line.completedAt + 8_000 })
    const [finding, ...others] = await found(run)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'unavailable:portal', count: 27 })
    expect(finding!.cause).toMatch(/in one stretch of [34]\.\d s .*; 3 more waited until it answered again$/u)
  })

  it('names the edge where nothing came and its log has nothing, and the portal where the request stands there', async () => {
    const edge = night()
    const lines = asked(edge).slice(75, 95)
    away(lines, 'connection refused')
    // Who resolves the name himself is told by the way that he took.
    for (const line of lines.slice(5)) line.system = 'gateway-north'
    for (const line of lines) edge.drop('edge-new', line.op)
    expect(await found(edge)).toMatchObject([{ id: 'unavailable:edge-new', unit: 'infrastructure', count: 20 }])
    // Of whom nobody took the connection not even the client knows whom he meant.
    const gone = night()
    const refused = asked(gone).slice(75, 95)
    away(refused, 'dial: connection refused (1212)')
    for (const line of refused) { line.system = 'unknown'; gone.drop('edge-new', line.op) }
    expect(await found(gone)).toMatchObject([{ id: 'unavailable:edge-new', unit: 'infrastructure', count: 20 }])
    const portal = night()
    away(asked(portal).slice(75, 95), 'request timeout')
    expect(await found(portal)).toMatchObject([{ id: 'unavailable:portal', count: 20 }])
  })

  it('names the portal that stored nothing of one kind while it answered others, and the edge that took nobody\'s connection', async () => {
    const run = smallRun({ counts: { 'citizens-new': 20, 'sync-w1': 40 } })
    const pushes = run.history.get('w1')!.filter(({ kind }) => kind === 'sync.dossier').sort((one, other) => one.invokedAt - other.invokedAt)
    // Between each two of them a citizen is answered.
    const citizens = asked(run)
    for (const [index, line] of pushes.slice(10, 25).entries()) Object.assign(line, { invokedAt: citizens[40 + index]!.invokedAt + 1, completedAt: citizens[40 + index]!.invokedAt + 9 })
    away(pushes.slice(10, 25), 'SERVICE_FAILED: No space left on device', 201)
    const [finding, ...others] = await found(run)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'unavailable:portal', unit: 'portal-operator' })
    expect(finding!.cause).toMatch(/^portal answered none of 15 operations of kind sync\.dossier in one stretch .*of 40 in the run .*while it answered others: SERVICE_FAILED/u)

    const edge = smallRun({ counts: { 'sync-w1': 40 } })
    away(edge.history.get('w1')!.filter(({ kind }) => kind === 'sync.dossier').sort((one, other) => one.invokedAt - other.invokedAt).slice(10, 25), 'ECONNREFUSED: connect ECONNREFUSED', 201)
    expect(await found(edge)).toMatchObject([{ id: 'unavailable:edge-new', unit: 'infrastructure' }])
  })

  /** Pushes one after the other of which nobody heard again, as the edge's log has them, with nobody else there. */
  function silentPushes(run: RunBuilder, status: (n: number) => string | null): void {
    const pushes = run.history.get('w1')!.filter(({ kind }) => kind === 'sync.dossier').sort((one, other) => one.invokedAt - other.invokedAt).slice(10, 25)
    const last = run.history.get('w1')!.reduce((latest, { completedAt }) => Math.max(latest, completedAt), 0)
    away(pushes, 'TIMEOUT: no answer within 5000 ms')
    for (const [n, line] of pushes.entries()) {
      Object.assign(line, { intendedAt: last + n * 300, invokedAt: last + n * 300, completedAt: last + n * 300 + 5_000 })
      run.drop('edge-new', line.op)
      const logged = status(n)
      if (logged !== null) run.record('edge-new', `request/9${n}`, line.op, logged, { method: 'POST', path: '/sync/v1/dossiers', region: 'north', ms: 5_000, remote: '127.64.4.1' })
    }
  }

  it('names the portal where pushes broke off that its edge had taken, with nobody else asking', async () => {
    const run = smallRun({ counts: { 'sync-w1': 40 } })
    silentPushes(run, (n) => ['499', '504', '502', '000'][n % 4]!)
    const [finding, ...others] = await found(run)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'unavailable:portal', unit: 'portal-operator', count: 15 })
    expect(finding!.cause).toMatch(/TIMEOUT: no answer within 5000 ms ×15$/u)
  })

  it.each([
    ['the edge has nothing of pushes that broke off', () => null],
    ['only the way back was broken', () => '200'],
    ['four of them had been taken when the way broke', (n: number) => n < 4 ? '499' : null],
  ])('says nothing of the portal where %s', async (_, status) => {
    const run = smallRun({ counts: { 'sync-w1': 40 } })
    silentPushes(run, status)
    expect(await found(run)).toEqual([])
  })

  it.each([
    ['one in two was answered', (run: RunBuilder) => away(asked(run).slice(20, 60).filter((_, index) => index % 2 === 0), 'HTTP 502', 502)],
    ['it was over within four operations', (run: RunBuilder) => away(asked(run).slice(75, 79), 'HTTP 502', 502)],
    ['connections failed now and then', (run: RunBuilder) => { const lines = asked(run).filter((_, index) => index % 10 === 0); away(lines, 'connection refused'); for (const line of lines) run.drop('edge-new', line.op) }],
    ['it refused and stored nothing', (run: RunBuilder) => { for (const line of asked(run).slice(75, 95)) Object.assign(line, { outcome: 'fail', error: 'PORTAL_CLOSED: the portal is not open yet', http: { status: 503, remote: '127.64.3.1' } }) }],
    ['it was slow', (run: RunBuilder) => { for (const line of asked(run).slice(75, 95)) line.completedAt = line.invokedAt + 8_000 }],
    ['only a bank did not answer', (run: RunBuilder) => away(run.history.get('w1')!.filter(({ kind }) => kind === 'payment.create'), 'BANK_TIMEOUT: no answer', 504)],
    ['only partners could not reach it', (run: RunBuilder) => away(run.history.get('w1')!.filter(({ kind }) => kind === 'sync.dossier'), 'TIMEOUT: no answer within 5000 ms', 200)],
  ])('is silent where %s', async (_, happened) => {
    const run = night()
    happened(run)
    const judgement = await judged(run)
    expect(judgement.findings.filter(({ id }) => id.startsWith('unavailable:'))).toEqual([])
    expect(criterionOf(judgement, 'available')).toEqual({ status: 'pass', observed: 'none did' })
  })

  it('is doubted where the machine gave nobody his time', async () => {
    const run = smallRun({ counts: { 'citizens-new': 25, 'sync-w1': 40, 'citizens-old': 25, lookups: 25, 'status-w1': 25 } })
    away(asked(run).slice(20, 60), 'HTTP 502', 502)
    for (const line of run.history.get('w1')!) line.intendedAt -= 5_000
    const judgement = await judged(run)
    expect(judgement.findings.filter(({ id }) => id.startsWith('unavailable:'))).toEqual([])
    expect(criterionOf(judgement, 'available')).toMatchObject({ status: 'inconclusive', observed: expect.stringContaining('portal') })
  })
})
