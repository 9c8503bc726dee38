/**
 * Pass 1: the verdict on a run folder from its records alone (design section 5). In: plan, journal, history, evidence, and the profile's baseline where
 * a criterion asks for it. Out: verdict.json, findings.ndjson and transactions.json in canonical JSON; the same input gives the same bytes. Reads no clock, no network, nothing under `sealed/`.
 * Fails with RUN_PLAN_UNREADABLE where there is no plan; everything else that is missing is in the verdict.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { type Finding, Verdict, worst } from '../../contracts/verdict.ts'
import type { z } from 'zod'
import { type Case, openCase } from './case.ts'
import { checkCriteria } from './criteria/index.ts'
import { type CriterionResult, result } from './criteria/criterion.ts'
import { partnerResults } from './criteria/partners.ts'
import { Database } from './database.ts'
import { figuresOf } from './figures.ts'
import { classFindings } from './findings.ts'
import { handTestFindings } from './hand-tests.ts'
import { INCIDENT_RULES } from './incidents/index.ts'
import { measureFigures } from './load-measures.ts'
import { openRun } from './run-records.ts'
import { unavailableFindings } from './unavailable.ts'
import { transactionFigures, type TransactionsFile, transactionsOf } from './transactions.ts'

export type VerdictFile = z.infer<typeof Verdict>
export type Judgement = { verdict: VerdictFile; findings: Finding[]; transactions: TransactionsFile }

export async function judge(runDirectory: string, options: { baselines?: string } = {}): Promise<Judgement> {
  return withCase(runDirectory, async (kase) => {
    const judgement = await judgeCase(kase)
    const { folder } = kase.records
    await writeFile(folder.findings, judgement.findings.map((finding) => `${canonicalJson(finding)}\n`).join(''))
    await writeFile(folder.transactions, `${canonicalJson(judgement.transactions)}\n`)
    await writeFile(folder.verdict, `${canonicalJson(judgement.verdict)}\n`)
    return judgement
  }, options)
}

export async function withCase<T>(runDirectory: string, use: (kase: Case) => Promise<T>, { baselines }: { baselines?: string } = {}): Promise<T> {
  const records = await openRun(runDirectory)
  const scratch = await mkdtemp(join(tmpdir(), 'tongduyet-judge-'))
  try {
    await using db = await Database.open()
    return await use(await openCase(db, records, scratch, baselines))
  } finally { await rm(scratch, { recursive: true, force: true }) }
}

export async function judgeCase(kase: Case): Promise<Judgement> {
  const { plan, db, states } = kase
  const findings: Finding[] = []
  const failures: CriterionResult[] = []
  for (const rule of INCIDENT_RULES) {
    try { findings.push(...await rule.detect(kase)) }
    catch (error) { failures.push(result(`incident.${rule.id}.check`, 'inconclusive', 'the rule itself works', `it failed: ${String((error as Error).message).split('\n')[0]}`)) }
  }
  try { findings.push(...await unavailableFindings(kase)) }
  catch (error) { failures.push(result('available.check', 'inconclusive', 'the rule itself works', `it failed: ${String((error as Error).message).split('\n')[0]}`)) }
  findings.push(...await classFindings(kase), ...await handTestFindings(kase))
  const criteria = [...await checkCriteria(kase, findings), ...failures]
  const transactions = await transactionsOf(kase)
  const operations = await db.count('SELECT count(*) FROM ops')
  const verified = await db.count(`SELECT count(*) FROM ops WHERE writes AND id NOT IN (SELECT id FROM named WHERE class IN ('unverified', 'unresolved'))`)
  const verdict: VerdictFile = Verdict.parse({
    v: 1, runId: plan.runId, planHash: plan.planHash, verdict: worst(criteria.map((criterion) => criterion.status)), criteria, findings: findings.map((finding) => finding.id),
    partners: (await partnerResults(kase)).map(({ lastAt: _, ...partner }) => partner),
    coverage: { systemsRead: plan.target.systems.map((system) => system.id).filter((id) => states.get(`evidence/${id}.ndjson`)?.whole).sort(), operations, verified },
    figures: [...await figuresOf(kase), ...await measureFigures(kase), ...transactionFigures(transactions)],
  })
  return { verdict, findings, transactions: { v: 1, runId: plan.runId, transactions } }
}
