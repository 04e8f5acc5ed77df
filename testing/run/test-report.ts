import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import type { JSONReport, JSONReportSuite } from "@playwright/test/reporter"
import type { JsonTestResults } from "vitest/node"

/**
 * The outcome of a part of the tests. `failures` has one line for each failure, `flaky` one for each
 * story that passed only at its second try, which counts as passed.
 */
export type Outcome = {
  passed: number
  failed: number
  skipped?: number
  failures?: string[]
  flaky?: string[]
}

/** The outcome of a tool that has only an exit code. */
export const outcomeOf = (code: number): Outcome =>
  code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

/** Reads the report of Vitest, which ended with this exit code. Names paths relative to `root`. */
export function readVitest(file: string, code: number, root: string): Outcome {
  if (!existsSync(file)) return outcomeOf(1)
  const report: JsonTestResults = JSON.parse(readFileSync(file, "utf8"))
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const test = path.relative(root, name)
    const failed = assertionResults.filter((result) => result.status === "failed")
    // The failure is outside of any test: while the file was loaded, in a hook, or in its worker.
    if (status === "failed" && failed.length === 0) return [`${test}: ${firstLine(message)}`]
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${test} › ${fullName}: ${firstLine(failureMessages?.[0])}`,
    )
  })
  return {
    passed: report.numPassedTests,
    failed: failures.length || (code === 0 ? 0 : 1), // an error outside of any test
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

/**
 * Reads the report of Playwright, which ended with this exit code. If `failOnFlakyTests` is set, a
 * story that passed only at its second try has failed.
 */
export function readPlaywright(file: string, code: number): Outcome {
  if (!existsSync(file)) return outcomeOf(1)
  const { config, stats, errors, suites }: JSONReport = JSON.parse(readFileSync(file, "utf8"))
  const flaky = config.failOnFlakyTests ? stats.flaky : 0
  const failed = stats.unexpected + flaky + errors.length
  const storiesWith = (status: string) => suites.flatMap((suite) => storiesIn(suite, status))
  return {
    passed: stats.expected + stats.flaky - flaky,
    failed: failed || (code === 0 ? 0 : 1),
    skipped: stats.skipped,
    failures: [...storiesWith("unexpected"), ...errors.map(({ message }) => firstLine(message))],
    flaky: storiesWith("flaky"),
  }
}

/** The stories with this result, each with its first error. */
function storiesIn({ specs, suites = [] }: JSONReportSuite, ended: string): string[] {
  const here = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === ended)
      .map(({ results }) => {
        const error = results.find(({ status }) => status !== "passed")?.error
        return `e2e/${file}:${line} › ${title}: ${firstLine(error?.message)}`
      }),
  )
  return [...here, ...suites.flatMap((suite) => storiesIn(suite, ended))]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the colours of a terminal
const COLOURS = /\u001b\[[0-9;]*m/g

const firstLine = (message = "") => message.replace(COLOURS, "").split("\n", 1)[0] ?? ""
