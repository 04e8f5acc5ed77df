import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile, endedShareCutOff, statusOf } from "#testing/builders/shared-file.ts"
import { inDays } from "#testing/units.ts"
import { extendShares } from "./edit/extend-shares.ts"
import { requireShare } from "./require-share.ts"
import { restoreShare, restoreShares, restoreSharesAsAdmin } from "./revoke/restore-share.ts"
import { findOpenShares, revokeOwnShares } from "./revoke/revoke-own-shares.ts"
import { revokeShare } from "./revoke/revoke-share.ts"
import { revokeShares } from "./revoke/revoke-shares.ts"

describe("many of a member's shares at once", () => {
  it("are revoked only by their owner, each once, and can be restored", async () => {
    const owner = await aMember()
    const [a, b, over, theirs] = [
      await aShare({ owner, title: "a" }),
      await aShare({ owner, title: "b" }),
      await aShare({ owner }),
      await aShare(),
    ]
    await revokeShare(owner, over.id)
    const ids = [a.id, b.id, over.id, theirs.id]
    expect((await findOpenShares(owner, ids)).sort()).toEqual([a.id, b.id].sort())

    const rounds = await Promise.all([revokeOwnShares(owner, ids), revokeOwnShares(owner, ids)])

    expect(rounds.flat().sort()).toEqual([a.id, b.id].sort())
    expect(await requireShare(owner, a.id)).toMatchObject({
      status: "revoked",
      revokedBy: { admin: false },
    })
    expect(await requireShare(theirs.ownerId, theirs.id)).toMatchObject({ status: "open" })
    expect(await db.auditEntry.count({ where: { action: "share.revoke", actId: null } })).toBe(2)
    expect(await db.auditEntry.count({ where: { action: "share.revoke", targetId: a.id } })).toBe(1)
    expect(await restoreShare(acting(owner), a.id)).toMatchObject({ status: "open" })
  })

  it("are cut off with the revoke, and their URLs no longer work", async () => {
    const owner = await aMember()
    const shares = [await aSharedFile({ owner }), await aSharedFile({ owner })]
    const urls = await Promise.all(shares.map((share) => share.click()))

    await revokeOwnShares(
      owner,
      shares.map(({ shareId }) => shareId),
      { cutOff: true },
    )

    for (const { shareId } of shares) await endedShareCutOff({ owner, shareId })
    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([403, 403])
  })

  it("are restored once each however often their ids repeat, and none of an admin's or another's", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const [mine, byAdmin, open, theirs] = [
      await aShare({ owner }),
      await aShare({ owner }),
      await aShare({ owner }),
      await aShare(),
    ]
    await revokeOwnShares(owner, [mine.id])
    await revokeShares(admin, { ids: [byAdmin.id] })
    await revokeShare(theirs.ownerId, theirs.id)
    const ids = [byAdmin, open, theirs, ...Array(9_997).fill(mine)].map(({ id }) => id)

    const rounds = await Promise.all([
      restoreShares(acting(owner), ids),
      restoreShares(acting(owner), ids),
    ])

    expect(rounds.map(({ count }) => count).sort()).toEqual([0, 1])
    const restores = { action: "share.restore" }
    expect(await db.auditEntry.findMany({ where: restores })).toMatchObject([
      { targetId: mine.id, actorId: owner, actId: null },
    ])
    expect(await restoreSharesAsAdmin(admin, ids)).toEqual({ count: 2 })
    expect(await db.auditEntry.count({ where: restores })).toBe(3)
    expect(await db.share.count({ where: { revokedAt: { not: null } } })).toBe(0)
  })

  it("stay revoked, or keep their end, if a setting forbids one of them", async () => {
    const owner = await aMember()
    const [locked, plain] = [
      await aShare({ owner, password: "open sesame", expiresAt: inDays(1) }),
      await aShare({ owner, expiresAt: inDays(1) }),
    ]
    const ids = [locked.id, plain.id]
    await changeSettings(acting(await anAdmin()), { passwordRequired: true })

    await expect(extendShares(acting(owner), ids, inDays(2))).rejects.toBeRefusal("not_allowed", {
      field: "password",
    })
    await revokeOwnShares(owner, ids)
    await expect(restoreShares(acting(owner), ids)).rejects.toBeRefusal("not_allowed", {
      field: "password",
    })

    expect(await db.share.count({ where: { revokedAt: null } })).toBe(0)
    expect(await db.share.count({ where: { expiresAt: { gt: inDays(1.5) } } })).toBe(0)
    expect(await restoreShares(acting(owner), [locked.id])).toEqual({ count: 1 })
    expect(await extendShares(acting(owner), [locked.id], inDays(-1))).toEqual({ count: 0 })
    expect(await extendShares(acting(owner), [locked.id], inDays(2))).toEqual({ count: 1 })
    expect(await db.auditEntry.findMany({ where: { action: "share.edit" } })).toMatchObject([
      { targetId: locked.id, details: { changed: "expiresAt", expiresAt: expect.any(String) } },
    ])
  })

  it("are extended, and none is shortened, reopened or another member's", async () => {
    const owner = await aMember()
    const [soon, later, never, over, revoked, theirs] = [
      await aShare({ owner, expiresAt: inDays(1) }),
      await aShare({ owner, expiresAt: inDays(20) }),
      await aShare({ owner, expiresAt: null }),
      await aShare({ owner, aged: { expiresAt: inDays(-1) } }),
      await aShare({ owner, expiresAt: inDays(1) }),
      await aShare({ expiresAt: inDays(1) }),
    ]
    await revokeShare(owner, revoked.id)
    const until = inDays(7)
    const ids = [soon, later, never, over, revoked, theirs].map(({ id }) => id)

    expect(await extendShares(acting(owner), ids, until)).toEqual({ count: 2 })

    const endOf = async ({ id }: { id: string }) =>
      (await db.share.findUniqueOrThrow({ where: { id } })).expiresAt?.toISOString()
    expect(await Promise.all([soon, later, never, over, revoked, theirs].map(endOf))).toEqual([
      until.toISOString(),
      later.expiresAt ?? undefined,
      undefined,
      until.toISOString(),
      revoked.expiresAt ?? undefined,
      theirs.expiresAt ?? undefined,
    ])
    expect(await requireShare(owner, over.id)).toMatchObject({ status: "open" })
  })
})
