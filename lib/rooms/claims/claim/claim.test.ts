import { describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { mint } from "../mint/mint.ts"
import { newVisitId, type VisitorCookies } from "../visitor/visitor-cookies.ts"
import { claim } from "./claim.ts"

const visitor = (): VisitorCookies => ({ ...noCookies, visitId: newVisitId() })

type Link = { publicId: Uint8Array; fileId: string }
const click = ({ publicId, fileId }: Link, cookies = visitor(), directOnly = false) =>
  claim({ publicId, fileIds: [fileId], cookies, directOnly, source })

async function downloadsOf(shareId: string) {
  const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  const shards = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true },
  })
  return downloads + Number(shards._sum.downloads ?? 0)
}

const eventsOf = (shareId: string, kind: "claim" | "mint" | "refused") =>
  db.event.count({ where: { shareId, kind } })

const outcomes = (results: PromiseSettledResult<unknown>[]) => ({
  granted: results.filter(({ status }) => status === "fulfilled").length,
  refused: results.filter((r) => r.status === "rejected" && r.reason.code === "gone").length,
})

describe("a limited share", () => {
  it.each([true, false])(
    "gives exactly 2 of 20 simultaneous clicks (visit ids: %s)",
    async (ids) => {
      const link = await aLink({ maxDownloads: 2 })

      const clicks = Array.from({ length: 20 }, () => click(link, ids ? visitor() : noCookies))
      const results = await Promise.allSettled(clicks)

      expect(outcomes(results)).toEqual({ granted: 2, refused: 18 })
      expect(await downloadsOf(link.shareId)).toBe(2)
      expect(await eventsOf(link.shareId, "claim")).toBe(2)
      expect(await eventsOf(link.shareId, "refused")).toBe(18)
    },
  )

  it("writes at most 60 events a minute for refused clicks, and one for each granted click", async () => {
    const link = await aLink({ maxDownloads: 70 })
    const results = await Promise.allSettled(Array.from({ length: 300 }, () => click(link)))

    expect(outcomes(results)).toEqual({ granted: 70, refused: 230 })
    expect(await eventsOf(link.shareId, "claim")).toBe(70)
    const refused = await eventsOf(link.shareId, "refused")
    expect(refused).toBeGreaterThanOrEqual(60)
    // The clicks may continue into the next minute.
    expect(refused).toBeLessThanOrEqual(120)
  })

  it("counts any number of simultaneous clicks of one visitor once", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const cookies = visitor()

    const grants = await Promise.all(Array.from({ length: 12 }, () => click(link, cookies)))

    expect(new Set(grants.map(({ ticket }) => ticket?.id)).size).toBe(1)
    expect(await downloadsOf(link.shareId)).toBe(1)
    expect(await eventsOf(link.shareId, "claim")).toBe(1)
    expect(await eventsOf(link.shareId, "mint")).toBe(11)
    await expect(click(link)).rejects.toBeRefusal("gone")
  })

  it("keeps visitors who click twice within the limit, all at once", async () => {
    const link = await aLink({ maxDownloads: 3 })
    const visitors = Array.from({ length: 8 }, visitor)

    const results = await Promise.all(
      visitors.map((cookies) => Promise.allSettled([click(link, cookies), click(link, cookies)])),
    )

    for (const both of results) expect(both[0].status).toBe(both[1].status)
    expect(results.filter(([first]) => first.status === "fulfilled")).toHaveLength(3)
    expect(await downloadsOf(link.shareId)).toBe(3)
  })

  it("lets only a visitor whose answer was lost try again", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const cookies = visitor()

    const lost = await click(link, cookies)
    const again = await click(link, cookies)

    expect(again.ticket).toEqual(lost.ticket)
    await expect(click(link, noCookies)).rejects.toBeRefusal("gone")
    expect(await downloadsOf(link.shareId)).toBe(1)
  })

  it("counts a POST without the cookie as a new claim each time", async () => {
    const link = await aLink({ maxDownloads: 2 })

    await click(link, noCookies)
    await click(link, noCookies)

    await expect(click(link, noCookies)).rejects.toBeRefusal("gone")
  })

  it("counts the same visitor again after the ticket would have expired", async () => {
    const link = await aLink({ maxDownloads: 2 })
    const cookies = visitor()
    await click(link, cookies)
    await db.$executeRaw`UPDATE claim SET at = at - interval '25 hours'`

    const results = await Promise.all([click(link, cookies), click(link, cookies)])

    expect(results[0].ticket).toEqual(results[1].ticket)
    expect(await downloadsOf(link.shareId)).toBe(2)
    await db.$executeRaw`UPDATE claim SET at = at - interval '25 hours'`
    await expect(click(link, cookies)).rejects.toBeRefusal("gone")
  })

  it("counts a visitor again after tickets were voided", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const cookies = visitor()
    await click(link, cookies)
    await db.share.update({ where: { id: link.shareId }, data: { ticketEpoch: { increment: 1 } } })

    await expect(click(link, cookies)).rejects.toBeRefusal("gone")
  })

  it("gives a refused visitor a claim after the limit was raised", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const late = visitor()
    await click(link)
    await expect(click(link, late)).rejects.toBeRefusal("gone")

    await db.share.update({ where: { id: link.shareId }, data: { maxDownloads: 2 } })

    await click(link, late)
    await click(link, late)
    expect(await downloadsOf(link.shareId)).toBe(2)
  })
})

