/** Verdict, findings, self-check and outcome of the sample night, counted from its own operations. */
import { clockOffsetMs } from '../../../contracts/duration.ts'
import type { OperationLine } from '../../../contracts/operation.ts'
import type { Plan } from '../../../contracts/plan.ts'
import { isoHanoi, scenarioNowMs, type ClockPlan } from '../../../contracts/scenario-clock.ts'
import { isGate } from '../../../contracts/runbook.ts'
import { CLASS_EFFECT, Finding, OPERATION_CLASSES, RunOutcome, Selfcheck, Verdict, type CriterionResult } from '../../../contracts/verdict.ts'
import { SAMPLE_BEGAN_AT } from './sample-plan.ts'

const clockOf = (plan: Plan): ClockPlan => ({ startedAtMs: SAMPLE_BEGAN_AT, timeScale: plan.timeScale, scenarioStartMs: plan.scenarioStartMs })

export function sampleVerdict(plan: Plan, history: readonly OperationLine[], findings: readonly Finding[]): Verdict {
  const clock = clockOf(plan)
  const acknowledged = history.filter((line) => line.kind === 'sync.dossier' && line.outcome === 'ok')
  const troubled = findings.length > 0
  const partners = plan.partners.map((partner) => {
    const own = acknowledged.filter((line) => line.fields?.['partner'] === partner.id)
    const last = own.at(-1)
    return { id: partner.id, mode: partner.mode, expected: partner.expected, synced: own.length, finishedAt: own.length === partner.expected && last ? isoHanoi(scenarioNowMs(clock, last.completedAt)) : null }
  })
  const criterion = (id: string, expected: string, observed: string, good: boolean, file = 'history/w1.ndjson'): CriterionResult =>
    ({ id, expected, observed, status: good ? 'pass' : 'fail', evidence: [{ file, lines: good ? [] : [3, 17, 204] }] })
  const legacyAfterSwitch = findings.some((finding) => finding.incident === 'dns-uneven')
  const criteria = [
    ...OPERATION_CLASSES.filter((name) => CLASS_EFFECT[name] === 'fail' || name === 'unverified').map((name) => criterion(`class.${name}`, '0', name === 'misrouted' && legacyAfterSwitch ? '212' : '0', !(name === 'misrouted' && legacyAfterSwitch))),
    ...plan.runbook.steps.map((entry) => (isGate(entry)
      ? criterion(`runbook.gate.${entry.gate}`, entry.asks.join('; '), troubled ? 'no-go' : 'go', !troubled, 'journal.ndjson')
      : criterion(`runbook.step.${entry.id}`, entry.doneWhen.join('; '), legacyAfterSwitch && entry.id === 'watch-dns' ? 'not-done' : 'done', !(legacyAfterSwitch && entry.id === 'watch-dns'), 'journal.ndjson'))),
    criterion('partners.complete', '50', String(partners.filter((partner) => partner.synced === partner.expected).length), partners.every((partner) => partner.synced === partner.expected)),
    criterion('migration.complete', '50000', '50000', true, 'evidence/portal.ndjson'), criterion('valid.planned-load', '≥ 95 %', '100 %', true, 'evidence/load-w1.ndjson'),
    criterion('valid.lateness', 'p99 ≤ 500 ms', '23 ms', true), criterion('valid.record-files-whole', '0', '0', true, 'evidence/'),
  ]
  const debits = history.filter((line) => line.kind === 'payment.scan' && line.outcome === 'ok').length * 8_000
  return Verdict.parse({
    v: 1, runId: plan.runId, planHash: plan.planHash, verdict: troubled ? 'fail' : 'pass', criteria, findings: findings.map((finding) => finding.id), partners,
    coverage: { systemsRead: plan.target.systems.map((system) => system.id).sort(), operations: history.length, verified: history.length },
    figures: [
      { id: 'operations', value: history.length, unit: 'operations', source: 'history/w1.ndjson' },
      { id: 'dossiers.synced', value: acknowledged.length, unit: 'dossiers', source: 'class.confirmed' },
      { id: 'migration.verified', value: 50_000, unit: 'dossiers', source: 'migration.complete' },
      { id: 'money.banks', value: debits, unit: 'VND', source: 'evidence/bank-vcb.ndjson' },
      { id: 'money.portal', value: debits, unit: 'VND', source: 'evidence/portal.ndjson' },
    ],
  })
}

