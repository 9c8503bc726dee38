/** After the night: judge, prove the judge, settle with the sealed witnesses, render. Reads and writes the run folder only. */
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { Language } from '../../contracts/text.ts'
import type { Finding, RunOutcome, Selfcheck, Verdict } from '../../contracts/verdict.ts'
import { judge } from '../../results/judge/index.ts'
import { settle } from '../../results/outcome/index.ts'
import { renderReport } from '../../results/report/index.ts'
import { selfcheck } from '../../results/selfcheck/index.ts'

export type Settled = { verdict: Verdict; findings: Finding[]; selfcheck: Selfcheck; outcome: RunOutcome; files: string[] }

export async function settleRun(folder: RunFolder, language: Language): Promise<Settled> {
  const { verdict, findings } = await judge(folder.directory)
  const proof = await selfcheck(folder.directory)
  const outcome = await settle(folder.directory)
  const { files } = await renderReport(folder.directory, { formats: ['html', 'junit', 'json'], language })
  return { verdict, findings, selfcheck: proof, outcome, files }
}
