/**
 * `junit.xml`: each criterion of the verdict is a test case, each group of criteria (the part of the id before the first dot) a suite.
 * `fail` becomes a failure with the findings that stand behind it, `inconclusive` an error. Without a verdict there is one case, in error:
 * a file without cases would be taken for a success.
 */
import junit, { type Builder } from 'junit-report-builder'
import { INCIDENTS } from '../../../contracts/incidents.ts'
import type { CriterionResult, Finding } from '../../../contracts/verdict.ts'
import { withoutControls } from '../markup.ts'
import type { ReportModel } from '../report-model.ts'
import { say } from '../texts.ts'
import type { ReportFile } from './format.ts'

const LISTED_FINDINGS = 20
// The package is CommonJS, its types describe an ES module's default.
const builder = junit as unknown as Builder

export const junitXml: ReportFile = {
  id: 'junit',
  fileName: 'junit.xml',
  render(model, language) {
    const report = builder.newBuilder().name(withoutControls(`tongduyet ${model.runId}`))
    const criteria = model.verdict?.criteria ?? []
    for (const [group, members] of Map.groupBy(criteria, ({ id }) => groupOf(id))) {
      const suite = report.testSuite().name(withoutControls(group))
      for (const criterion of members) {
        const testCase = suite.testCase().className(withoutControls(`tongduyet.${group}`)).name(withoutControls(criterion.id)).time(0)
        const message = withoutControls(`${say(language, 'expectedOf')}: ${criterion.expected} · ${say(language, 'observedOf')}: ${criterion.observed}`)
        if (criterion.status === 'fail') testCase.failure(message, 'fail').stacktrace(withoutControls(detailOf(criterion, findingsBehind(criterion, model.findings))))
        if (criterion.status === 'inconclusive') testCase.error(message, 'inconclusive', withoutControls(detailOf(criterion, [])))
      }
    }
    if (criteria.length === 0) {
      report.testSuite().name('verdict').testCase().className('tongduyet.verdict').name('verdict').time(0)
        .error(withoutControls(`${say(language, `state.${model.state}`)}: ${say(language, `explain.${model.state}`)}`), model.state, withoutControls(gapsOf(model)))
    }
    return report.build()
  },
}

export function groupOf(criterionId: string): string {
  const dot = criterionId.indexOf('.')
  return dot > 0 ? criterionId.slice(0, dot) : criterionId
}

/** Those that carry the class the criterion counts, or the incident it names; a criterion of another kind lists none. */
export function findingsBehind(criterion: CriterionResult, findings: readonly Finding[]): Finding[] {
  const subject = criterion.id.slice(criterion.id.indexOf('.') + 1)
  return findings.filter((finding) => subject === finding.class || subject === finding.incident)
}

function detailOf(criterion: CriterionResult, findings: readonly Finding[]): string {
  return [
    ...findings.slice(0, LISTED_FINDINGS).map((finding) =>
      `${finding.id}: ${finding.incident ? `${INCIDENTS[finding.incident].title.en}; ` : ''}${finding.system} (${finding.unit}), ${finding.count}: ${finding.cause}`),
    ...(findings.length > LISTED_FINDINGS ? [`… ${findings.length - LISTED_FINDINGS}`] : []),
    ...criterion.evidence.map(({ file, lines }) => `${file}${lines.length > 0 ? `:${lines.slice(0, LISTED_FINDINGS).join(',')}` : ''}`),
  ].join('\n')
}

function gapsOf(model: ReportModel): string {
  return model.gaps.map((gap) => `${gap.file}: ${gap.kind} ${gap.detail}`).join('\n')
}
