/** Each incident's rule on a small night: fires with system, unit, class and real dossier codes, and stays silent where it must not fire. */
import { describe, expect, it } from 'vitest'
import { smallRun } from '../clean-run.ts'
import { criterionOf, judged, notPassed } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'

const many = { counts: { 'citizens-new': 6, 'sync-w1': 6 } }

/** From an hour on, a region's resolver gives the old address again and again. */
function keepOldAddress(run: RunBuilder, region: string, share: number): void {
  const answers = run.rows(`resolver-${region}`)
  const later = answers.filter((answer) => answer.seenAt > run.at('23:15'))
  for (const answer of later.slice(0, Math.round(later.length * share))) answer.status = run.plan.target.addresses.old
}

/** The region's citizens after the switch are answered by the old portal, which takes their dossiers. */
function landOnOldPortal(run: RunBuilder, region: string): string[] {
  const codes: string[] = []
  for (const line of run.history.get('w1')!) {
    if (line.region !== region || !line.trace.startsWith('citizens-new.') || (line.kind !== 'login' && line.kind !== 'dossier.submit')) continue
    line.system = 'legacy'
    for (const system of run.evidence.keys()) if (system !== 'vneid' && !system.startsWith('edge-') && !system.startsWith('resolver-')) run.drop(system, line.op)
    if (line.kind === 'login') run.record('legacy', `session/${line.trace}`, line.op, undefined)
    else {
      codes.push(line.dossierCode!)
      run.record('legacy', `dossier/${line.dossierCode}`, line.op, '1', { applicantName: String(line.fields!['applicantName']), feeVnd: 8_000 })
    }
  }
  return codes
}

function timeOut(run: RunBuilder, kind: 'payment.create' | 'sms.send', howMany: number): void {
  let left = howMany
  for (const line of run.history.get('w1')!) {
    if (line.kind !== kind || !line.trace.startsWith('citizens-new.') || left === 0) continue
    left -= 1
    const code = kind === 'sms.send' ? 'SMS_TIMEOUT' : 'BANK_TIMEOUT'
    Object.assign(line, { outcome: 'info', error: `${code}: no answer within 2 s`, http: { status: 504, remote: '127.64.3.1' }, fields: { ...line.fields, bank: 'vcb' } })
    for (const row of run.rows(kind === 'sms.send' ? 'notifications' : 'payments')) {
      if (row.op !== line.op) continue
      row.status = kind === 'sms.send' ? 'timeout' : 'failed'
      row.fields['reason'] = kind === 'sms.send' ? 'sms-timeout' : 'bank-timeout'
    }
  }
}

describe('dns-uneven', () => {
  it('names the region\'s resolver, and the dossiers that landed on the old portal', async () => {
    const run = smallRun(many)
    keepOldAddress(run, 'south', 1)
    const codes = landOnOldPortal(run, 'south')
    const { findings } = await judged(run)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ id: 'dns-uneven:resolver-south', incident: 'dns-uneven', class: 'misrouted', system: 'resolver-south', unit: 'infrastructure', count: 2 * codes.length })
    expect(findings[0]!.examples.map((example) => example.dossierCode).filter(Boolean)).toEqual(codes)
    expect(findings[0]!.examples.find((example) => example.dossierCode === codes[0])!.statuses).toMatchObject({ legacy: '1', portal: 'absent' })
    expect(findings[0]!.cause).toMatch(/4 of \d+ operations of region south/)
  })

  it('explains what landed wrong inside the bound too, and lists nothing a second time', async () => {
    const run = smallRun(many)
    keepOldAddress(run, 'south', 1)
    const codes = landOnOldPortal(run, 'south')
    const early = run.history.get('w1')!.find((line) => line.dossierCode === codes[0] && line.kind === 'dossier.submit')!
    Object.assign(early, { intendedAt: run.at('23:16'), invokedAt: run.at('23:16'), completedAt: run.at('23:16') + 20 })
    const { findings } = await judged(run)
    expect(findings.map((finding) => [finding.id, finding.count])).toEqual([['dns-uneven:resolver-south', 2 * codes.length]])
  })

  it('fires on the resolver alone, before any user was led astray', async () => {
    const run = smallRun()
    keepOldAddress(run, 'central', 1)
    const { findings, verdict } = await judged(run)
    expect(findings.map((finding) => [finding.id, finding.class])).toEqual([['dns-uneven:resolver-central', 'incident']])
    expect(findings[0]!.examples[0]!.evidence[0]!.lines.length).toBeGreaterThan(0)
    expect(verdict.verdict).toBe('fail')
  })

  it('is silent while resolvers follow within the bound, and where the switch was undone', async () => {
    const run = smallRun()
    keepOldAddress(run, 'south', 0.03)
    expect(notPassed(await judged(run))).toEqual([])
    const undone = smallRun()
    keepOldAddress(undone, 'south', 1)
    undone.journal.push({ at: undone.at('23:20'), kind: 'undo', id: 'switch-dns', event: 'begin' })
    expect((await judged(undone)).findings.filter((finding) => finding.incident === 'dns-uneven')).toEqual([])
  })
})

