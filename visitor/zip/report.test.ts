import { expect, test } from "vitest"
import { reportText } from "./report.ts"

const words = {
  head: ["The plan", "Shared by Nora."],
  missing: "Missing:",
  check: "Check it.",
  verified: "Verified:",
  stated: "Stated:",
  differing: "Differing:",
  uncompared: "Uncompared:",
}
const aFile = (sha256: string | null, sha256Verified: boolean) => ({
  id: "",
  name: "",
  path: "",
  size: 1,
  sha256,
  sha256Verified,
})

test("LAPSE.txt lists the missing files, and says what each checksum was compared with", () => {
  const checksums = [
    { path: "a", sha256: "11", file: aFile("11", true) },
    { path: "b/c d", sha256: "22", file: aFile("22", false) },
    { path: "e", sha256: "33", file: aFile("99", false) },
    { path: "f", sha256: "44", file: aFile(null, false) },
  ]
  expect(reportText({ words, missing: ["deep/x.pdf", "y"], checksums })).toBe(`The plan
Shared by Nora.

Missing:

- deep/x.pdf
- y

Check it.

Verified:

11  a

Stated:

22  b/c d

Differing:

33  e

Uncompared:

44  f
`)
})

test("LAPSE.txt has no further sections if all files are present and compared", () => {
  const checksums = [{ path: "a", sha256: "11", file: aFile("11", true) }]
  expect(reportText({ words, missing: [], checksums })).toBe(
    "The plan\nShared by Nora.\n\nCheck it.\n\nVerified:\n\n11  a\n",
  )
})
