import { expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { source } from "#testing/look-and-click.ts"
import { BUSY_MS, throughProxy } from "#testing/with-outage.ts"
import { newVisitId, type VisitorCookies } from "../visitor/visitor-cookies.ts"
import { claim } from "./claim.ts"

const visitor = (): VisitorCookies => ({ visitId: newVisitId(), ticket: null, unlock: null })

const counted = async (shareId: string) =>
  (await db.share.findUniqueOrThrow({ where: { id: shareId } })).downloads

it.each(["mute", "hold"] as const)(
  "a claim whose answer never came counts once at most, and its retry is the same claim (%s)",
  async (fault) => {
    await throughProxy(async (proxy, seconds) => {
      const link = await aLink({ maxDownloads: 6 })
      const click = (cookies: VisitorCookies) =>
        claim({ ...link, fileIds: [link.fileId], cookies, directOnly: false, source })
      const visitors = Array.from({ length: 12 }, visitor)
      await Promise.allSettled(visitors.slice(0, 2).map(click))

      proxy.silenceOld(fault)
      const since = performance.now()
      const lost = await Promise.allSettled(visitors.slice(0, 6).map(click))
      expect(performance.now() - since).toBeLessThan(seconds(10) + BUSY_MS)
      expect(lost.some((result) => result.status === "rejected")).toBe(true)
      for (const result of lost) {
        if (result.status === "rejected") expect(outageOf(result.reason)?.status).toBe(503)
      }

      // The first six have their download, whether the lost claim was counted or not.
      const retries = await Promise.allSettled(visitors.slice(0, 6).map(click))
      expect(retries.map(({ status }) => status)).toEqual(Array(6).fill("fulfilled"))
      const others = await Promise.allSettled(visitors.map(click))
      expect(others.filter(({ status }) => status === "fulfilled")).toHaveLength(6)
      // A statement that the server received may still run after its client gave up.
      await vi.waitFor(async () => expect(await counted(link.shareId)).toBe(6), 10_000)
    })
  },
)
