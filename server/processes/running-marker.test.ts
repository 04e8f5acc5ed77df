import { execFileSync } from "node:child_process"
import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { markRunning, removeRunningMarker } from "./running-marker.ts"

let place = ""
let original = ""
let copy = ""
const start = (directory: string, acceptsCopy = false) => markRunning(directory, { acceptsCopy })

beforeEach(() => {
  place = fs.mkdtempSync(path.join(tmpdir(), "lapse-marker-"))
  original = path.join(place, "data")
  copy = path.join(place, "copy")
  fs.mkdirSync(original)
})
afterEach(() => fs.rmSync(place, { recursive: true }))

const COPIES: [string, () => void][] = [
  ["cp -a", () => execFileSync("cp", ["-a", original, copy])],
  ["cp -r", () => execFileSync("cp", ["-r", original, copy])],
  [
    "tar",
    () => {
      const archive = path.join(place, "data.tar")
      execFileSync("tar", ["-cf", archive, "-C", original, "."])
      fs.mkdirSync(copy)
      execFileSync("tar", ["-xf", archive, "-C", copy])
    },
  ],
]

describe("a data directory that was copied while it ran", () => {
  it.each(COPIES)("by %s does not start before it is told to", (_, copyIt) => {
    start(original)
    copyIt()

    expect(() => start(copy)).toThrow(/seems to be a copy .* --accept-copy/s)
    expect(() => start(copy)).toThrow("seems to be a copy")
    start(copy, true)
    expect(() => start(copy)).not.toThrow() // a crash of the accepted copy
    expect(() => start(original)).not.toThrow()
  })
})

describe("a directory that is not a copy made while it ran", () => {
  it("may be one after a kill -9, however often, or under another name", () => {
    start(original)
    start(original)
    fs.renameSync(original, copy)

    expect(() => start(copy)).not.toThrow()
  })

  it("may be one that was copied while it was stopped", () => {
    start(original)
    removeRunningMarker(original)
    fs.cpSync(original, copy, { recursive: true })

    expect(() => start(copy)).not.toThrow()
  })

  it("may be one whose file system renumbers inodes, or stores no birth time", () => {
    const file = path.join(original, "running.json")
    start(original)
    for (const wrong of [{ inode: "1" }, { bornAtNs: "1" }, { inode: "1", bornAtNs: "0" }]) {
      const written = JSON.parse(fs.readFileSync(file, "utf8"))
      fs.writeFileSync(file, JSON.stringify({ ...written, ...wrong }))
      expect(() => start(original)).not.toThrow()
    }
  })

  it("may be one whose marker a power failure left empty", () => {
    fs.writeFileSync(path.join(original, "running.json"), "")

    expect(() => start(original)).not.toThrow()
  })
})
