import type { IncomingHttpHeaders } from "node:http"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { log } from "#lib/log.ts"
import { createArrival } from "./arrival.ts"
import { readServerSettings } from "./derive-settings.ts"

const APP_URL = "https://share.example.org"

beforeEach(() => vi.spyOn(log, "warn").mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

const aRequest = (remoteAddress: string, headers: IncomingHttpHeaders) => ({
  socket: { remoteAddress },
  url: "/shares",
  headers: { host: "share.example.org", ...headers },
})

describe("a request of Next to this server, for an action of another page", () => {
  it("keeps the client's address, and its headers are no unknown proxy's", () => {
    const arrive = createArrival(readServerSettings({ APP_URL }), { dev: false })
    const first = aRequest("203.0.113.5", { "next-action": "7f" })
    expect(arrive(first)).toMatchObject({ client: "203.0.113.5", host: "share.example.org" })

    const second = aRequest("127.0.0.1", { ...first.headers, "x-action-forwarded": "1" })

    expect(arrive(second)).toMatchObject({ client: "203.0.113.5", isLocal: false })
    expect(log.warn).not.toHaveBeenCalled()
  })

  it("cannot be made up by a client, nor by another process", () => {
    const arrive = createArrival(readServerSettings({ APP_URL }), { dev: false })
    const other = createArrival(readServerSettings({ APP_URL }), { dev: false })
    const made = aRequest("203.0.113.5", { "next-action": "7f" })
    other(made)

    for (const headers of [
      made.headers,
      { "x-lapse-own-request": "" },
      { "x-lapse-own-request": "x" },
    ]) {
      const sent = { ...headers, "x-lapse-client-address": "6.6.6.6" }
      expect(arrive(aRequest("198.51.100.7", sent)).client).toBe("198.51.100.7")
    }
  })
})
