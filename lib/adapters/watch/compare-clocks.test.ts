import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import type { Click } from "#lib/rooms/claims/claim/click.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { checkHealth } from "#lib/web/health.ts"
import { aStore } from "#packages/local-s3/testing.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { hasProxy, startProxy } from "#testing/lapse/proxies.ts"
import { withStoreAt } from "#testing/with-outage.ts"
import { compareClocks, differenceOf, leastOf } from "./compare-clocks.ts"

let offsetMs = 0
let store: Awaited<ReturnType<typeof aStore>>
const keys = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
}

beforeAll(async () => {
  const now = () => new Date(Date.now() + offsetMs)
  store = await aStore({ bucket: configuration.S3_BUCKET, ...keys, now })
  // The first comparison of a process takes seconds on a busy machine.
  await withStoreAt(compareClocks, store.url).catch(() => {})
})

afterAll(() => store.close())

afterEach(() => {
  offsetMs = 0
  Object.assign(hostState(), { clocksApartMs: null, rightTime: null })
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Sets the clock of this process, which is also the clock of its store. */
const setProcessClock = (seconds: number) =>
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 })

/** Compares the clocks with a store whose clock is off. */
async function compareWith(seconds: number) {
  offsetMs = seconds * 1000
  await withStoreAt(compareClocks, store.url)
}

const click = ({ publicId, fileIds }: { publicId: Uint8Array; fileIds: string[] }): Click => ({
  publicId,
  fileIds,
  cookies: { visitId: Buffer.alloc(16), ticket: null, unlock: null },
  directOnly: false,
  source: { agent: "Chrome on Android", referrer: null, visitor: Buffer.alloc(16) },
})

async function callsOf(operation: string) {
  const { values } = await metrics().storeCalls.get()
  const calls = values.filter(({ labels }) => labels.operation === operation)
  return calls.reduce((sum, { value }) => sum + value, 0)
}

const headsOfBucket = () => callsOf("HeadBucket")

const NO_TICKET = { linkId: "", proofVersion: 0, epoch: 0, expiresAt: new Date() }

const countsOf = async (shareId: string) => ({
  downloads: (await db.share.findUniqueOrThrow({ where: { id: shareId } })).downloads,
  counters: await db.shareCounter.count({ where: { shareId } }),
  events: await db.event.count({ where: { shareId } }),
})

describe("the clocks of database and bucket", () => {
  it.each([4, -4])("cause nothing when they are %d s apart", async (seconds) => {
    const warn = vi.spyOn(log, "warn")

    await compareWith(seconds)

    expect(warn).not.toHaveBeenCalled()
    expect(await claim(click(await aLink()))).toMatchObject({ files: [{ name: "report.pdf" }] })
  })

  it.each([20, -20])(
    "are said to be %d s apart, once, and again when they agree",
    async (seconds) => {
      const warn = vi.spyOn(log, "warn")
      const info = vi.spyOn(log, "info")

      await compareWith(seconds)
      await compareWith(seconds)

      expect(warn).toHaveBeenCalledOnce()
      expect(warn.mock.calls[0]?.[1]).toMatch(
        /^The clocks of the database and the bucket differ by (19|20|21) s: /,
      )
      expect(await claim(click(await aLink()))).toMatchObject({ files: [{ name: "report.pdf" }] })
      await compareWith(0)
      expect(info).toHaveBeenCalledWith("the clocks of database and bucket agree again")
    },
  )

  it.each([90, -90, 3600, -3600])(
    "%d s apart refuse clicks before anything is counted",
    async (s) => {
      const links = [await aLink(), await aLink({ maxDownloads: 1 })]
      await compareWith(s)

      for (const link of links) {
        const before = await countsOf(link.shareId)
        const ticket = { id: link.linkId, ...NO_TICKET }
        const holder = click(link)
        const asked = [
          claim(holder),
          claim({ ...holder, fileIds: null as unknown as string[] }),
          mint({ ...holder, cookies: { ...holder.cookies, ticket } }),
        ]
        for (const answer of await Promise.allSettled(asked)) {
          expect(answer).toMatchObject({
            reason: {
              code: "unavailable",
              message: expect.stringMatching(
                /^The clocks of the database and the bucket differ by [\d,]+ s/,
              ),
            },
          })
        }
        expect(await countsOf(link.shareId)).toEqual(before)
      }

      await compareWith(0)
      for (const link of links) await claim(click(link))
    },
  )

  it("keep the earlier result while one of them does not answer", async () => {
    await compareWith(90)
    await expect(withStoreAt(compareClocks)).rejects.toThrow()
    await expect(claim(click(await aLink()))).rejects.toBeRefusal("unavailable")
  })
})

