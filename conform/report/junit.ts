/** The result as JUnit: a suite for each flow, a case for each requirement; broken is a failure, faulted or timed out an error, not triggerable skipped. */
import junit, { type Builder } from 'junit-report-builder'
import type { Language } from '../../contracts/text.ts'
import type { ConformResult } from '../result.ts'
import { curlOf } from './curl.ts'

// The package is CommonJS, its types describe an ES module's default.
const builder = junit as unknown as Builder

export function junitReport({ about, runId, outcomes }: ConformResult, language: Language): string {
  const report = builder.newBuilder().name(clean(`tongduyet conform ${about.role} ${about.partner} ${runId}`))
  for (const [flow, members] of Map.groupBy(outcomes, (one) => one.flow)) {
    const suite = report.testSuite().name(flow)
    for (const one of members) {
      const testCase = suite.testCase().className(`conform.${about.role}.${flow}`).name(clean(`${one.id}: ${one.requirement[language]}`)).time(one.tookMs / 1_000)
      if (one.outcome === 'broken') testCase.failure(clean(`${one.expected?.[language]} · ${one.observed?.[language]}`), 'broken').stacktrace(clean(one.smallest ? `${curlOf(one.smallest)}\n${one.smallest.status ?? one.smallest.error} ${one.smallest.answer ?? ''}` : ''))
      if (one.outcome === 'faulted' || one.outcome === 'timed-out') testCase.error(clean(one.why?.[language] ?? ''), one.outcome)
      if (one.outcome === 'not-triggerable') testCase.skipped().standardOutput(clean(one.why?.[language] ?? ''))
    }
  }
  return report.build()
}

/** XML 1.0 has no such characters. */
function clean(text: string): string { return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '�') }