describe("counts", () => {
  it("are exact under 200 simultaneous claims of an unlimited share", async () => {
    const link = await aLink()

    await Promise.all(Array.from({ length: 200 }, () => click(link)))

    expect(await downloadsOf(link.shareId)).toBe(200)
    expect(await eventsOf(link.shareId, "claim")).toBe(200)
    const { downloads, minted } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
    expect({ downloads, minted }).toEqual({ downloads: 0, minted: true })
  })

  it("from the time without a limit count against a limit set later", async () => {
    const link = await aLink()
    await Promise.all(Array.from({ length: 5 }, () => click(link)))
    await db.share.update({ where: { id: link.shareId }, data: { maxDownloads: 7 } })

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => click(link)))

    expect(outcomes(results).granted).toBe(2)
    expect(await downloadsOf(link.shareId)).toBe(7)
  })

  it("stay exact while the limit is set and removed under load", async () => {
    const link = await aLink()
    let granted = 0
    let open = true
    const clicking = Array.from({ length: 8 }, async () => {
      while (open) {
        await click(link).then(
          () => (granted += 1),
          () => {},
        )
      }
    })
    for (let round = 0; round < 20; round++) {
      const maxDownloads = round % 2 ? null : (await downloadsOf(link.shareId)) + 10
      await db.share.update({ where: { id: link.shareId }, data: { maxDownloads } })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    // Clicks that are sent after the limit was set respect it exactly.
    open = false
    await Promise.all(clicking)
    const limit = (await downloadsOf(link.shareId)) + 3
    await db.share.update({ where: { id: link.shareId }, data: { maxDownloads: limit } })
    const last = await Promise.allSettled(Array.from({ length: 20 }, () => click(link)))

    expect(outcomes(last).granted).toBe(3)
    expect(await downloadsOf(link.shareId)).toBe(granted + 3)
    expect(await eventsOf(link.shareId, "claim")).toBe(granted + 3)
  })
})

describe("a revoke", () => {
  const revoke = (shareId: string) =>
    db.$executeRaw`UPDATE share SET revoked_at = clock_timestamp(), ticket_epoch = ticket_epoch + 1 WHERE id = ${shareId}::uuid`

  it.each([null, 10_000])(
    "stops every click sent after it returned (limit: %s)",
    async (maxDownloads) => {
      const link = await aLink({ maxDownloads })
      let revoked = false
      let late = 0
      let granted = 0
      const clicking = Array.from({ length: 10 }, async () => {
        for (let sentAfter = 0; sentAfter < 20; ) {
          const after = revoked
          if (after) sentAfter += 1
          const won = await click(link).then(
            () => true,
            () => false,
          )
          if (won) granted += 1
          if (won && after) late += 1
        }
      })
      try {
        await vi.waitFor(() => expect(granted).toBeGreaterThan(10), { timeout: 10_000 })
        await revoke(link.shareId)
      } finally {
        revoked = true
      }
      await Promise.all(clicking)

      expect(late).toBe(0)
      expect(await downloadsOf(link.shareId)).toBe(granted)
    },
  )

  it("sees the first mint, or the click sees the revoke", async () => {
    for (let round = 0; round < 40; round++) {
      const link = await aLink()
      const other = await pool().connect()
      let minted: boolean | undefined
      const revoking = async () => {
        const { rows } = await other.query(
          "UPDATE share SET revoked_at = clock_timestamp() WHERE id = $1 RETURNING minted",
          [link.shareId],
        )
        minted = rows[0].minted
      }
      const [clicked] = await Promise.allSettled([click(link), revoking()])
      other.release()
      expect(clicked.status === "fulfilled").toBe(minted)
    }
  })

  it("that commits while a click on a limited share waits makes the click refused", async () => {
    const link = await aLink({ maxDownloads: 5 })
    const other = await pool().connect()
    await other.query("BEGIN")
    await other.query("UPDATE share SET revoked_at = now() WHERE id = $1", [link.shareId])
    const clicking = click(link).catch((error) => error)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await other.query("COMMIT")
    other.release()

    expect(await clicking).toBeRefusal("gone")
    expect(await downloadsOf(link.shareId)).toBe(0)
  })
})

