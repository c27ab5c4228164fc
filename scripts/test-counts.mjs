// Prints "passed failed skipped" of a vitest or Playwright JSON report.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
if (report.stats) {
  const { expected, unexpected, flaky, skipped } = report.stats
  // A test that passed only on a retry is a failure: it must be mended, not folded into a pass.
  console.log(expected, unexpected + flaky + (report.errors?.length ?? 0), skipped)
} else {
  const failedSuites = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  console.log(report.numPassedTests, report.numFailedTests + failedSuites, report.numPendingTests + report.numTodoTests)
}
