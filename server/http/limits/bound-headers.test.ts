import { describe, expect, it } from "vitest"
import { boundHeaders } from "./bound-headers.ts"

const bounded = (headers: Record<string, string>) => {
  boundHeaders(headers)
  return headers
}

describe("the headers of a request", () => {
  it("are cut where code parses them, and only there", () => {
    const long = "a".repeat(15_000)
    const headers = bounded({
      "user-agent": long,
      "accept-language": long,
      referer: long,
      "if-none-match": long,
    })
    expect(headers["user-agent"]).toHaveLength(500)
    expect(headers["accept-language"]).toHaveLength(200)
    expect(headers.referer).toHaveLength(2_000)
    expect(headers["if-none-match"]).toHaveLength(15_000)
    expect(bounded({ "user-agent": "curl/8.14.1" })).toEqual({ "user-agent": "curl/8.14.1" })
  })

  it("keep the cookies of Lapse and of its sign-in, and no other", () => {
    const own = [
      "next-auth.session-token=a.b",
      "__Secure-next-auth.session-token=a",
      "__Host-next-auth.csrf-token=b%7Cc",
      "next-auth.callback-url=http%3A%2F%2Flocalhost",
      "lapse-visit=1",
      "lapse_zone=Asia%2FKathmandu",
    ]
    const others = ["_ga=GA1.2", "__prerender_bypass=1", "xlapse-visit=2", "x", ""]
    const mixed = own.flatMap((cookie, at) => [cookie, others[at] ?? "y=1"]).join("; ")
    expect(bounded({ cookie: mixed }).cookie).toBe(own.join("; "))
    expect(bounded({ cookie: others.join("; ") })).toEqual({})
  })
})
