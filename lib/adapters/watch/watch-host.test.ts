import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { areClocksApart } from "#lib/adapters/host/clocks-apart.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { aStore } from "#packages/local-s3/testing.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { withStoreAt } from "#testing/with-outage.ts"
import { compareClocks } from "./compare-clocks.ts"
import { watchHost } from "./watch-host.ts"

/** The timeout for the answers of database and store. */
const SOON = { timeout: 10_000 }
const keys = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] })
})

afterEach(() => {
  vi.useRealTimers()
  Object.assign(hostState(), { clocksApartMs: null, disk: null })
})

it("notices within 30 s that clocks drift apart while Lapse runs, and that they agree again", async () => {
  let offsetMs = 0
  const now = () => new Date(Date.now() + offsetMs)
  const store = await aStore({ bucket: configuration.S3_BUCKET, ...keys, now })
  const directory = makeFastDirectory()
  try {
    await withStoreAt(async () => {
      // The first comparison of a process takes seconds on a busy machine.
      await compareClocks().catch(() => {})
      const watch = await watchHost({
        directory: directory.path,
        takesUploads: true,
        keepsBallast: true,
      })
      expect(areClocksApart()).toBe(false)
      expect(hostState().disk?.freeBytes).toBeGreaterThan(0)

      offsetMs = 90_000
      vi.advanceTimersByTime(25_000)
      await vi.waitFor(() => expect(areClocksApart()).toBe(true), SOON)

      offsetMs = 0
      vi.advanceTimersByTime(10_000)
      await vi.waitFor(() => expect(areClocksApart()).toBe(false), SOON)
      watch.stop()
      expect(vi.getTimerCount()).toBe(0)
    }, store.url)
  } finally {
    await store.close()
    directory.remove()
  }
})

it("starts while the bucket does not answer", async () => {
  const watch = await withStoreAt(() => watchHost(null))
  watch.stop()
  expect(hostState()).toMatchObject({ clocksApartMs: null, disk: null })
})
