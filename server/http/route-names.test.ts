import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { ADDRESSES } from "#visitor/answer.ts"
import { nameRoutes, sideOf, VISITOR_ADDRESSES } from "./route-names.ts"

const FILE = "0199f3a4-0000-7000-8000-000000000001"

function names() {
  const build = aDirectory()
  const manifest = {
    staticRoutes: [{ page: "/" }, { page: "/shares" }, { page: "/api/v1/files" }],
    dynamicRoutes: [
      { page: "/api/v1/files/[id]", regex: "^/api/v1/files/([^/]+?)(?:/)?$" },
      { page: "/shares/[id]", regex: "^/shares/([^/]+?)(?:/)?$" },
    ],
  }
  writeFileSync(path.join(build, "routes-manifest.json"), JSON.stringify(manifest))
  return nameRoutes(build)
}

/** An empty directory, which is removed at the end of the test. */
function aDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-build-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

describe("the name of a route", () => {
  it("contains no id and no token", async () => {
    const nameOf = names()
    const named = Object.entries({
      "/": "/",
      "/shares": "/shares",
      [`/shares/${FILE}`]: "/shares/[id]",
      [`/api/v1/files/${FILE}`]: "/api/v1/files/[id]",
      "/s/abc": "/s/[token]",
      "/s/abc/state": "/s/[token]/state",
      "/share/abc": "/share/[id]",
      [`/s/abc/d/${FILE}`]: "/s/[token]/d/[file]",
      "/api/live": "/api/live",
      "/assets/visit-1a2b.js": "/assets/[file]",
      "/_next/static/chunks/a/b.js": "/_next/static/[file]",
    })
    for (const [given, name] of named) expect([given, nameOf(given)]).toEqual([given, name])
  })

  it.each([
    "/s/",
    "/s/abc/",
    "/s/abc/x",
    "/s/abc/d",
    "/s/abc/d/",
    "/s/abc/state/x",
    "/s/a/d/b/c",
    "/wp-login.php",
    "/shares/a/b",
    "/SHARES",
    "//",
    "/s/%00/constructor",
    "/_next/x",
  ])("is other for %s, so that nobody makes new ones", async (given) => {
    expect(names()(given)).toBe("other")
  })

  it("exists for every address below a link", () => {
    const known = Object.entries(ADDRESSES).map(
      ([name, { ofFile }]) => `${name && `/${name}`}${ofFile ? "/[file]" : ""}`,
    )
    expect([...VISITOR_ADDRESSES].sort()).toEqual(known.sort())
  })

  it("belongs to visitors or to members", () => {
    expect(sideOf("/s/[token]/d/[file]")).toBe("visitor")
    expect(sideOf("/assets/[file]")).toBe("asset")
    expect(sideOf("/api/v1/files/[id]")).toBe("api")
    expect(sideOf("/shares")).toBe("page")
    expect(sideOf("other")).toBe("other")
  })
})
