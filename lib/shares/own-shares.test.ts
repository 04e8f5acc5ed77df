import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aSharedFile, endedShareCutOff, statusOf } from "#testing/builders/shared-file.ts"
import { extendShares } from "./edit/extend-shares.ts"
import { requireShare } from "./require-share.ts"
import { restoreShare } from "./revoke/restore-share.ts"
import { findOpenShares, revokeOwnShares } from "./revoke/revoke-own-shares.ts"
import { revokeShare } from "./revoke/revoke-share.ts"

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
    expect(await restoreShare(owner, a.id)).toMatchObject({ status: "open" })
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

  it("are extended, and none is shortened, reopened or another member's", async () => {
    const owner = await aMember()
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
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

    expect(await extendShares(owner, ids, until)).toEqual({ count: 2 })

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