describe('waf-blocks-sync', () => {
  it('names the edge, the rule and what it matched', async () => {
    const run = smallRun()
    const line = run.history.get('w1')!.find((candidate) => candidate.op === run.opOf('sync-w1', 1, 'push'))!
    Object.assign(line, { outcome: 'fail', error: 'WAF_BLOCKED: request refused' })
    run.drop('portal', line.op)
    run.drop('coordination', line.op)
    run.record('edge-new', 'block/1', line.op, '403', { ruleId: 'sqli-9', ruleTitle: 'SQL injection', partner: 'ha-noi', matched: 'chọn giấy tờ từ' })
    const judgement = await judged(run)
    expect(judgement.findings).toMatchObject([{ id: 'waf-blocks-sync:edge-new', unit: 'infrastructure', count: 1, examples: [{ dossierCode: line.dossierCode, errorText: 'WAF_BLOCKED: request refused', statuses: { 'portal': 'absent', 'edge-new': 'block 403' } }] }])
    expect(judgement.findings[0]!.cause).toContain('rule sqli-9 (SQL injection) blocked 1 calls of 1 partners, for instance at "chọn giấy tờ từ"')
    expect(criterionOf(judgement, 'partners.complete').observed).toContain('ha-noi 0/1')
  })

  it('names OWASP rules by their number and the payload that they met; alerts beside a block are no blocks', async () => {
    const run = smallRun()
    const ops = [1, 2].map((n) => run.opOf('sync-w1', n, 'push'))
    for (const [index, op] of ops.entries()) {
      Object.assign(run.history.get('w1')!.find((candidate) => candidate.op === op)!, { outcome: 'fail', error: 'WAF_BLOCKED: request refused' })
      run.drop('portal', op)
      run.drop('coordination', op)
      const row = { partner: 'ha-noi', path: '/sync/v1/dossiers' }
      run.record('edge-new', `block/${2 * index + 1}`, op, '403', { ...row, ruleId: '920272', ruleTitle: 'Invalid character in request', matched: '"applicantName":"Người Thử 008327' })
      run.record('edge-new', `alert/${2 * index + 2}`, op, 'logged', { ...row, ruleId: '942460', ruleTitle: 'Meta-Character Anomaly', matched: 'ờ' })
    }
    // A call of a third partner that passed with an alert is no sign.
    run.record('edge-new', 'alert/5', run.opOf('sync-w1', 3, 'push'), 'logged', { ruleId: '920320', ruleTitle: 'Missing User Agent Header', partner: 'justice', path: '/sync/v1/dossiers', matched: '0' })
    const { findings } = await judged(run)
    expect(findings).toMatchObject([{ id: 'waf-blocks-sync:edge-new', unit: 'infrastructure', count: 2 }])
    expect(findings[0]!.cause).toContain('rule 920272 (Invalid character in request) blocked 2 calls of 1 partners, for instance at "\\"applicantName\\":\\"Người Thử 008327"')
    expect(findings[0]!.cause).not.toMatch(/942460|920320/)
  })

  it('is silent about a citizen\'s request that was blocked', async () => {
    const run = smallRun()
    const line = run.history.get('w1')!.find((candidate) => candidate.op === run.opOf('citizens-new', 0, 'find'))!
    run.record('edge-new', 'block/1', line.op, '403', { ruleId: 'sqli-9' })
    expect((await judged(run)).findings).toEqual([])
  })
})

describe('sync-lost', () => {
  it('names the portal where the partner holds what the portal acknowledged', async () => {
    const run = smallRun()
    const op = run.opOf('sync-w1', 3, 'push')
    run.drop('portal', op)
    const { findings } = await judged(run)
    expect(findings).toMatchObject([{ id: 'sync-lost:portal', class: 'lost', unit: 'portal-operator', count: 1, examples: [{ dossierCode: run.syncedDossier(3).code, statuses: { 'portal': 'absent', 'coordination': 'received', 'partner-justice': 'received' } }] }])
  })

  it('is not what a lost direct submission is', async () => {
    const run = smallRun()
    run.drop('portal', run.opOf('citizens-new', 1, 'submit'))
    const { findings } = await judged(run)
    expect(findings.map((finding) => finding.id)).toEqual(['lost:portal'])
  })
})