it("gives a claim of all files those that are ready", async () => {
  const link = await aLink({ files: ["a", "b", "c"] })
  const [, deleted = "", uploading = ""] = link.fileIds
  await db.file.update({ where: { id: deleted }, data: { deletedAt: new Date() } })
  await db.file.update({ where: { id: uploading }, data: { status: "uploading" } })

  const all = await claim({ ...link, fileIds: null, cookies: visitor(), directOnly: false, source })

  expect(all.files.map(({ name }) => name)).toEqual(["a"])
  expect(await downloadsOf(link.shareId)).toBe(1)
})

it("writes no event for a GET of a link that is not direct", async () => {
  const link = await aLink()

  await expect(click(link, noCookies, true)).rejects.toBeRefusal("forbidden")
  expect(await eventsOf(link.shareId, "refused")).toBe(0)
})

describe("the lifetime", () => {
  it("is the share's, and the signature's date is the database's second", async () => {
    const link = await aLink({ mintTtlSeconds: 120, maxTtlSeconds: 300 })
    const grant = await click(link)

    expect(grant.expiresInSeconds).toBe(120)
    expect(grant.signedAt.getMilliseconds()).toBe(0)
  })

  it("never exceeds the lifetime that exposedUntil is computed from", async () => {
    const link = await aLink({ maxTtlSeconds: 20 })

    expect((await click(link)).expiresInSeconds).toBe(20)
  })

  it("never outlives the share, and a share in its last second is over", async () => {
    for (const ms of [400, 900, 1500, 3200, 20_000]) {
      const [row] = await db.$queryRaw<{ end: Date }[]>`
        SELECT clock_timestamp() + make_interval(secs => ${ms / 1000}) AS end`
      const end = row?.end ?? new Date()
      const link = await aLink({ expiresAt: end })
      const grant = await click(link).catch((error) => error)
      if (grant instanceof Error) {
        expect(grant).toBeRefusal("gone")
        expect(await downloadsOf(link.shareId)).toBe(0)
      } else {
        const last = grant.signedAt.getTime() + grant.expiresInSeconds * 1000
        expect(last).toBeLessThanOrEqual(end.getTime())
      }
    }
  })
})

describe("a ticket", () => {
  const withTicket = async (link: Link) => {
    const { ticket } = await click(link)
    return { ...noCookies, ticket }
  }
  const again = ({ publicId, fileId }: Link, cookies: VisitorCookies) =>
    mint({ publicId, fileIds: [fileId], cookies, source })

  it("mints any file of the share again and counts nothing", async () => {
    const link = await aLink({ maxDownloads: 1, files: ["a", "b"] })
    const cookies = await withTicket(link)

    const grants = await Promise.all(
      link.fileIds.map((fileId) => again({ ...link, fileId }, cookies)),
    )

    expect(grants.map((grant) => grant?.files[0]?.name)).toEqual(["a", "b"])
    expect(await downloadsOf(link.shareId)).toBe(1)
    expect(await eventsOf(link.shareId, "mint")).toBe(2)
  })

  it("is throttled, never locked", async () => {
    const link = await aLink()
    const cookies = await withTicket(link)
    await again(link, cookies)
    await db.$executeRaw`UPDATE attempt SET attempts = 600 WHERE purpose = 'mint'`

    await expect(again(link, cookies)).rejects.toBeRefusal("too_many", {
      retryAfterSeconds: expect.any(Number),
    })
    await db.$executeRaw`UPDATE attempt SET window_end_at = now()`
    expect(await again(link, cookies)).not.toBeNull()
  })
})
