import { spawnSync } from "node:child_process"
import path from "node:path"
import { shareCeph } from "#testing/ceph/shared-ceph.ts"
import { findPgBouncer } from "#testing/database/pgbouncer.ts"
import { findSwift } from "#testing/swift/swift.ts"
import { type Output, root } from "./run-tool.ts"
import { type Outcome, readVitest } from "./test-report.ts"

/** Runs the unit and integration tests: all, or those of the named files. */
export async function runUnit(output: Output, results: string, files: string[]): Promise<Outcome> {
  return runVitest(output, path.join(results, "unit.json"), files)
}

/** Runs the tests that import what differs from the main branch, or that is not committed. */
export async function runChanged(output: Output, results: string): Promise<Outcome> {
  const isCommit = (name: string) =>
    spawnSync("git", ["rev-parse", "--quiet", "--verify", name], { cwd: root }).status === 0
  const base = ["origin/main", "main", "HEAD"].find(isCommit)
  const options = base ? [`--changed=${base}`, "--passWithNoTests"] : []
  return runVitest(output, path.join(results, "changed.json"), options)
}

/**
 * The storage contract and cut offs, also with only the rights that Lapse asks for; with HEAVY=1
 * all storage tests, and what tags, rights and the checks are on Ceph.
 */
const CEPH_TESTS = process.env.HEAVY
  ? [
      ...["lib/adapters/storage", "lib/rooms/cut-offs", "lib/rooms/files", ".ceph.test.ts"],
      "lib/rooms/shares/cut-off",
    ]
  : [
      "lib/adapters/storage/contract.test.ts",
      ...["cut-off", "races", "late-tag", "rekey-file", "under-clicks"].map(
        (name) => `lib/rooms/cut-offs/${name}.test.ts`,
      ),
      "lib/rooms/shares/cut-off",
      "testing/ceph",
    ]

/** Runs tests on Ceph: these, or those of the named files. */
export async function runOnCeph(output: Output, results: string, files: string[]) {
  const ceph = await shareCeph(output.say)
  if (!ceph) return { passed: 0, failed: 0, skipped: 1 }
  const tests = files.length > 0 ? files : CEPH_TESTS
  const env = { LAPSE_TEST_STORE: "ceph", ...ceph }
  return runVitest(output, path.join(results, "ceph.json"), tests, env)
}

const SWIFT_TESTS = ["lib/adapters/storage/contract.test.ts", ".swift.test.ts"]

/** Runs the tests of the store on an OpenStack Swift: all, or those of the named files. */
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

/** Runs tests with the app behind a PgBouncer: those of races, or those of the named files. */
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
