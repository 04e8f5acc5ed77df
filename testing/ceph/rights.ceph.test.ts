import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { heldOutput, root } from "#testing/run/run-tool.ts"

// Runs the storage contract and the cut offs with an app that has exactly the printed rights. The
// inner run has its own bucket and users on the same Ceph.
const FILES = [
  "lib/adapters/storage/contract.test.ts",
  "lib/adapters/storage/versions.ceph.test.ts",
  "lib/rooms/cut-offs/cut-off.test.ts",
]

type Result = { status: string; fullName: string }

/** The names of the cases that failed. */
async function failuresWith(rights: string, only?: string) {
  const directory = makeFastDirectory()
  const report = path.join(directory.path, "report.json")
  const output = ["--reporter=json", `--outputFile.json=${report}`]
  const filter = only ? ["-t", only] : []
  const env = {
    LAPSE_TEST_STORE: "ceph",
    LAPSE_TEST_RIGHTS: rights,
    LAPSE_TEST_BUCKET: `rights-${randomBytes(8).toString("hex")}`,
  }
  const args = ["run", "--project", "app", ...output, ...filter, ...FILES]
  await heldOutput().runTool("vitest", args, { env })
  const { testResults }: { testResults: { assertionResults: Result[] }[] } = JSON.parse(
    readFileSync(path.resolve(root, report), "utf8"),
  )
  directory.remove()
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  const ran = results.filter(({ status }) => ["passed", "failed"].includes(status))
  const failed = ran.filter(({ status }) => status === "failed")
  return { ran: ran.length, failed: failed.map(({ fullName }) => fullName) }
}

/**
 * Cases that fail without a right. Reading and tagging objects is missing: a user of Ceph may do
 * that with objects that the user wrote. lib/adapters/storage/rights/needed.ceph.test.ts tests
 * those rights.
 */
const NEEDED_BY: [string, string][] = [
  ["s3:ListBucket", "returns the size and type of an object, and null if there is none"],
  ["s3:ListBucketMultipartUploads", "has every unfinished upload below a prefix, page by page"],
  ["s3:ListBucketVersions", "leaves no version"],
  ["s3:PutObject", "stores bytes that presignGet returns under the given name and type"],
  ["s3:DeleteObject", "finds nothing once the object was deleted, however often"],
  ["s3:DeleteObjectVersion", "leaves no version"],
  ["s3:AbortMultipartUpload", "is unknown once it was aborted"],
  ["LapseSignerAmber", "is what its signer may read, and nothing else"],
  ["LapseSignerBlue", "is what its signer may read, and nothing else"],
]

describe("with exactly the printed rights", () => {
  it("the storage contract is kept and cut offs work", async () => {
    const { ran, failed } = await failuresWith("all")

    expect(failed).toEqual([])
    expect(ran).toBeGreaterThan(40)
  })

  it.skipIf(!process.env.HEAVY).each(NEEDED_BY)(
    "and without %s the case “%s” fails",
    async (right, name) => {
      const { ran, failed } = await failuresWith(right, name)

      expect(ran).toBe(1)
      expect(failed).toEqual([expect.stringContaining(name)])
    },
  )
})
