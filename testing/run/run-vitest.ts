import { spawnSync } from "node:child_process"
import path from "node:path"
import { shareCeph } from "#testing/ceph/shared-ceph.ts"
import { findPgBouncer } from "#testing/database/pgbouncer.ts"
import { findSwift } from "#testing/swift/swift.ts"
import { type Output, root } from "./run-tool.ts"
import { type Outcome, readVitest } from "./test-report.ts"

/** Runs the unit and integration tests: all, or those of the named files or projects. */
export async function runUnit(output: Output, report: string, chosen: string[]): Promise<Outcome> {
  return runVitest(output, report, chosen)
}

/** Runs the tests that import what differs from the main branch, or that is not committed. */
export async function runChanged(output: Output, results: string): Promise<Outcome> {
  const isCommit = (name: string) =>
    spawnSync("git", ["rev-parse", "--quiet", "--verify", name], { cwd: root }).status === 0
  const base = ["origin/main", "main", "HEAD"].find(isCommit)
  const options = base ? [`--changed=${base}`, "--passWithNoTests"] : []
  return runVitest(output, path.join(results, "changed.json"), options)
}

/** The tests of the storage and of cut offs, and what tags, rights and the checks are on Ceph. */
const CEPH_TESTS = [
  ...["lib/adapters/storage", "lib/rooms/cut-offs", "lib/rooms/files", ".ceph.test.ts"],
  "lib/rooms/shares/cut-off",
]

/** Runs tests on Ceph: all of these, or only the named files. */
export async function runOnCeph(output: Output, results: string, files: string[]) {
  const ceph = await shareCeph(output.say)
  if (!ceph) return { passed: 0, failed: 0, skipped: 1 }
  const tests = files.length > 0 ? files : CEPH_TESTS
  const env = { LAPSE_TEST_STORE: "ceph", ...ceph }
  return runVitest(output, path.join(results, "ceph.json"), tests, env)
}

const SWIFT_TESTS = ["lib/adapters/storage/contract.test.ts", ".swift.test.ts"]

/** Runs the tests of the store on an OpenStack Swift: all, or only the named files. */
export async function runOnSwift(output: Output, results: string, files: string[]) {
  if (!findSwift(output.say)) return { passed: 0, failed: 0, skipped: 1 }
  const tests = files.length > 0 ? files : SWIFT_TESTS
  return runVitest(output, path.join(results, "swift.json"), tests, { LAPSE_TEST_STORE: "swift" })
}

/** Tests of races, whose statements share a server with those of other connections. */
const POOLER_TESTS = [
  "lib/rooms/claims/claim/limit-over-processes.test.ts",
  "lib/rooms/claims/claim/unlimited-claim.test.ts",
  "lib/rooms/cut-offs/under-clicks.test.ts",
  "lib/adapters/outages/outage.test.ts",
]

/** Runs tests with the app behind a PgBouncer: tests of races, or only the named files. */
export async function runOnPooler(output: Output, results: string, files: string[]) {
  if (!findPgBouncer()) {
    console.log(
      "Skipped: PgBouncer is not on this machine. apt-get install pgbouncer brings it, and starts one.",
    )
    return { passed: 0, failed: 0, skipped: 1 }
  }
  const tests = files.length > 0 ? files : POOLER_TESTS
  const report = path.join(results, "pooler.json")
  return runVitest(output, report, tests, { LAPSE_TEST_POOLER: "1" })
}

async function runVitest(
  { runTool }: Output,
  report: string,
  files: string[],
  env: Record<string, string> = {},
) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  const code = await runTool("vitest", ["run", ...reporters, ...files], { env })
  return readVitest(report, code, root)
}
