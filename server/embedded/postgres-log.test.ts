import fs from "node:fs"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { readFailure, saysDiskFull } from "./postgres-log.ts"

const made: { remove: () => void }[] = []
afterEach(() => {
  for (const directory of made.splice(0)) directory.remove()
})

function aClusterWithLog(lines: string[]) {
  const directory = makeFastDirectory()
  made.push(directory)
  fs.writeFileSync(path.join(directory.path, "current_logfiles"), "stderr postgres.log\n")
  fs.writeFileSync(path.join(directory.path, "postgres.log"), lines.join("\n"))
  return directory.path
}

const FULL =
  '2026-03-04 05:06:07.890 UTC [12] PANIC:  could not write to file "pg_wal/xlogtemp.12": No space left on device'
const REFUSED = "2026-03-04 05:06:08.000 UTC [13] FATAL:  the database system is shutting down"

describe("a log of a full disk", () => {
  it("is recognised before the refused connections that follow", () => {
    const cluster = aClusterWithLog([FULL, ...Array.from({ length: 300 }, () => REFUSED)])
    expect(saysDiskFull(cluster, "", new Date("2026-03-04T05:06:07Z"))).toBe(true)
  })

  it("of an earlier start is ignored", () => {
    const cluster = aClusterWithLog([FULL, REFUSED])
    expect(saysDiskFull(cluster, "", new Date("2026-03-04T05:06:08Z"))).toBe(false)
  })

  it("is recognised where the log itself has no room", () => {
    const stderr = "could not write to log file: No space left on device"
    expect(saysDiskFull(aClusterWithLog([]), stderr, new Date())).toBe(true)
  })
})

describe("the reason why a server ended", () => {
  it("is the last error of this start, and none of an earlier one", () => {
    const cluster = aClusterWithLog([FULL, REFUSED])
    const why = (since: string, stderr = "") => readFailure(cluster, stderr, new Date(since))
    expect(why("2026-03-04T05:06:07Z")).toBe("the database system is shutting down")
    expect(why("2026-03-04T05:06:09Z", "postgres: no such option")).toBe("postgres: no such option")
    expect(why("2026-03-04T05:06:09Z")).toBe("")
  })
})
