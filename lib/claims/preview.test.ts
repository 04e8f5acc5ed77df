import { randomBytes, randomUUID } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/db.ts"
import { surroundings } from "#lib/surroundings.ts"
import { aLink } from "#testing/a-link.ts"
import { claim } from "./claim.ts"
import { describeFile, describePreview } from "./describe-file.ts"
import { mint } from "./mint.ts"
import { preview } from "./preview.ts"
import { previewOf } from "./preview-kind.ts"
import { canBeShown } from "./preview-kind-sql.ts"
import { PREVIEWS_PER_WINDOW } from "./preview-statement.ts"
import { newVisitId, type Unlock, type VisitorCookies } from "./visitor-cookies.ts"

const HOUR = 3_600_000
const none: VisitorCookies = { visitId: null, ticket: null, unlock: null }
const visitor = (): VisitorCookies => ({ ...none, visitId: newVisitId() })
const source = { agent: "curl", referrer: null, visitor: randomBytes(16) }

type Link = Awaited<ReturnType<typeof aLink>>
type Asked = { cookies?: VisitorCookies; fileId?: string; address?: string }
const look = (link: Link, { cookies = visitor(), ...asked }: Asked = {}) =>
  preview({
    publicId: link.publicId,
    fileId: link.fileId,
    ...{ cookies, source, address: "192.0.2.7", ...asked },
  })
const click = ({ publicId, fileId }: Link, cookies = visitor()) =>
  claim({ publicId, fileIds: [fileId], cookies, directOnly: false, source })