export function sampleFindings(plan: Plan, history: readonly OperationLine[]): Finding[] {
  const clock = clockOf(plan)
  const blocked = history.filter((line) => line.error?.startsWith('WAF_BLOCKED'))
  const switchedAt = SAMPLE_BEGAN_AT + clockOffsetMs('21:00', '23:16') / plan.timeScale
  const strayed = history.filter((line) => line.system === 'legacy' && line.invokedAt > switchedAt)
  const iso = (line: OperationLine | undefined) => isoHanoi(scenarioNowMs(clock, line?.completedAt ?? SAMPLE_BEGAN_AT))
  return [
    {
      id: 'dns-uneven-1', incident: 'dns-uneven' as const, class: 'misrouted', system: 'resolver-south', unit: 'infrastructure', since: iso(strayed[0]), count: strayed.length,
      examples: strayed.filter((line) => line.kind === 'dossier.submit').slice(0, 6).map((line, at) => ({
        dossierCode: `H27.2026.9000${String(at + 11)}`, procedureCode: '9.900002.000.00.00.H27', time: iso(line), step: 'submit', errorText: null,
        statuses: { legacy: 'newly-registered', portal: 'absent', coordination: 'absent' }, evidence: [{ file: 'evidence/legacy.ndjson', lines: [50_012 + at] }, { file: 'history/w1.ndjson', lines: [4_210 + at * 7] }],
      })),
      cause: 'resolver-south answered 127.64.2.2 (the old portal) from the switch at 23:15 until the end of the night, so users of the region and their dossiers landed on the old portal.',
      measure: 'Flush the cache of the resolver and turn serve-stale off before the switch; keep the old edge from accepting submissions after the freeze.',
      deadline: 'before the next rehearsal', rerunCondition: 'all three resolvers answer the new address within 5 scenario minutes of the switch', power: `${strayed.length} front operations of the region after the switch, all on the old portal; one in 500 would have been seen.`,
    },
    {
      id: 'waf-blocks-sync-1', incident: 'waf-blocks-sync' as const, class: 'incident', system: 'edge-new', unit: 'infrastructure', since: iso(blocked[0]), count: blocked.length,
      examples: blocked.slice(0, 8).map((line, at) => ({
        dossierCode: line.dossierCode ?? null, procedureCode: line.procedureCode ?? null, time: iso(line), step: 'push', errorText: line.error ?? null,
        statuses: { [`partner-${String(line.fields?.['partner'])}`]: 'received', 'portal': 'absent', 'edge-new': 'block 403' }, evidence: [{ file: 'evidence/edge-new.ndjson', lines: [910 + at * 13] }],
      })),
      cause: 'Rule SQLI-07 of the WAF matches ordinary Vietnamese text ("chọn … từ …") in notes of dossiers pushed by partners.',
      measure: 'Exempt /sync from SQLI-07 or narrow its pattern; partners push the refused dossiers again.', deadline: 'before the next rehearsal',
      rerunCondition: 'no block on /sync for a replay of the refused payloads', power: `${history.filter((line) => line.kind === 'sync.dossier').length} pushes looked at; a share of 0.1 % would have been seen.`,
    },
  ].map((finding) => Finding.parse(finding))
}

export function sampleSelfcheck(plan: Plan, history: readonly OperationLine[]): Selfcheck {
  const mutations = [['drop', 'lost'], ['double', 'duplicate'], ['misroute', 'misrouted'], ['stale', 'stale'], ['alter', 'inconsistent']] as const
  return Selfcheck.parse({
    v: 1, runId: plan.runId, status: 'pass', surplus: 0, note: '',
    canaries: mutations.map(([mutation, expectedClass], at) => ({ id: `canary-${at + 1}`, mutation, system: 'portal', op: history[100 + at * 31]!.op, expectedClass, named: true, namedAs: expectedClass })),
  })
}

export function sampleOutcome(plan: Plan, verdict: Verdict): RunOutcome {
  const planted = verdict.verdict === 'fail'
  return RunOutcome.parse({
    v: 1, runId: plan.runId, outcome: verdict.verdict, verdict: verdict.verdict, selfcheck: 'pass', validity: [],
    faults: planted ? [{ id: 'dns-uneven', planted: true, effective: true }, { id: 'waf-blocks-sync', planted: true, effective: true }] : [],
  })
}
