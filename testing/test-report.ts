import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import type { JSONReport, JSONReportSuite } from "@playwright/test/reporter"
import type { JsonTestResults } from "vitest/node"

/** What a part of the tests came to. `failures` names what failed, a line each. */
export type Outcome = { passed: number; failed: number; skipped?: number; failures?: string[] }

/** Of a tool that counts nothing itself. */
export const outcomeOf = (code: number): Outcome =>
  code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

/** What Vitest wrote, which ended with this code. Paths are told relative to `root`. */
export function readVitest(file: string, code: number, root: string): Outcome {
  if (!existsSync(file)) return outcomeOf(1)
  const report: JsonTestResults = JSON.parse(readFileSync(file, "utf8"))
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const test = path.relative(root, name)
    const failed = assertionResults.filter((result) => result.status === "failed")
    // Broken outside of any test: while it was loaded, in a hook, or with its worker.
    if (status === "failed" && failed.length === 0) return [`${test}: ${first(message)}`]
    return failed.map(
      ({ fullName, failureMessages }) => `${test} › ${fullName}: ${first(failureMessages?.[0])}`,
    )
  })
  return {
    passed: report.numPassedTests,
    failed: failures.length || (code === 0 ? 0 : 1), // an error outside of any test
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

/** What Playwright wrote, which ended with this code. */
export function readPlaywright(file: string, code: number): Outcome {
  if (!existsSync(file)) return outcomeOf(1)
  const { stats, errors, suites }: JSONReport = JSON.parse(readFileSync(file, "utf8"))
  const failed = stats.unexpected + stats.flaky + errors.length
  return {
    passed: stats.expected,
    failed: failed || (code === 0 ? 0 : 1),
    skipped: stats.skipped,
    failures: [...suites.flatMap(failuresIn), ...errors.map(({ message }) => first(message))],
  }
}

function failuresIn({ specs, suites = [] }: JSONReportSuite): string[] {
  const broken = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ results }) => {
        const error = results.find(({ status }) => status !== "passed")?.error
        return `e2e/${file}:${line} › ${title}: ${first(error?.message)}`
      }),
  )
  return [...broken, ...suites.flatMap(failuresIn)]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the colours that a terminal shows
const COLOURS = /\u001b\[[0-9;]*m/g

const first = (message = "") => message.replace(COLOURS, "").split("\n", 1)[0] ?? ""
