/** `report.json`: what the page shows, for machines. Times are epoch ms; `clock` in a name or beside it says which. */
import { canonicalJson } from '../../../contracts/canonical-json.ts'
import { nameInRun, type ReportModel } from '../report-model.ts'
import type { ReportFile } from './format.ts'

export const json: ReportFile = {
  id: 'json',
  fileName: 'report.json',
  render: (model) => `${canonicalJson(jsonReport(model))}\n`,
}

function jsonReport(model: ReportModel) {
  const { plan, verdict, selfcheck, outcome } = model
  return {
    v: 1, runId: model.runId, planHash: plan?.planHash ?? verdict?.planHash ?? null, state: model.state, aborted: model.aborted,
    seed: plan?.seed ?? null, timeScale: plan?.timeScale ?? null, target: plan ? { name: plan.target.name, kind: plan.target.kind } : null,
    runbook: plan?.runbook.name ?? null, profile: plan?.profile.name ?? null, versions: plan?.versions ?? {},
    simulated: model.simulated, assumptions: plan?.assumptions ?? [], partners: model.partners, runbookScenarioClock: model.bars,
    load: model.load, latencyWallMs: model.latency, dnsScenarioClock: model.dns,
    criteria: verdict?.criteria ?? null, findings: model.findings, figures: verdict?.figures ?? null, coverage: verdict?.coverage ?? null,
    selfcheck, outcome, gaps: model.gaps, history: model.historyFiles.map((path) => nameInRun(model, path)),
  }
}
