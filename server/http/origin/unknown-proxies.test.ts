import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { log } from "#lib/adapters/monitoring/log.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { MINUTE } from "#testing/units.ts"
import { watchUnknownProxies } from "./unknown-proxies.ts"

beforeEach(() => vi.spyOn(log, "warn").mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

describe("a proxy that TRUSTED_PROXIES does not name", () => {
  it("is named in the log once an hour", () => {
    const onRequest = watchUnknownProxies()

    for (let minute = 0; minute < 150; minute++) onRequest("10.0.0.1", minute * MINUTE)

    expect(log.warn).toHaveBeenCalledTimes(3)
    expect(vi.mocked(log.warn).mock.calls[0]?.[1]).toContain("TRUSTED_PROXIES=10.0.0.1")
  })

  it("is named beside others, but no flood of addresses fills the log", () => {
    const onRequest = watchUnknownProxies()

    for (let n = 0; n < 500; n++) onRequest(`10.0.${n % 250}.1`, n)

    expect(log.warn).toHaveBeenCalledTimes(20)
  })

  it("has each of its requests counted", async () => {
    const count = async () => (await metrics().unknownProxyRequests.get()).values[0]?.value ?? 0
    const before = await count()
    const onRequest = watchUnknownProxies()

    for (let n = 0; n < 5; n++) onRequest("10.0.0.1", n)

    expect((await count()) - before).toBe(5)
  })
})
