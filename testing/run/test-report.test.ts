import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readPlaywright, readVitest } from "./test-report.ts"

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "lapse-report-"))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function written(report: unknown) {
  const file = path.join(directory, "report.json")
  writeFileSync(file, JSON.stringify(report))
  return file
}

describe("the outcome of a part of the tests", () => {
  it("names each unit test that failed, and each file that could not be loaded", () => {
    const file = written({
      numPassedTests: 5,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        {
          name: "/lapse/lib/claim.test.ts",
          status: "failed",
          assertionResults: [
            { fullName: "a claim counts", status: "passed", failureMessages: [] },
            {
              fullName: "a claim is exact",
              status: "failed",
              failureMessages: ["\u001b[31mexpected 5 to be 6\u001b[39m\n    at claim.test.ts:7"],
            },
          ],
        },
        {
          name: "/lapse/lib/mint.test.ts",
          status: "failed",
          message: "no such module",
          assertionResults: [],
        },
      ],
    })

    expect(readVitest(file, 1, "/lapse")).toEqual({
      passed: 5,
      failed: 2,
      skipped: 2,
      failures: [
        "lib/claim.test.ts › a claim is exact: expected 5 to be 6",
        "lib/mint.test.ts: no such module",
      ],
    })
  })

  it("names each story that failed, in any group, and one that passed only at the second try", () => {
    const story = (title: string, status: string, ...results: object[]) => ({
      title,
      file: "click.spec.ts",
      line: 3,
      tests: [{ status, results }],
    })
    const lost = { status: "timedOut", error: { message: "no download\nCall log:" } }
    const report = (failOnFlakyTests: boolean) => ({
      config: { failOnFlakyTests },
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [],
      suites: [
        {
          specs: [story("a click works", "expected", { status: "passed" })],
          suites: [
            {
              specs: [
                story("a click counts", "unexpected", lost),
                story("a view counts", "flaky", lost, { status: "passed" }),
              ],
            },
          ],
        },
      ],
    })

    const outcome = {
      passed: 5,
      failed: 1,
      skipped: 0,
      failures: ["e2e/click.spec.ts:3 › a click counts: no download"],
      flaky: ["e2e/click.spec.ts:3 › a view counts: no download"],
    }
    expect(readPlaywright(written(report(false)), 1)).toEqual(outcome)
    expect(readPlaywright(written(report(true)), 1)).toEqual({ ...outcome, passed: 4, failed: 2 })
  })

  it("is a failure where no report was written, or an error occurred outside of any test", () => {
    const nothing = { numPassedTests: 5, numPendingTests: 0, numTodoTests: 0, testResults: [] }
    expect(readVitest(path.join(directory, "none.json"), 0, "/").failed).toBe(1)
    expect(readVitest(written(nothing), 1, "/").failed).toBe(1)
    expect(readVitest(written(nothing), 0, "/").failed).toBe(0)
    expect(readPlaywright(path.join(directory, "none.json"), 0).failed).toBe(1)
  })
})
