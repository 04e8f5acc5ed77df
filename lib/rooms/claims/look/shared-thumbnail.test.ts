import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { finishThumbnail } from "#lib/rooms/files/thumbnails/finish-thumbnail.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile, aPicture, sendThumbnail, THUMBNAIL } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { statusOf } from "#testing/builders/shared-file.ts"
import { newVisitId } from "../visitor/visitor-cookies.ts"
import { thumbnail } from "./preview.ts"

const source = { agent: "Chrome", referrer: null, visitor: randomBytes(16) }

async function aSharedPicture(conditions: { maxDownloads?: number } = {}) {
  const owner = await aMember()
  const { id: fileId } = await aPicture(owner)
  await sendThumbnail(owner, fileId)
  await finishThumbnail(owner, fileId)
  const share = await aShare({ owner, fileIds: [fileId], ...conditions })
  return { owner, fileId, shareId: share.id, ...(await linkOf(share.url)) }
}

async function linkOf(url: string) {
  const publicId = readLinkToken(new URL(url).pathname.slice("/s/".length))
  if (!publicId) throw new Error("The link has no token.")
  return { publicId }
}

type Shared = { publicId: Uint8Array<ArrayBuffer>; fileId: string; owner: PersonId }

const look = ({ publicId, fileId }: Pick<Shared, "publicId" | "fileId">) =>
  thumbnail({
    publicId,
    fileId,
    source,
    address: "192.0.2.7",
    cookies: { visitId: newVisitId(), ticket: null, unlock: null },
  })

const keyOf = async (id: string) =>
  (await db.file.findUniqueOrThrow({ where: { id } })).thumbnailKey ?? ""

describe("the thumbnail of a shared file", () => {
  it("is the small picture under its own type, and is not counted", async () => {
    const shared = await aSharedPicture()
    const { url } = await look(shared)
    const answer = await fetch(url)
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"])
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(THUMBNAIL)
    const kinds = await db.event.findMany({ where: { shareId: shared.shareId } })
    expect(kinds.map(({ kind }) => kind)).toEqual(["thumbnail"])
    expect(await db.shareCounter.count({ where: { shareId: shared.shareId } })).toBe(0)
  })

  it("is refused as a preview is", async () => {
    const limited = await aSharedPicture({ maxDownloads: 1 })
    await expect(look(limited)).rejects.toBeRefusal("needs_claim")
    const shared = await aSharedPicture()
    await editShare(acting(shared.owner), shared.shareId, { preview: false })
    await expect(look(shared)).rejects.toBeRefusal("no_preview")
    const owner = await aMember()
    const { id } = await aFile({ owner })
    const plain = await linkOf((await aShare({ owner, fileIds: [id] })).url)
    const none = look({ ...plain, fileId: id })
    await expect(none).rejects.toBeRefusal("not_found")
  })

  it("ends with a cut off by another colour, and still opens for other shares of the file", async () => {
    const shared = await aSharedPicture()
    const other = await aShare({ owner: shared.owner, fileIds: [shared.fileId] })
    const kept = (await look(shared)).url
    expect(await statusOf(kept)).toBe(200)

    const { cutOff } = await revokeShare(shared.owner, shared.shareId, { cutOff: true })

    expect(cutOff).toMatchObject({ state: "done", how: "recoloured", objects: 1 })
    expect(cutOff?.probe).toMatchObject({ status: 403 })
    expect(await statusOf(kept)).toBe(403)
    const again = await look({ ...(await linkOf(other.url)), fileId: shared.fileId })
    expect(await statusOf(again.url)).toBe(200)
  })

  it("is copied to another key if no colours are available", async () => {
    const shared = await aSharedPicture()
    const key = await keyOf(shared.fileId)
    await db.object.update({ where: { key }, data: { tagUnsure: true } })
    const kept = (await look(shared)).url

    const { cutOff } = await revokeShare(shared.owner, shared.shareId, { cutOff: true })

    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed", objects: 1 })
    expect([403, 404]).toContain(await statusOf(kept))
    const moved = await keyOf(shared.fileId)
    expect(moved).not.toBe(key)
    expect(await db.object.findUniqueOrThrow({ where: { key: moved } })).toMatchObject({
      kind: "thumbnail",
      state: "live",
      contentType: "image/webp",
      size: BigInt(THUMBNAIL.length),
    })
    expect(await db.file.findUniqueOrThrow({ where: { id: shared.fileId } })).toMatchObject({
      objectKey: expect.not.stringMatching(moved),
    })
  })
})