describe('legacy-missing', () => {
  it('names old dossiers without a copy, from before the run and from its first hour', async () => {
    const run = smallRun()
    const old = run.legacyDossier(77, { migrated: false })
    const fresh = run.opOf('citizens-old', 1, 'submit')
    run.drop('portal', fresh)
    const { findings } = await judged(run)
    expect(findings).toMatchObject([{ id: 'legacy-missing:portal', class: 'lost', system: 'portal', unit: 'portal-operator', count: 2 }])
    expect(findings[0]!.examples.map((example) => example.dossierCode)).toContain(old)
    expect(findings[0]!.examples[0]!.statuses).toMatchObject({ portal: 'absent' })
  })

  it('names one that vanished from the old portal too, by its baseline', async () => {
    const run = smallRun()
    const old = run.legacyDossier(77, { migrated: false })
    run.evidence.get('legacy')!.rows = run.rows('legacy').filter((row) => row.key !== `dossier/${old}`)
    const { findings } = await judged(run)
    expect(findings).toMatchObject([{ id: 'legacy-missing:portal', count: 1, examples: [{ dossierCode: old, statuses: { legacy: 'absent', portal: 'absent' }, evidence: [{ file: 'evidence/legacy.baseline.ndjson' }] }] }])
  })

  it('is silent where a copy is there, was never made, or was taken back', async () => {
    expect((await judged(smallRun())).findings).toEqual([])
    const before = smallRun()
    before.legacyDossier(77, { migrated: false })
    before.journal.splice(0, before.journal.length, ...before.journal.filter((entry) => !(entry.kind === 'step' && entry.action.startsWith('migration.'))))
    expect((await judged(before)).findings.filter((finding) => finding.incident)).toEqual([])
    const undone = smallRun()
    undone.legacyDossier(77, { migrated: false })
    undone.journal.push({ at: undone.at('23:00'), kind: 'undo', id: 'bulk-copy', event: 'begin' })
    expect((await judged(undone)).findings.filter((finding) => finding.incident)).toEqual([])
  })
})

describe.each([['bank-timeout', 'payment.create', 'bank-vcb', 'bank'], ['sms-timeout', 'sms.send', 'sms', 'telecom']] as const)('%s', (incident, kind, system, unit) => {
  it('names who did not answer', async () => {
    const run = smallRun(many)
    timeOut(run, kind, 4)
    const { findings } = await judged(run)
    expect(findings.filter((finding) => finding.incident)).toMatchObject([{ id: `${incident}:${system}`, unit, count: 4, class: 'incident' }])
    expect(findings[0]!.examples[0]!.errorText).toMatch(/_TIMEOUT/)
  })

  it('is doubted where the machine gave nobody his time, and is not where one scenario alone was held up', async () => {
    const belated = (scenarios: RegExp) => {
      const run = smallRun({ ...many, counts: { ...many.counts, 'sync-w1': 40, 'citizens-old': 25, 'citizens-new': 25, lookups: 25, 'status-w1': 25 } })
      timeOut(run, kind, 4)
      for (const line of run.history.get('w1')!) if (scenarios.test(line.trace)) line.intendedAt -= 5_000
      return judged(run)
    }
    const starved = await belated(/./)
    expect(starved.findings.filter((finding) => finding.incident)).toEqual([])
    expect(criterionOf(starved, `incident.${incident}`)).toEqual({ status: 'inconclusive', observed: `signs of it at ${system}, but too busy itself meanwhile: iterations of 5 of 5 scenarios began seconds late` })
    expect(criterionOf(await belated(/^citizens-new/), `incident.${incident}`).status).toBe('fail')
  })

  it('takes two time-outs for chance', async () => {
    const run = smallRun(many)
    timeOut(run, kind, 2)
    const judgement = await judged(run)
    expect(judgement.findings.filter((finding) => finding.incident)).toEqual([])
    expect(criterionOf(judgement, 'class.recovered').observed).toBe('2')
  })
})

it('cannot say that nothing happened without the evidence', async () => {
  const run = smallRun()
  run.evidence.delete('notifications')
  run.evidence.delete('edge-new')
  const judgement = await judged(run)
  expect(criterionOf(judgement, 'incident.sms-timeout')).toEqual({ status: 'inconclusive', observed: 'cannot be told without notifications' })
  expect(criterionOf(judgement, 'incident.waf-blocks-sync').status).toBe('inconclusive')
  expect(criterionOf(judgement, 'incident.dns-uneven').status).toBe('pass')
})
