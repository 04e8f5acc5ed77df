import { randomUUID } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { aLink } from "#testing/builders/a-link.ts"
import {
  click,
  type Link,
  look,
  lookCountsOf,
  newVisitor,
  noCookies,
} from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import type { Unlock, VisitorCookies } from "../visitor/visitor-cookies.ts"
import { describePreview } from "./describe-file.ts"
import { PREVIEWS_PER_WINDOW } from "./look-statement.ts"

const fulfilled = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === "fulfilled").length

describe("a preview", () => {
  it("is signed for the file's safe type, inline, under its name, as long as a download", async () => {
    const link = await aLink({ files: ["Plan ä.pdf"], mintTtlSeconds: 20 })
    const { url, expiresAt } = await look(link)

    const { searchParams } = new URL(url)
    const event = await db.event.findFirstOrThrow({ where: { kind: "preview" } })
    expect(Object.fromEntries(searchParams)).toMatchObject({
      "X-Amz-Expires": "20",
      "response-content-type": "application/pdf",
      "response-content-disposition": expect.stringMatching(/^inline; filename="Plan a.pdf"/),
      "response-cache-control": "no-store",
      "x-lapse-claim": event.id,
    })
    expect(expiresAt.getTime() - event.at.getTime()).toBeLessThanOrEqual(20_000)
    expect(event).toMatchObject({ fileId: link.fileId, linkId: link.linkId, agent: "curl" })
  })

  it("has the type that its name implies, whatever its sender stated", async () => {
    for (const [name, stated, type] of [
      ["a.png", "application/octet-stream", "image/png"],
      ["a.html", "text/html", "text/plain; charset=utf-8"],
      ["a.svg", "image/svg+xml", "text/plain; charset=utf-8"],
      ["a.png", "image/svg+xml", "text/plain; charset=utf-8"],
    ] as const) {
      const link = await aLink({ files: [name] })
      await db.file.update({ where: { id: link.fileId }, data: { contentType: stated } })
      const { searchParams } = new URL((await look(link)).url)
      expect(searchParams.get("response-content-type")).toBe(type)
    }
  })

  it("ends with the share, and lives no longer than the longest lifetime it ever had", async () => {
    const soon = await aLink({ expiresAt: new Date(Date.now() + 10_000) })
    const short = await aLink({ mintTtlSeconds: 300, maxTtlSeconds: 60 })

    const lifetime = async (link: Link) =>
      Number(new URL((await look(link)).url).searchParams.get("X-Amz-Expires"))
    expect(await lifetime(soon)).toBeLessThanOrEqual(10)
    expect(await lifetime(short)).toBe(60)
  })

  it("is counted once per visit and file, and never as a claim, with an event each", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    const [one, other] = [newVisitor(), newVisitor()]
    const looks = (cookies: VisitorCookies, fileId?: string) =>
      Array.from({ length: 6 }, () => look(link, { cookies, ...(fileId && { fileId }) }))

    await Promise.all([...looks(one), ...looks(other), ...looks(one, link.fileIds[1])])

    expect(await lookCountsOf(link)).toMatchObject({ previews: 3, downloads: 0, events: 18 })
    expect(await db.event.count({ where: { kind: "preview", again: false } })).toBe(3)
    await look(link, { cookies: noCookies })
    await look(link, { cookies: noCookies })
    expect(await lookCountsOf(link)).toMatchObject({ previews: 5, downloads: 0, events: 20 })
  })

  it("is counted anew by a visit after a day", async () => {
    const link = await aLink()
    const cookies = newVisitor()
    await look(link, { cookies })
    await db.attempt.updateMany({
      where: { purpose: "previewed" },
      data: { windowEndAt: new Date(Date.now() - 1000) },
    })
    await look(link, { cookies })
    await look(link, { cookies })
    expect(await lookCountsOf(link)).toMatchObject({ previews: 2, events: 3 })
  })

  it("is refused like a click if the link does not open, and counts nothing", async () => {
    for (const [conditions, code] of [
      [{ revokedAt: past() }, "gone"],
      [{ expiresAt: past() }, "gone"],
      [{ maxDownloads: 1, downloads: 1 }, "gone"],
      [{ startsAt: future() }, "forbidden"],
      [{ passwordHash: "any" }, "locked"],
      [{ passwordHash: "any", maxDownloads: 1 }, "locked"],
      [{ preview: false }, "no_preview"],
      [{ preview: false, maxDownloads: 1 }, "no_preview"],
      [{ maxDownloads: 1 }, "needs_claim"],
      [{ maxDownloads: 1, viewOnly: true }, "needs_claim"],
      [{ files: ["a.zip"] }, "unsupported"],
    ] as const) {
      const { files, ...rest } = { files: ["a.pdf"] as readonly string[], ...conditions }
      const link = await aLink({ files: [...files], ...rest })
      if (files[0] === "a.zip") {
        await db.file.updateMany({ data: { contentType: "application/zip" } })
      }
      await expect(look(link)).rejects.toBeRefusal(code)
      await expect(describePreview(link.publicId, link.fileId, noCookies)).rejects.toBeRefusal(code)
      expect(await lookCountsOf(link)).toMatchObject({ previews: 0, events: 0, minted: false })
      expect(await db.attempt.count()).toBe(0)
    }
  })

  it("is refused for a file that is deleted, uploading, of another share, or unknown", async () => {
    const link = await aLink({ files: ["deleted.pdf", "coming.pdf"] })
    const [deleted = "", coming = ""] = link.fileIds
    await db.file.update({ where: { id: deleted }, data: { deletedAt: new Date() } })
    await db.file.update({ where: { id: coming }, data: { status: "uploading" } })

    for (const [fileId, code] of [
      [deleted, "gone"],
      [coming, "conflict"],
      [(await aLink()).fileId, "not_found"],
      [randomUUID(), "not_found"],
    ] as const) {
      await expect(look(link, { fileId })).rejects.toBeRefusal(code)
    }
  })

  it("opens with the unlock of a locked share, and with a ticket", async () => {
    const link = await aLink({ passwordHash: "any" })
    const until = { linkId: link.linkId, expiresAt: future() }
    const unlock: Unlock = { proofVersion: 0, ...until }
    expect((await look(link, { cookies: { ...noCookies, unlock } })).url).toContain("X-Amz-")
    const ticket = { id: randomUUID(), proofVersion: 0, epoch: 0, ...until }
    expect((await look(link, { cookies: { ...noCookies, ticket } })).url).toContain("X-Amz-")
    const changed = { ...noCookies, ticket: { ...ticket, epoch: 1 } }
    await expect(look(link, { cookies: changed })).rejects.toBeRefusal("locked")
  })

  it("of a limited share opens only with the ticket, also when the share is used up", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const cookies = newVisitor()
    await expect(look(link, { cookies })).rejects.toBeRefusal("needs_claim")
    const { ticket } = await click(link, cookies)

    await look(link, { cookies: { ...cookies, ticket } })
    await expect(look(link, { cookies })).rejects.toBeRefusal("gone")
    expect(await lookCountsOf(link)).toMatchObject({ previews: 1, downloads: 1, events: 1 })
    for (let n = 0; n < 2; n++) await look(link, { cookies: { ...noCookies, ticket } })
    expect(await lookCountsOf(link)).toMatchObject({ previews: 2, downloads: 1, events: 3 })
  })

  it("is throttled for one address and link, exactly, however many requests come at once", async () => {
    const link = await aLink()
    await look(link)
    const most = { attempts: PREVIEWS_PER_WINDOW - 5 }
    await db.attempt.updateMany({ where: { purpose: "preview_urls" }, data: most })

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => look(link)))
    expect(fulfilled(results)).toBe(5)
    expect(await lookCountsOf(link)).toMatchObject({ previews: 6, events: 6 })
    await expect(look(link)).rejects.toBeRefusal("too_many", {
      retryAfterSeconds: expect.closeTo(600, -1),
    })
    await look(link, { address: "203.0.113.9" })
    await look(await aLink())

    const over = { windowEndAt: past() }
    await db.attempt.updateMany({ where: { purpose: "preview_urls" }, data: over })
    await look(link)
  })

  it("is refused while the disk is full, as a click is", async () => {
    const link = await aLink()
    const held = hostState()
    const disk = { freeBytes: 1, reserveBytes: 100, takesUploads: true }
    const before = held.disk
    Object.assign(held, { disk })
    try {
      await expect(look(link)).rejects.toBeRefusal("unavailable")
    } finally {
      Object.assign(held, { disk: before })
    }
    expect(await lookCountsOf(link)).toMatchObject({ previews: 0, events: 0 })
  })

  it("marks the share as minted from the first one on, also when many come at once", async () => {
    const link = await aLink()
    await Promise.all(Array.from({ length: 8 }, () => look(link)))
    expect((await lookCountsOf(link)).minted).toBe(true)
  })

  it("is one statement", async () => {
    const link = await aLink()
    await look(link)
    const asked = vi.spyOn(pool(), "query")
    await look(link)
    expect(asked).toHaveBeenCalledTimes(1)
    asked.mockRestore()
  })
})