describe.runIf(hasProxy("nginx"))("nginx in front of the bucket, which says its own time", () => {
  const WITH_PAGES = `proxy_intercept_errors on; error_page 403 =403 @refused;`
  const READ_ONLY = `${WITH_PAGES} if ($request_method = PUT) { return 405; }`

  /** Runs the work with the store behind an nginx. */
  async function behind<Result>(
    location: string,
    seconds: number,
    work: () => Promise<Result>,
    refused = "not today",
  ) {
    offsetMs = seconds * 1000
    const proxy = await startProxy(
      "nginx",
      (port) => `server {
        listen 127.0.0.1:${port};
        location / { ${location} proxy_pass ${store.url}; proxy_set_header Host $http_host; }
        location @refused { return 403 "${refused}"; }
      }`,
    )
    try {
      return await withStoreAt(work, proxy.url)
    } finally {
      await proxy.stop()
    }
  }

  describe.each([
    ["passes refusals on", ""],
    ["has pages of its own for refusals", WITH_PAGES],
  ])("and %s", (_what, location) => {
    it.each([90, -90])("does not hide that the bucket is %d s off", async (seconds) => {
      const link = await aLink({ maxDownloads: 3 })
      await behind(location, seconds, compareClocks)

      await expect(claim(click(link))).rejects.toBeRefusal("unavailable")
      expect((await countsOf(link.shareId)).downloads).toBe(0)
      expect(Math.abs((hostState().clocksApartMs ?? 0) / 1000 - seconds)).toBeLessThan(3)

      await behind(location, 0, compareClocks)
      await claim(click(link))
    })
  })

  it("and a fault of the bucket keep the earlier result", async () => {
    await compareWith(90)
    const failing = `${WITH_PAGES} if ($request_method = PUT) { return 503; }`
    await expect(behind(failing, 90, compareClocks)).rejects.toThrow()
    expect(hostState().clocksApartMs).toBeGreaterThan(85_000)
  })

  it.each([
    ["that a new URL has expired", "Request has expired", "apart"],
    ["nothing", "no", "unknown"],
  ])("and says no more than %s is reported as that", async (_what, refused, clocks) => {
    const health = () => compareClocks().then(checkHealth, checkHealth)
    expect(await behind(READ_ONLY, 90, health, refused)).toMatchObject({ clocks })
  })
})

describe("comparing the clocks again", () => {
  /**
   * Returns the requests that the bucket gets during the work, and counts GETs of valid and of
   * invalid URLs separately.
   */
  async function askedDuring(work: () => Promise<unknown>) {
    const before = await headsOfBucket()
    const gets = vi.spyOn(globalThis, "fetch")
    await withStoreAt(work, store.url)
    return { heads: (await headsOfBucket()) - before, gets: gets.mock.calls.length }
  }

  it("asks the bucket for nothing but its answer's time for a minute while they agree", async () => {
    await withStoreAt(compareClocks, store.url)
    expect(await askedDuring(compareClocks)).toEqual({ heads: 1, gets: 0 })

    hostState().rightTime = null
    expect(await askedDuring(compareClocks)).toEqual({ heads: 1, gets: 2 })
  })

  it("is not done by health when they were compared a moment ago", async () => {
    await withStoreAt(compareClocks, store.url)
    const forHealth = { heads: 1, gets: 0 }
    expect(await askedDuring(checkHealth)).toEqual(forHealth)

    hostState().clocksComparedAt -= 10_000
    expect((await askedDuring(checkHealth)).heads).toBe(forHealth.heads + 1)
  })
})