async function countsOf({ shareId }: Link) {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { previews: true, downloads: true },
  })
  const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  return {
    previews: Number(_sum.previews ?? 0),
    downloads: downloads + Number(_sum.downloads ?? 0),
    events: await db.event.count({ where: { shareId, kind: "preview" } }),
  }
}

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

  it("has the type that its name stands for, whatever its sender stated", async () => {
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
    const [one, other] = [visitor(), visitor()]
    const looks = (cookies: VisitorCookies, fileId?: string) =>
      Array.from({ length: 6 }, () => look(link, { cookies, ...(fileId && { fileId }) }))

    await Promise.all([...looks(one), ...looks(other), ...looks(one, link.fileIds[1])])

    expect(await countsOf(link)).toEqual({ previews: 3, downloads: 0, events: 18 })
    await look(link, { cookies: none })
    await look(link, { cookies: none })
    expect(await countsOf(link)).toEqual({ previews: 5, downloads: 0, events: 20 })
  })

  it("is counted anew by a visit after a day", async () => {
    const link = await aLink()
    const cookies = visitor()
    await look(link, { cookies })
    await db.attempt.updateMany({
      where: { purpose: "previewed" },
      data: { windowEndAt: new Date(Date.now() - 1000) },
    })
    await look(link, { cookies })
    await look(link, { cookies })
    expect(await countsOf(link)).toMatchObject({ previews: 2, events: 3 })
  })

  it("is refused where the link does not open, in the words of a click, and counts nothing", async () => {
    const [past, future] = [new Date(Date.now() - HOUR), new Date(Date.now() + HOUR)]
    for (const [conditions, code] of [
      [{ revokedAt: past }, "gone"],
      [{ expiresAt: past }, "gone"],
      [{ maxDownloads: 1, downloads: 1 }, "gone"],
      [{ startsAt: future }, "forbidden"],
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
      await expect(look(link)).rejects.toMatchObject({ code })
      await expect(describePreview(link.publicId, link.fileId, none)).rejects.toMatchObject({
        code,
      })
      expect(await countsOf(link)).toMatchObject({ previews: 0, events: 0 })
      expect(await db.attempt.count()).toBe(0)
      expect((await db.share.findUniqueOrThrow({ where: { id: link.shareId } })).minted).toBe(false)
    }
  })

  it("is refused of a file that is deleted, uploading, of another share, or unknown", async () => {
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
      await expect(look(link, { fileId })).rejects.toMatchObject({ code })
    }
  })

  it("opens with the unlock of a locked share, and with a ticket", async () => {
    const link = await aLink({ passwordHash: "any" })
    const until = { linkId: link.linkId, expiresAt: new Date(Date.now() + HOUR) }
    const unlock: Unlock = { passwordVersion: 0, ...until }
    expect((await look(link, { cookies: { ...none, unlock } })).url).toContain("X-Amz-")
    const ticket = { id: randomUUID(), passwordVersion: 0, epoch: 0, ...until }
    expect((await look(link, { cookies: { ...none, ticket } })).url).toContain("X-Amz-")
    const changed = { ...none, ticket: { ...ticket, epoch: 1 } }
    await expect(look(link, { cookies: changed })).rejects.toMatchObject({ code: "locked" })
  })

  it("of a limited share opens with the ticket alone, also when the share is used up", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const cookies = visitor()
    await expect(look(link, { cookies })).rejects.toMatchObject({ code: "needs_claim" })
    const { ticket } = await click(link, cookies)

    await look(link, { cookies: { ...cookies, ticket } })
    await expect(look(link, { cookies })).rejects.toMatchObject({ code: "gone" })
    expect(await countsOf(link)).toEqual({ previews: 1, downloads: 1, events: 1 })
    for (let n = 0; n < 2; n++) await look(link, { cookies: { ...none, ticket } })
    expect(await countsOf(link)).toEqual({ previews: 2, downloads: 1, events: 3 })
  })

  it("is slowed for one address and link, exactly, whoever asks at once", async () => {
    const link = await aLink()
    await look(link)
    const most = { attempts: PREVIEWS_PER_WINDOW - 5 }
    await db.attempt.updateMany({ where: { purpose: "preview_urls" }, data: most })

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => look(link)))
    expect(fulfilled(results)).toBe(5)
    expect(await countsOf(link)).toMatchObject({ previews: 6, events: 6 })
    await expect(look(link)).rejects.toMatchObject({
      code: "too_many",
      retryAfterSeconds: expect.closeTo(600, -1),
    })
    await look(link, { address: "203.0.113.9" })
    await look(await aLink())

    const past = { windowEndAt: new Date(Date.now() - 1000) }
    await db.attempt.updateMany({ where: { purpose: "preview_urls" }, data: past })
    await look(link)
  })

  it("is refused while the disk is full, as a click is", async () => {
    const link = await aLink()
    const held = surroundings()
    const disk = { freeBytes: 1, reserveBytes: 100, takesUploads: true }
    const before = held.disk
    Object.assign(held, { disk })
    try {
      await expect(look(link)).rejects.toMatchObject({ code: "unavailable" })
    } finally {
      Object.assign(held, { disk: before })
    }
    expect(await countsOf(link)).toMatchObject({ previews: 0, events: 0 })
  })

  it("says that URLs are out from the first one on, also of many at once", async () => {
    const link = await aLink()
    await Promise.all(Array.from({ length: 8 }, () => look(link)))
    expect((await db.share.findUniqueOrThrow({ where: { id: link.shareId } })).minted).toBe(true)
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

describe("the first preview of a share", () => {
  it.each([
    ["is revoked", { revokedAt: new Date() }],
    ["loses its previews", { preview: false }],
    ["has expired", { expiresAt: new Date(Date.now() - HOUR) }],
  ])("is not granted of one that %s while it waits for the row", async (_what, change) => {
    const link = await aLink()
    const looking = await db.$transaction(async (tx) => {
      await tx.share.update({ where: { id: link.shareId }, data: change })
      const looking = Promise.allSettled([look(link)])
      await vi.waitFor(async () => {
        const [row] = await tx.$queryRaw<{ waiting: bigint }[]>`
          SELECT count(*) AS waiting FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND datname = current_database()`
        expect(row?.waiting).toBe(1n)
      })
      return { looking }
    })
    const [result] = await looking.looking

    expect(result?.status).toBe("rejected")
    expect(await countsOf(link)).toMatchObject({ previews: 0, events: 0 })
    expect((await db.share.findUniqueOrThrow({ where: { id: link.shareId } })).minted).toBe(false)
  })
})

describe("previews that run while a share closes", () => {
  it.each([
    ["it is revoked", { revokedAt: new Date() }],
    ["its previews are switched off", { preview: false }],
    ["it gets a limit", { maxDownloads: 5 }],
  ])("are not granted once %s, however many run", { timeout: 30_000 }, async (_what, change) => {
    for (let round = 0; round < 4; round++) {
      const link = await aLink({ minted: round % 2 === 0 })
      let [granted, late, closed, open] = [0, 0, false, true]
      const looking = Array.from({ length: 20 }, async () => {
        while (open) {
          const after = closed
          const won = await look(link).then(
            () => true,
            () => false,
          )
          if (won) granted += 1
          if (won && after) late += 1
        }
      })
      if (round > 1) await vi.waitFor(() => expect(granted).toBeGreaterThan(0), { timeout: 10_000 })
      await db.share.update({ where: { id: link.shareId }, data: change })
      closed = true
      await new Promise((resolve) => setTimeout(resolve, 20))
      open = false
      await Promise.all(looking)

      expect(late).toBe(0)
      expect(await countsOf(link)).toMatchObject({ previews: granted, events: granted })
      const { minted } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
      expect(minted).toBe(granted > 0 || round % 2 === 0)
    }
  })
})

describe("canBeShown", () => {
  it("is what previewOf says, for every name and stated type", async () => {
    const names = ["a", "a.PNG", "a.b.Md", "Makefile", ".gitignore", "a.", "", "x.tar.gz", "a.html"]
    const types = [
      ...["", "image/png", "IMAGE/SVG+XML; charset=x", " text/html", "text/x-python", "text/xml"],
      ...["application/zip", "video/mp2t", "application/vnd.openxmlformats-officedocument.x"],
      ...["application/xhtml+xml", "text/plain;charset=utf-8", "font/woff2", "text/calendar"],
    ]
    const pairs = names.flatMap((name) => types.map((type) => ({ name, type })))
    const { rows } = await pool().query<{ shown: boolean }>(
      `SELECT ${canBeShown("f")} AS shown
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS f (name, content_type, place) ORDER BY place`,
      [pairs.map(({ name }) => name), pairs.map(({ type }) => type)],
    )
    expect(pairs.map((pair, at) => ({ ...pair, shown: rows[at]?.shown }))).toEqual(
      pairs.map(({ name, type }) => ({ name, type, shown: previewOf(name, type) !== null })),
    )
  })
})

describe("a view-only share", () => {
  const all = ({ publicId }: Link, cookies = visitor(), address?: string) => ({
    ...{ publicId, fileIds: null, cookies, source, ticketAlone: true },
    ...(address && { chargedTo: address }),
  })

  it("refuses every download, by a click, a ticket, a direct link and a HEAD", async () => {
    for (const conditions of [{}, { minted: true }, { maxDownloads: 2 }, { direct: true }]) {
      const link = await aLink({ viewOnly: true, ...conditions })
      const { publicId, fileId } = link
      const asked = { publicId, fileIds: [fileId], source }
      const { ticket } = await claim({ ...all(link), directOnly: false })
      const cookies = { ...visitor(), ticket }
      const refused = { code: "view_only" }
      await expect(click(link)).rejects.toMatchObject(refused)
      await expect(claim({ ...asked, cookies, directOnly: true })).rejects.toMatchObject(refused)
      await expect(mint({ ...asked, cookies })).rejects.toMatchObject(refused)
      await expect(describeFile(publicId, fileId, cookies)).rejects.toMatchObject(refused)
      expect((await countsOf(link)).downloads).toBe(1)
      expect(await db.event.count({ where: { shareId: link.shareId, kind: "mint" } })).toBe(0)
    }
  })

  it("gives its ticket without URLs, counted once, and the ticket opens previews", async () => {
    const link = await aLink({ viewOnly: true, maxDownloads: 1 })
    const cookies = visitor()
    const grants = await Promise.all(
      Array.from({ length: 8 }, () => claim({ ...all(link, cookies), directOnly: false })),
    )
    expect(new Set(grants.map(({ ticket }) => ticket?.id)).size).toBe(1)
    expect(grants.map(({ viewOnly }) => viewOnly)).toEqual(Array(8).fill(true))
    expect((await countsOf(link)).downloads).toBe(1)

    const ticket = grants[0]?.ticket ?? null
    const again = await mint(all(link, { ...cookies, ticket }))
    expect(again).toMatchObject({ viewOnly: true, ticket: null })
    await look(link, { cookies: { ...none, ticket } })
    await expect(claim({ ...all(link), directOnly: false })).rejects.toMatchObject({ code: "gone" })
    const kinds = await db.event.groupBy({ by: ["kind"], _count: true })
    expect(Object.fromEntries(kinds.map(({ kind, _count }) => [kind, _count]))).toEqual({
      claim: 1,
      preview: 1,
      refused: 1,
    })
  })

  it.each([true, false])(
    "mints no download that is asked for after the switch, however many run (minted before: %s)",
    { timeout: 30_000 },
    async (minted) => {
      for (let round = 0; round < 5; round++) {
        const link = await aLink({ minted })
        let [granted, late, switched, open] = [0, 0, false, true]
        const clicking = Array.from({ length: 30 }, async () => {
          const cookies = visitor()
          while (open) {
            const after = switched
            const won = await click(link, cookies).then(
              () => true,
              () => false,
            )
            if (won) granted += 1
            if (won && after) late += 1
          }
        })
        if (minted) await vi.waitFor(() => expect(granted).toBeGreaterThan(0), { timeout: 10_000 })
        await db.share.update({ where: { id: link.shareId }, data: { viewOnly: true } })
        switched = true
        await new Promise((resolve) => setTimeout(resolve, 20))
        open = false
        await Promise.all(clicking)

        expect(late).toBe(0)
        expect((await countsOf(link)).downloads).toBe(granted)
      }
    },
  )
})
