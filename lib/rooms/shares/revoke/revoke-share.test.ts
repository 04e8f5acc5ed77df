import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { newLink } from "#lib/rooms/shares/edit/new-link.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { inDays } from "#testing/units.ts"
import { restoreShare, restoreShareAsAdmin } from "./restore-share.ts"
import { revokeShare } from "./revoke-share.ts"
import { revokeShares } from "./revoke-shares.ts"

const minted = { minted: true }
const epochOf = async (id: string) =>
  (await db.share.findUniqueOrThrow({ where: { id } })).ticketEpoch
const secondsFromNow = (time: string | null) => (Date.parse(time ?? "") - Date.now()) / 1000

describe("revokeShare", () => {
  it("ends a share at once, says who did it, and voids every ticket", async () => {
    const { id, ownerId } = await aShare()

    const share = await revokeShare(ownerId, id)

    expect(share).toMatchObject({
      status: "revoked",
      revokedBy: { name: "Ada Lovelace", admin: false },
      exposedUntil: null, // no URL was handed out
    })
    expect(await epochOf(id)).toBe(1)
  })

  it("says until when a URL that was minted before may still work", async () => {
    const { id, ownerId } = await aShare({ mintTtlSeconds: 120, aged: minted })
    await editShare(acting(ownerId), id, { mintTtlSeconds: 30 })

    const { exposedUntil } = await revokeShare(ownerId, id)

    // The longest lifetime that was ever in force, and a second.
    expect(secondsFromNow(exposedUntil)).toBeGreaterThan(119)
    expect(secondsFromNow(exposedUntil)).toBeLessThanOrEqual(121)
  })

  it("says nothing about it after that time", async () => {
    const { id, ownerId } = await aShare({ aged: minted })
    await revokeShare(ownerId, id)
    await db.share.update({ where: { id }, data: { exposedUntil: new Date(Date.now() - 1) } })

    expect((await requireShare(ownerId, id)).exposedUntil).toBeNull()
  })

  it("reads the clock after the closing commit, also if the commit is slow", async () => {
    const { id, ownerId } = await aShare({ aged: minted })
    let revoked: Promise<unknown> | undefined
    let committedAt = 0
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT FROM share WHERE id = ${id}::uuid FOR UPDATE`
      revoked = revokeShare(ownerId, id)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      committedAt = Date.now()
    })
    await revoked

    const { exposedUntil } = await requireShare(ownerId, id)
    expect(Date.parse(exposedUntil ?? "")).toBeGreaterThanOrEqual(committedAt + 61_000)
  })

  it("changes nothing when repeated, and once when raced", async () => {
    const { id, ownerId } = await aShare({ aged: minted })
    const answers = await Promise.all(Array.from({ length: 20 }, () => revokeShare(ownerId, id)))
    const settled = await requireShare(ownerId, id)

    expect(new Set(answers.map(({ revokedAt }) => revokedAt)).size).toBe(1)
    expect(await epochOf(id)).toBe(1)
    expect(await revokeShare(ownerId, id)).toEqual(settled)
  })

  it("is never undone by an edit or a new link of the same moment", async () => {
    const owner = await aMember()
    const shares = await Promise.all(Array.from({ length: 12 }, () => aShare({ owner })))
    const expiresAt = inDays(1)

    await Promise.all(
      shares.flatMap(({ id }) => [
        editShare(acting(owner), id, { expiresAt, maxDownloads: null }),
        revokeShare(owner, id),
        newLink(acting(owner), id),
      ]),
    )

    expect(await db.share.count({ where: { revokedAt: null } })).toBe(0)
  })

  it("does not find another member's share", async () => {
    const { id } = await aShare()
    const stranger = await aMember()

    for (const wrongId of [id, "no-id"]) {
      await expect(revokeShare(stranger, wrongId)).rejects.toBeRefusal("not_found")
      await expect(restoreShare(acting(stranger), wrongId)).rejects.toBeRefusal("not_found")
      await expect(newLink(acting(stranger), wrongId)).rejects.toBeRefusal("not_found")
    }
    expect((await db.share.findUniqueOrThrow({ where: { id } })).revokedAt).toBeNull()
  })
})

describe("restoreShare", () => {
  it("opens the same link again, and earlier tickets are valid again", async () => {
    const { id, ownerId, url } = await aShare({ aged: minted })
    await revokeShare(ownerId, id)

    const share = await restoreShare(acting(ownerId), id)

    expect(share).toMatchObject({ status: "open", url, revokedAt: null, exposedUntil: null })
    expect(await epochOf(id)).toBe(0)
    expect(await restoreShare(acting(ownerId), id)).toEqual(share)
  })

  it("does not undo an admin's revoke", async () => {
    const { id, ownerId } = await aShare()
    const admin = await anAdmin()
    await revokeShare(ownerId, id)
    await revokeShares(admin, { ids: [id], reason: "Contains a virus" })

    await expect(restoreShare(acting(ownerId), id)).rejects.toBeRefusal("forbidden")
    expect(await requireShare(ownerId, id)).toMatchObject({
      status: "revoked",
      revokedBy: { name: "Grace Hopper", admin: true },
      revokeReason: "Contains a virus",
    })

    expect((await restoreShareAsAdmin(admin, id)).status).toBe("open")
  })

  it("loses against an admin's revoke in either order", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    const shares = await Promise.all(Array.from({ length: 20 }, () => aShare({ owner })))
    await Promise.all(shares.map(({ id }) => revokeShare(owner, id)))

    await Promise.allSettled(
      shares.flatMap(({ id }) => [
        restoreShare(acting(owner), id),
        revokeShares(admin, { ids: [id] }),
      ]),
    )

    expect(
      await db.share.count({ where: { revokedByAdmin: true, revokedAt: { not: null } } }),
    ).toBe(20)
  })
})

describe("newLink", () => {
  it("gives another URL, voids tickets and sets exposedUntil", async () => {
    const { id, ownerId, url } = await aShare({ aged: minted })

    const share = await newLink(acting(ownerId), id)

    expect(share.url).not.toBe(url)
    // What recipients' links proved stays valid.
    expect(await epochOf(id)).toBe(0)
    expect(await db.link.findMany()).toMatchObject([{ proofVersion: 1 }])
    expect(secondsFromNow(share.exposedUntil)).toBeGreaterThan(59)
  })

  it("does not reopen a revoked share or extend its exposure", async () => {
    const { id, ownerId } = await aShare({ aged: minted })
    const { exposedUntil } = await revokeShare(ownerId, id)

    expect(await newLink(acting(ownerId), id)).toMatchObject({ status: "revoked", exposedUntil })
  })
})
