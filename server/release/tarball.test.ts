import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { packTarball } from "./tarball.ts"

const place = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-tarball-"))
afterAll(() => fs.rmSync(place, { recursive: true, force: true }))

function makeFolder() {
  const folder = path.join(place, "folder")
  fs.mkdirSync(path.join(folder, "bin"), { recursive: true })
  for (const file of ["bin/lapse", "a"])
    fs.writeFileSync(path.join(folder, file), file, { mode: 0o600 })
  fs.chmodSync(path.join(folder, "bin/lapse"), 0o700)
  fs.symlinkSync("bin/lapse", path.join(folder, "link"))
  return folder
}

describe("a tarball", () => {
  it("unpacks into a folder of its name, readable by everyone and owned by root", () => {
    const file = path.join(place, "lapse-1.tar.gz")
    const sum = packTarball({ folder: makeFolder(), name: "lapse-1", file })
    const listed = execFileSync("tar", ["tvzf", file], { encoding: "utf8" })

    expect(sum).toBe(createHash("sha256").update(fs.readFileSync(file)).digest("hex"))
    expect(
      listed
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/)),
    ).toMatchObject([
      ["drwxr-xr-x", "0/0", "0", expect.anything(), expect.anything(), "lapse-1/"],
      ["-rw-r--r--", "0/0", "1", expect.anything(), expect.anything(), "lapse-1/a"],
      ["drwxr-xr-x", "0/0", "0", expect.anything(), expect.anything(), "lapse-1/bin/"],
      ["-rwxr-xr-x", "0/0", "9", expect.anything(), expect.anything(), "lapse-1/bin/lapse"],
      [
        expect.stringMatching(/^l/),
        "0/0",
        "0",
        expect.anything(),
        expect.anything(),
        "lapse-1/link",
        "->",
        "bin/lapse",
      ],
    ])
  })
})
