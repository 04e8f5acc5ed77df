import { describe, expect, it } from "vitest"
import { readServerConfiguration as readConfiguration } from "#server/configuration/derive-configuration.ts"
import { findClientAddress } from "./find-client-address.ts"

const { trustedProxies } = readConfiguration({ TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.1, fd00::/8" })

describe("findClientAddress", () => {
  it.each([
    ["203.0.113.5", undefined, "203.0.113.5"],
    ["203.0.113.5", "198.51.100.1", "203.0.113.5"],
    ["::ffff:203.0.113.5", "198.51.100.1", "203.0.113.5"],
    ["10.0.0.2", "198.51.100.1", "198.51.100.1"],
    ["::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"],
    ["10.0.0.2", "6.6.6.6, 198.51.100.1", "198.51.100.1"],
    ["10.0.0.2", "6.6.6.6, 198.51.100.1, 192.0.2.1", "198.51.100.1"],
    ["10.0.0.2", "198.51.100.1:4711", "198.51.100.1"],
    ["fd00::1", "[2001:db8::7]:4711", "2001:db8::7"],
    ["10.0.0.2", "10.0.0.3", "10.0.0.3"],
    ["10.0.0.2", "unknown", "10.0.0.2"],
    ["10.0.0.2", "6.6.6.6, unknown, 10.9.9.9", "10.9.9.9"],
    ["10.0.0.2", "", "10.0.0.2"],
  ])("from %s saying %s it is %s: no client chooses its own", (peer, forwardedFor, expected) => {
    expect(findClientAddress(peer, forwardedFor, trustedProxies)).toBe(expected)
  })

  it("ignores X-Forwarded-For when no proxy is trusted", () => {
    expect(findClientAddress("127.0.0.1", "198.51.100.1", [])).toBe("127.0.0.1")
  })
})
