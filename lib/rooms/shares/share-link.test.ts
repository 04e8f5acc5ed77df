import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { newLink } from "./edit/new-link.ts"
import { listShares } from "./list/list-shares.ts"
import { requireShare } from "./require-share.ts"

const tokenOf = ({ url }: { url: string | null }) => url?.split("/s/").at(-1)

/** Makes a link of a share for one person, older than all others. */
async function aLinkFor(shareId: string, address: string) {
  const publicId = newPublicId()
  const createdAt = new Date(0)
  await db.link.create({ data: { shareId, publicId, open: false, address, createdAt } })
  return linkToken(publicId)
}

describe("the link of a share", () => {
  it("has no recipient, is made with the share, and stays the only one of its kind after a new link", async () => {
    const share = await aShare()
    const open = () =>
      db.link.findMany({
        where: { shareId: share.id, open: true },
        select: { publicId: true },
      })
    const [made, ...others] = await open()
    expect(made && linkToken(made.publicId)).toBe(tokenOf(share))
    expect(others).toEqual([])

    const renewed = await newLink(acting(share.ownerId), share.id)
    const [now, ...more] = await open()
    expect(now && linkToken(now.publicId)).toBe(tokenOf(renewed))
    expect(more).toEqual([])
    expect(tokenOf(renewed)).not.toBe(tokenOf(share))
  })

  it("stays the share's among links that are made for people", async () => {
    const share = await aShare()
    await aLinkFor(share.id, "maria@example.org")
    expect(tokenOf(await requireShare(share.ownerId, share.id))).toBe(tokenOf(share))
  })

  it("is none while the open link is revoked, or if there is none, and the owner still finds the share", async () => {
    const share = await aShare()
    await aLinkFor(share.id, "maria@example.org")
    const where = { shareId: share.id, open: true }
    for (const close of [
      () => db.link.updateMany({ where, data: { revokedAt: new Date() } }),
      () => db.link.deleteMany({ where }),
    ]) {
      await close()
      expect(await requireShare(share.ownerId, share.id)).toMatchObject({ url: null })
      expect((await listShares(share.ownerId)).items).toMatchObject([{ id: share.id, url: null }])
    }
  })

  it("is one alone, however many statements make one at once", async () => {
    const { id: shareId } = await aShare()
    await db.link.deleteMany({ where: { shareId } })
    const make = () => db.link.create({ data: { shareId, publicId: newPublicId() } })

    const made = await Promise.allSettled(Array.from({ length: 20 }, make))

    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await db.link.count({ where: { shareId, open: true } })).toBe(1)
  })

  it("has no code, limit or address, and a code is for an address", async () => {
    const { id: shareId } = await aShare()
    await db.link.deleteMany({ where: { shareId } })
    const refused = [
      { name: "Maria" },
      { address: "maria@example.org" },
      { maxDownloads: 1 },
      { open: false, verify: true },
      { open: false, maxDownloads: 0 },
    ]
    for (const link of refused)
      await expect(
        db.link.create({ data: { shareId, publicId: newPublicId(), ...link } }),
      ).rejects.toThrow(/constraint/)
  })

  it("is told from those of recipients by the version before, which names them", async () => {
    const { id: shareId } = await aShare()
    const of = { shareId, open: false }
    const make = (data: object) =>
      db.link.create({ data: { ...of, publicId: newPublicId(), ...data } })
    await make({ name: "Maria", address: "maria@example.org" })
    const { id } = await make({ address: "bo@example.org" })
    const names = async () => {
      const links = await db.link.findMany({ where: { shareId }, orderBy: { createdAt: "asc" } })
      return links.map(({ open, recipient }) => [open, recipient])
    }
    const others = [
      [true, null],
      [false, "Maria"],
    ]
    expect(await names()).toEqual([...others, [false, "bo@example.org"]])

    await db.link.update({ where: { id }, data: { name: "", address: "" } })
    expect(await names()).toEqual([...others, [false, ""]])
  })
})
