/** Partners that cannot reach the portal while others can; and all that looks like it and is something else. */
import { describe, expect, it } from 'vitest'
import { certificateEnded } from '../../../contracts/api/partners.ts'
import type { OperationLine } from '../../../contracts/operation.ts'
import { smallRun } from '../clean-run.ts'
import { criterionOf, judged } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'

const night = () => smallRun({ counts: { 'citizens-new': 12, 'sync-w1': 24 } })
const pushes = (run: RunBuilder) => run.history.get('w1')!.filter((line) => line.kind === 'sync.dossier')

/** Nobody knows how the push ended; the partner's later attempt brought it all the same. */
function unanswered(lines: readonly OperationLine[], error: string): void {
  for (const line of lines) Object.assign(line, { outcome: 'info', error, completedAt: line.invokedAt + 5_000 })
}
const findings = async (run: RunBuilder) => (await judged(run)).findings.filter(({ incident }) => incident === 'sync-connection')

describe('sync-connection', () => {
  it('names the edge that the partners come to, and how it failed', async () => {
    const run = night()
    unanswered(pushes(run).slice(2, 7), 'TIMEOUT: no answer within 5000 ms')
    unanswered(pushes(run).slice(7, 9), 'ECONNREFUSED: connect ECONNREFUSED 127.64.3.1:8080')
    const judgement = await judged(run)
    expect(judgement.findings).toMatchObject([{ id: 'sync-connection:edge-new', class: 'incident', system: 'edge-new', unit: 'infrastructure', count: 7 }])
    expect(judgement.findings[0]!.cause).toMatch(/^7 of \d+ pushes of 3 partners .*TIMEOUT 5 times, ECONNREFUSED 2 times; others were answered/)
    expect(judgement.findings[0]!.examples[0]).toMatchObject({ dossierCode: run.syncedDossier(2).code, errorText: 'TIMEOUT: no answer within 5000 ms', statuses: { portal: 'done' } })
    expect(criterionOf(judgement, 'incident.sync-connection').status).toBe('fail')
    expect(criterionOf(judgement, 'class.lost').status).toBe('pass')
  })

  it('names the one partner where the others come through', async () => {
    const run = night()
    unanswered(pushes(run).filter((line) => line.system === 'partner-justice' || line.fields!['partner'] === 'justice').slice(0, 5), 'CERT_HAS_EXPIRED: certificate has expired')
    expect(await findings(run)).toMatchObject([{ id: 'sync-connection:partner-justice', unit: 'partner', count: 5 }])
  })

  /** As the edge's log has the requests of these pushes. */
  const logged = (run: RunBuilder, lines: readonly OperationLine[], ...statuses: string[]) => {
    for (const { op } of lines) {
      run.drop('edge-new', op)
      for (const status of statuses) run.record('edge-new', `request/9${run.rows('edge-new').length}`, op, status, { method: 'POST', path: '/sync/v1/dossiers', region: 'north', ms: 5_000, remote: '127.64.4.1' })
    }
  }

  it('names the portal where the edge took the pushes and got no answer from behind, and tells them apart from those that never came so far', async () => {
    const behind = night()
    unanswered(pushes(behind).slice(2, 9), 'TIMEOUT: no answer within 5000 ms')
    // What was pushed again was answered.
    logged(behind, pushes(behind).slice(2, 9), '499', '200')
    const judgement = await judged(behind)
    expect(judgement.findings).toMatchObject([{ id: 'sync-connection:portal', incident: 'sync-connection', system: 'portal', unit: 'portal-operator', count: 7 }])
    expect(judgement.findings[0]!.cause).toMatch(/^7 of \d+ pushes of 3 partners .*: TIMEOUT 7 times; each stands in the log of edge-new, which got no answer from behind; others were answered meanwhile$/u)
    const both = night()
    unanswered(pushes(both).slice(2, 12), 'TIMEOUT: no answer within 5000 ms')
    logged(both, pushes(both).slice(2, 7), '000')
    logged(both, pushes(both).slice(7, 12))
    expect(await findings(both)).toMatchObject([{ id: 'sync-connection:edge-new', count: 5 }, { id: 'sync-connection:portal', count: 5 }])
  })

  it.each([
    ['each was answered on the other side of the edge, twice', ['200', '200'], [2, 3, 8, 9]],
    ['those that it took and those that never came so far are two each', ['499'], [2, 9]],
  ])('leaves them with the way to the edge where %s', async (_, statuses, taken) => {
    const run = night()
    unanswered([2, 3, 8, 9].map((n) => pushes(run)[n]!), 'TIMEOUT: no answer within 5000 ms')
    logged(run, taken.map((n) => pushes(run)[n]!), ...statuses)
    for (const n of [2, 3, 8, 9].filter((other) => !taken.includes(other))) logged(run, [pushes(run)[n]!])
    expect(await findings(run)).toMatchObject([{ id: 'sync-connection:edge-new', count: 4 }])
  })

  describe('a certificate that had ended', () => {
    const ENDED = Date.parse('2026-04-09T17:00:00Z')
    const expired = (lines: readonly OperationLine[], endedAt = ENDED) => unanswered(lines, `CERT_HAS_EXPIRED: ${certificateEnded(endedAt)}`)
    const away = (run: RunBuilder) => { for (const line of run.history.get('w1')!) if (line.trace.startsWith('citizens-new.')) Object.assign(line, { outcome: 'info', error: 'request timeout', http: undefined }) }

    it('is named with its end, at the edge that showed it', async () => {
      const run = night()
      expired(pushes(run).slice(2, 9))
      const [finding, ...others] = await findings(run)
      expect(others).toEqual([])
      expect(finding).toMatchObject({ id: 'sync-connection:edge-new', system: 'edge-new', unit: 'infrastructure', count: 7, measure: expect.stringMatching(/^renew the certificate of edge-new/u) as string })
      expect(finding!.cause).toMatch(/^7 of \d+ pushes of 3 partners .*: CERT_HAS_EXPIRED 7 times; the certificate that edge-new showed them had ended at 2026-04-10T00:00:00\+07:00 \(wall clock\)$/u)
      expect(finding!.examples[0]!.errorText).toBe('CERT_HAS_EXPIRED: the certificate ended at 2026-04-09T17:00:00.000Z')
    })

    it('is the edge\'s also where one partner alone came to it, and where it was the only thing that anybody was shown', async () => {
      const one = night()
      const own = pushes(one).filter((line) => line.fields!['partner'] === 'justice').slice(0, 5)
      expired(own)
      expect(await findings(one)).toMatchObject([{ id: 'sync-connection:edge-new', count: own.length }])
      const all = night()
      expired(pushes(all).slice(2, 9))
      away(all)
      expect(await findings(all)).toMatchObject([{ id: 'sync-connection:edge-new', count: 7 }])
    })

    it('takes nothing with it that was silent while the portal was away', async () => {
      const run = night()
      expired(pushes(run).slice(2, 6))
      unanswered(pushes(run).slice(6, 9), 'ECONNRESET: read ECONNRESET')
      away(run)
      const [finding] = await findings(run)
      expect(finding).toMatchObject({ count: 4, cause: expect.not.stringContaining('ECONNRESET') as string })
      const line = night()
      expired(pushes(line).slice(9, 13))
      unanswered(pushes(line).slice(2, 9), 'ECONNRESET: read ECONNRESET')
      expect((await findings(line))[0]).toMatchObject({ count: 11, cause: expect.stringMatching(/ECONNRESET 7 times, CERT_HAS_EXPIRED 4 times; the certificate that edge-new/u) as string })
    })

    it.each([
      ['a certificate that nobody can verify', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE: the certificate is not trusted'], ['a connection that nobody took', 'ECONNREFUSED: connect ECONNREFUSED 127.64.3.1:8443'],
      ['a partner that did not say since when', 'CERT_HAS_EXPIRED: certificate has expired'], ['one that ends later: the partner\'s clock is wrong', `CERT_HAS_EXPIRED: ${certificateEnded(Date.parse('2099-01-01T00:00:00Z'))}`],
      ['an end that is no time', 'CERT_HAS_EXPIRED: the certificate ended at 2026-99-99T00:00:00Z'],
    ])('is not said of %s', async (_, error) => {
      const run = night()
      unanswered(pushes(run).slice(2, 9), error)
      const [finding] = await findings(run)
      expect(finding).toMatchObject({ id: 'sync-connection:edge-new', count: 7, cause: expect.stringMatching(/; others were answered meanwhile$/u) as string, measure: expect.stringMatching(/^look at the way/u) as string })
    })

    it('is not there on a clean run, and not for two of many', async () => {
      expect(await findings(night())).toEqual([])
      const two = night()
      expired(pushes(two).slice(2, 4))
      expect(await findings(two)).toEqual([])
    })
  })

  it('leaves out those that broke off while the portal was away at another time of the night, and sees nothing where that was all', async () => {
    const away = (run: RunBuilder) => {
      const [first, ...rest] = pushes(run).slice(14, 21)
      unanswered([first!, ...rest], 'ECONNREFUSED: connect ECONNREFUSED 127.64.3.1:8080')
      // The portal's own clients: as many as broke off, at the same time.
      const citizens = run.history.get('w1')!.filter((line) => line.trace.startsWith('citizens-new.') && line.system === 'portal').slice(0, 7)
      citizens.forEach((line, at) => Object.assign(line, { outcome: 'info', error: 'dial: connection refused', http: undefined, intendedAt: first!.invokedAt + at, invokedAt: first!.invokedAt + at, completedAt: first!.invokedAt + at + 1 }))
    }
    const both = night()
    unanswered(pushes(both).slice(2, 7), 'TIMEOUT: no answer within 5000 ms')
    away(both)
    expect(await findings(both)).toMatchObject([{ id: 'sync-connection:edge-new', count: 5, cause: expect.not.stringContaining('ECONNREFUSED') as string }])
    const one = night()
    away(one)
    expect(await findings(one)).toEqual([])
    // Others had to wait until it was back.
    const waited = night()
    away(waited)
    for (const line of waited.history.get('w1')!) if (line.error === 'dial: connection refused') Object.assign(line, { outcome: 'ok', error: undefined, completedAt: line.invokedAt + 2_500 })
    expect(await findings(waited)).toEqual([])
  })

  it.each([
    ['the portal answered nobody meanwhile', (run: RunBuilder) => {
      unanswered(pushes(run).slice(2, 9), 'TIMEOUT: no answer within 5000 ms')
      for (const line of run.history.get('w1')!) if (line.trace.startsWith('citizens-new.')) Object.assign(line, { outcome: 'info', error: 'request timeout', http: undefined })
    }],
    ['the portal was slow for all', (run: RunBuilder) => {
      unanswered(pushes(run).slice(2, 9), 'TIMEOUT: no answer within 5000 ms')
      for (const line of run.history.get('w1')!) if (line.trace.startsWith('citizens-new.')) line.completedAt = line.invokedAt + 4_000
    }],
    ['the edge answered that there is no portal behind it', (run: RunBuilder) => unanswered(pushes(run).slice(2, 9), 'UPSTREAM_UNAVAILABLE: the portal cannot be reached')],
    ['the WAF blocked them', (run: RunBuilder) => {
      unanswered(pushes(run).slice(2, 9), 'RESET: the connection was closed')
      for (const line of pushes(run).slice(2, 9)) run.record('edge-new', `block/${line.op}`, line.op, '403', { ruleId: 'sqli-9' })
    }],
    ['it was two of many', (run: RunBuilder) => unanswered(pushes(run).slice(2, 4), 'ECONNRESET: read ECONNRESET')],
  ])('is silent where %s', async (_, happened) => {
    const run = night()
    happened(run)
    expect(await findings(run)).toEqual([])
  })

  it('cannot be told without the edge\'s log, and is doubted where the machine gave nobody his time', async () => {
    const unread = night()
    unread.evidence.delete('edge-new')
    expect(criterionOf(await judged(unread), 'incident.sync-connection')).toEqual({ status: 'inconclusive', observed: 'cannot be told without edge-new' })
    const starved = smallRun({ counts: { 'citizens-new': 25, 'sync-w1': 40, 'citizens-old': 25, lookups: 25, 'status-w1': 25 } })
    unanswered(pushes(starved).slice(2, 9), 'TIMEOUT: no answer within 5000 ms')
    for (const line of starved.history.get('w1')!) line.intendedAt -= 5_000
    expect(criterionOf(await judged(starved), 'incident.sync-connection')).toMatchObject({ status: 'inconclusive', observed: expect.stringContaining('too busy itself meanwhile') })
  })
})
