import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { packTarball } from "./tarball.ts"

const place = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-tarball-"))
afterAll(() => fs.rmSync(place, { recursive: true, force: true }))

/** Makes a folder with the same content, in another order and with other times and modes. */
function makeFolder(name: string, { names, mode }: { names: string[]; mode: number }) {
  const folder = path.join(place, name)
  fs.mkdirSync(path.join(folder, "bin"), { recursive: true })
  for (const file of names) {
    fs.writeFileSync(path.join(folder, file), file, { mode })
    fs.utimesSync(path.join(folder, file), names.length, names.indexOf(file) * 1000)
  }
  fs.chmodSync(path.join(folder, "bin/lapse"), mode | 0o100)
  fs.symlinkSync("bin/lapse", path.join(folder, "link"))
  return folder
}

const pack = (folder: string, file: string) =>
  packTarball({ folder, name: "lapse-1", file: path.join(place, file), time: 1_795_000_000 })

describe("a tarball", () => {
  it("has the same bytes whoever packs the same content, whenever", async () => {
    const first = makeFolder("first", { names: ["bin/lapse", "a", "B"], mode: 0o600 })
    const second = makeFolder("second", { names: ["B", "a", "bin/lapse"], mode: 0o664 })

    const sum = await pack(first, "first.tar.gz")

    expect(await pack(second, "second.tar.gz")).toBe(sum)
    const bytes = fs.readFileSync(path.join(place, "first.tar.gz"))
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sum)
  })

  it("unpacks into a folder of its name, readable by everyone and owned by root", async () => {
    await pack(makeFolder("third", { names: ["bin/lapse", "a"], mode: 0o600 }), "third.tar.gz")
    const listed = execFileSync("tar", ["tvzf", path.join(place, "third.tar.gz")], {
      encoding: "utf8",
    })

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