describe("a clock that jumps while Lapse runs", () => {
  /**
   * Expects that clicks are refused: makes links, and clicks once on each without any wait in
   * between.
   */
  async function expectRefused(jump: () => Promise<unknown>) {
    const links = [await aLink(), await aLink({ maxDownloads: 1 })]
    await withStoreAt(async () => {
      await compareClocks()
      await jump()

      for (const link of links) {
        const before = await countsOf(link.shareId)
        await expect(claim(click(link))).rejects.toBeRefusal("unavailable", {
          message: expect.stringMatching(
            /^The clocks of the database and the bucket differ by [\d,]+ s/,
          ),
        })
        expect(await countsOf(link.shareId)).toEqual(before)
      }
    }, store.url)
  }

  it.each([90, -90, 3600])(
    "by %d s is seen in the next answer of the store, before a click is counted",
    async (seconds) => {
      await expectRefused(async () => {
        offsetMs = seconds * 1000
        await headObject("o/none")
      })
    },
  )

  it.each([90, -90])(
    "by %d s with the machine's is seen by the next click, before it is counted",
    async (seconds) => {
      // The store of this test reads the clock of this process, and the database does not.
      await expectRefused(async () => setProcessClock(seconds))
    },
  )

  it("and belongs only to this process refuses nobody", async () => {
    const link = await aLink()
    await withStoreAt(async () => {
      await compareClocks()
      setProcessClock(90)
      offsetMs = -90_000

      expect(await claim(click(link))).toMatchObject({ files: [{ name: "report.pdf" }] })
    }, store.url)
  })

  it("makes many clicks ask the store once, even if it does not answer", async () => {
    const link = await aLink()
    await withStoreAt(compareClocks, store.url)
    const before = await headsOfBucket()
    setProcessClock(90)

    await withStoreAt(async () => {
      await Promise.all(Array.from({ length: 20 }, () => claim(click(link))))
      await claim(click(link))
    })

    expect(await headsOfBucket()).toBe(before + 1)
  })
})

describe("exposedUntil", () => {
  it("is later by as much as the bucket's clock is behind, because it serves a URL for that much longer", async () => {
    await compareWith(-600)
    const { id, ownerId } = await aShare({ aged: { minted: true } })

    await revokeShare(ownerId, id)

    const { exposedUntil } = await requireShare(ownerId, id)
    const seconds = (Date.parse(exposedUntil ?? "") - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(659)
    expect(seconds).toBeLessThan(664)
  })

  it("is no earlier if the bucket's clock is ahead, and follows when the clocks agree", async () => {
    for (const offset of [20, -600, 0]) await compareWith(offset)
    const { id, ownerId } = await aShare({ aged: { minted: true } })

    const { exposedUntil } = await revokeShare(ownerId, id)

    const seconds = (Date.parse(exposedUntil ?? "") - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(59)
    expect(seconds).toBeLessThan(64)
  })
})

describe("a measurement", () => {
  const at = (store: number, database: number, took: number) =>
    leastOf(differenceOf({ store, database, asked: 0, answered: took }))

  it("takes neither the rounded second nor a slow answer for a difference", () => {
    expect(at(10_000, 10_999, 0)).toBe(0)
    expect(at(10_000, 16_000, 6_000)).toBe(0)
    expect(at(10_000, 16_000, 10)).toBe(-4990)
    expect(at(16_000, 10_000, 6_000)).toBe(6000)
  })
})
