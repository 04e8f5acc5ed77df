import { describe, expect, it } from "vitest"
import { GUEST_CALLS } from "#lib/api/calls/guests.ts"
import { findAmong } from "#lib/api/find-call.ts"
import { listCalls, listRoutes } from "#server/build/list-routes.ts"
import { ADDRESSES } from "#visitor/answer.ts"
import { nameRoutes, sideOf, VISITOR_ROUTES } from "./route-names.ts"

const FILE = "0199f3a4-0000-7000-8000-000000000001"

const nameOf = nameRoutes(listRoutes(), findAmong(await listCalls()))

describe("the name of a route", () => {
  it("contains no id and no token", async () => {
    const named = Object.entries({
      "/": "/",
      "/shares": "/shares",
      [`/shares/${FILE}`]: "/shares/[id]",
      [`/api/v1/files/${FILE}`]: "/api/v1/files/[id]",
      "/s/abc": "/s/[token]",
      "/s/abc/state": "/s/[token]/state",
      "/share/abc": "/share/[id]",
      "/icon.svg": "/icon.svg",
      "/api/auth/callback/credentials": "/api/auth/[...nextauth]",
      "/api/v1/admin/audit.csv": "/api/v1/admin/audit.csv",
      [`/api/v1/shares/${FILE}/activity.csv`]: "/api/v1/shares/[id]/activity.csv",
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
    "/r/abc/files/",
    "/r/abc/state",
    "/r/abc/files/batch/x",
    "/wp-login.php",
    `/api/v1/shares/${FILE}/activity-csv`,
    "/shares/a/b",
    "/SHARES",
    "//",
    "/s/%00/constructor",
    "/_next/x",
  ])("is just other for %s, so that nobody can make new ones", async (given) => {
    expect(nameOf(given)).toBe("other")
  })

  it("exists for every address below a link or a request", () => {
    const nameAt = ({ at }: { at: string }) => at.replace(/^\w+ /, "").replace(/\{(\w+)\}/g, "[$1]")
    const pages = new Set(ADDRESSES.map(nameAt))
    expect([...VISITOR_ROUTES].sort()).toEqual([...pages].sort())
    for (const name of [...pages, ...GUEST_CALLS.map(nameAt)])
      expect(nameOf(name.replace("[token]", "abc").replace("[file]", FILE))).toBe(name)
  })

  it("belongs to visitors or to members", () => {
    expect(sideOf("/s/[token]/d/[file]")).toBe("visitor")
    expect(sideOf("/assets/[file]")).toBe("asset")
    expect(sideOf("/api/v1/files/[id]")).toBe("api")
    expect(sideOf("/shares")).toBe("page")
    expect(sideOf("other")).toBe("other")
  })
})
