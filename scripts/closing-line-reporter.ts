/**
 * The last lines of a test run: what was skipped and why, then `N passed, N failed[, N skipped]` alone on a line. A file that could not be
 * loaded and an error outside of any test count as failed, so that a run that tested nothing cannot look green.
 */
import type { Reporter, TestModule, SerializedError } from 'vitest/node'

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      const errors = module.errors()
      if (errors.length > 0) {
        counts.failed += 1
        console.log(`failed to load: ${module.relativeModuleId}: ${errors[0]?.message}`)
      }
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') counts.passed += 1
        else if (result.state === 'failed') counts.failed += 1
        else {
          counts.skipped += 1
          const note = 'note' in result && result.note ? result.note : 'no reason given'
          skipped.push(`skipped: ${module.relativeModuleId} > ${test.fullName}: ${note}`)
        }
      }
    }
    console.log(['', ...skipped, `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`].join('\n'))
  }
}
