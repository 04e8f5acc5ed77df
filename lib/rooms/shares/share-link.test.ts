import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { newLink } from "./edit/new-link.ts"
import { listShares } from "./list/list-shares.ts"
import { requireShare } from "./require-share.ts"

const tokenOf = ({ url }: { url: string }) => url.split("/s/").at(-1)

/** Makes a link of a share for one person, older than all others. */
async function aLinkFor(shareId: string, recipient: string) {
  const publicId = newPublicId()
  const createdAt = new Date(0)
  await db.link.create({ data: { shareId, publicId, recipient, createdAt } })
  return linkToken(publicId)
}

describe("the link of a share", () => {
  it("has no recipient, is made with the share, and stays the only one of its kind after a new link", async () => {
    const share = await aShare()
    const nameless = () =>
      db.link.findMany({
        where: { shareId: share.id, recipient: null },
        select: { publicId: true },
      })
    const [made, ...others] = await nameless()
    expect(made && linkToken(made.publicId)).toBe(tokenOf(share))
    expect(others).toEqual([])

    const renewed = await newLink(acting(share.ownerId), share.id)
    const [now, ...more] = await nameless()
    expect(now && linkToken(now.publicId)).toBe(tokenOf(renewed))
    expect(more).toEqual([])
    expect(tokenOf(renewed)).not.toBe(tokenOf(share))
  })

  it("stays the share's among links that are made for people", async () => {
    const share = await aShare()
    await aLinkFor(share.id, "maria@example.org")
    expect(tokenOf(await requireShare(share.ownerId, share.id))).toBe(tokenOf(share))
  })

  it("is one for a person if no other is left, and the owner still finds the share", async () => {
    const share = await aShare()
    await db.link.deleteMany({ where: { shareId: share.id } })
    const token = await aLinkFor(share.id, "maria@example.org")
    expect(tokenOf(await requireShare(share.ownerId, share.id))).toBe(token)
    expect((await listShares(share.ownerId)).items.map(({ id }) => id)).toEqual([share.id])
  })
})
