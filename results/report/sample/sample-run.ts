/**
 * Writes a whole run folder of about 17,000 operations, so that the report is tested and looked at without a rehearsal: `clean`, or with
 * `findings` (an uneven DNS switch, pushes blocked by the WAF), or `interrupted` in the night (records cut, no verdict). Same input, same bytes.
 * As a program: `node results/report/sample/sample-run.ts DIRECTORY [clean|findings|interrupted]`.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { canonicalJson } from '../../../contracts/canonical-json.ts'
import { clockOffsetMs } from '../../../contracts/duration.ts'
import type { Plan } from '../../../contracts/plan.ts'
import { RecordWriter } from '../../../contracts/record-file.ts'
import { runFolder } from '../../../contracts/run-folder.ts'
import type { Finding } from '../../../contracts/verdict.ts'
import { sampleHistory } from './sample-history.ts'
import { sampleJournal } from './sample-journal.ts'
import { SAMPLE_BEGAN_AT, samplePlan } from './sample-plan.ts'
import { sampleFindings, sampleOutcome, sampleSelfcheck, sampleVerdict } from './sample-verdict.ts'

export type SampleKind = 'clean' | 'findings' | 'interrupted'
export type SampleOptions = {
  kind?: SampleKind
  /** Changes the findings before they are written. */
  alterFindings?: (findings: Finding[]) => Finding[]
}

const INTERRUPTED_AT = '01:12'

export function writeSampleRun(directory: string, { kind = 'findings', alterFindings = (findings) => findings }: SampleOptions = {}): string {
  const folder = runFolder(directory)
  const plan = samplePlan(`20261120-100000-night-${kind}`)
  const troubled = kind === 'findings'
  const wall = (clock: string) => SAMPLE_BEGAN_AT + clockOffsetMs('21:00', clock) / plan.timeScale
  const whole = sampleHistory(plan, { unevenSince: troubled ? wall('23:15') : null, blockedEvery: troubled ? 23 : null })
  const history = kind === 'interrupted' ? whole.filter((line) => line.completedAt < wall(INTERRUPTED_AT)) : whole
  for (const path of [directory, folder.history, folder.evidence]) mkdirSync(path, { recursive: true })
  writeFileSync(folder.plan, `${canonicalJson(plan)}\n`)
  writeAnswers(plan, directory, troubled, kind === 'interrupted' ? wall(INTERRUPTED_AT) : wall('04:00'))
  writeRecords(folder.journal, sampleJournal(plan, { unevenDns: troubled, goNoGo: troubled ? 'no-go' : 'go', ...(kind === 'interrupted' ? { interruptedAt: INTERRUPTED_AT } : {}) }))
  writeRecords(folder.historyOf('w1'), history, kind !== 'interrupted')
  if (kind === 'interrupted') {
    appendFileSync(folder.historyOf('w1'), '{"v":1,"op":"sync-w2.77')
    return directory
  }
  const findings = alterFindings(troubled ? sampleFindings(plan, history) : [])
  const verdict = sampleVerdict(plan, history, findings)
  writeFileSync(folder.verdict, `${canonicalJson(verdict)}\n`)
  writeFileSync(folder.findings, findings.map((finding) => `${canonicalJson(finding)}\n`).join(''))
  writeFileSync(folder.selfcheck, `${canonicalJson(sampleSelfcheck(plan, history))}\n`)
  writeFileSync(folder.outcome, `${canonicalJson(sampleOutcome(plan, verdict))}\n`)
  return directory
}

/** Resolvers' answers every 150 ms: each region moves over within its TTL, the south never does in an uneven night. */
function writeAnswers(plan: Plan, directory: string, uneven: boolean, until: number): void {
  const { addresses, portalHost } = plan.target
  const switched = SAMPLE_BEGAN_AT + clockOffsetMs('21:00', '23:15') / plan.timeScale
  plan.target.regions.forEach(({ id }, order) => {
    const moved = switched + [500, 1_700, 3_100][order]!
    const records: unknown[] = [{ v: 1, system: `resolver-${id}`, readId: `resolver-${id}-1`, mode: 'running', beganAt: SAMPLE_BEGAN_AT }]
    for (let at = SAMPLE_BEGAN_AT, n = 1; at < until; at += 150, n += 1) {
      const old = at < moved || (uneven && id === 'south')
      records.push({ key: `answer/${n}`, status: old ? addresses.old : addresses.new, fields: { name: portalHost, ttlS: 60 }, seenAt: at })
    }
    writeRecords(runFolder(directory).evidenceOf(`resolver-${id}`), records)
  })
}

function writeRecords(path: string, records: readonly unknown[], whole = true): void {
  const writer = new RecordWriter(path)
  for (const record of records) writer.write(record)
  if (whole) writer.close(SAMPLE_BEGAN_AT + 200_000)
  else { writer.flush(); writer.abandon() }
}

if (import.meta.main) {
  const [directory, kind] = process.argv.slice(2)
  if (!directory) throw new Error('give the directory to write to')
  writeSampleRun(directory, kind ? { kind: kind as SampleKind } : {})
}
