import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { downloadFile } from "#lib/rooms/files/reads/download-files.ts"
import { OPEN_LINK } from "#lib/rooms/shares/links/link.ts"
import { requireLink } from "#lib/rooms/shares/links/read-links.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aShare } from "#testing/builders/a-share.ts"
import {
  aSharedFile,
  clickOn,
  lookAt,
  type SharedFile,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { finishExposures } from "./live-urls/finish-exposures.ts"

/** Revokes a link with a cut off, and waits for its end. */
async function cutOff(shared: Pick<SharedFile, "owner" | "shareId">, linkId: string) {
  const { id } = await revokeLink(linkAt(shared, linkId), { cutOff: true })
  const read = () => requireLink({ ...shared, kind: "share" }, id)
  await expect.poll(async () => (await read()).cutOff?.state).not.toBe("running")
  return read()
}

describe("a link that is revoked with a cut off", () => {
  it("has no URL that works, and the next click on another link mints one that does", async () => {
    const shared = await aSharedFile()
    const [pia, bo] = [await aRecipient(shared, "Pia"), await aRecipient(shared, "Bo")]
    const [kept = ""] = await clickOn(pia.url, [shared.fileId])
    const looked = await lookAt(pia.url, shared.fileId)
    expect([await statusOf(kept), await statusOf(looked)]).toEqual([200, 200])

    const ended = await cutOff(shared, pia.id)

    expect(ended).toMatchObject({
      exposedUntil: null,
      cutOff: { state: "done", how: "recoloured", objects: 1, probe: { status: 403 } },
    })
    expect([await statusOf(kept), await statusOf(looked)]).toEqual([403, 403])
    await expect(clickOn(pia.url, [shared.fileId])).rejects.toBeRefusal("gone")
    const [fresh = ""] = await clickOn(bo.url, [shared.fileId])
    expect(await statusOf(fresh)).toBe(200)
    expect(await requireShare(shared.owner, shared.shareId)).toMatchObject({
      status: "open",
      cutOff: null,
      exposedUntil: null,
    })
  })

  it("touches no object that it handed out no URL of, and no URL of others", async () => {
    const { owner, fileId } = await aSharedFile()
    const { id: otherId } = await aFile({ owner, name: "other.pdf" })
    const share = await aShare({ owner, fileIds: [fileId, otherId] })
    const shared = { owner, shareId: share.id }
    const [pia, bo] = [await aRecipient(shared, "Pia"), await aRecipient(shared, "Bo")]
    await clickOn(pia.url, [fileId])
    const [theirs = ""] = await clickOn(bo.url, [otherId])
    const { url: own } = await downloadFile(owner, otherId)

    expect(await cutOff(shared, pia.id)).toMatchObject({ cutOff: { objects: 1 } })
    expect([await statusOf(theirs), await statusOf(own)]).toEqual([200, 200])
    const unopened = await aRecipient(shared, "Al")
    expect(await cutOff(shared, unopened.id)).toMatchObject({
      cutOff: { state: "done", how: "nothing_out", objects: 0 },
    })
    expect(await statusOf(theirs)).toBe(200)
  })

  it("may be the open one, and one that was revoked before", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const revoked = await revokeLink(linkAt(shared, OPEN_LINK))
    expect(revoked.exposedUntil).not.toBeNull()
    expect(await statusOf(kept)).toBe(200)

    expect(await cutOff(shared, OPEN_LINK)).toMatchObject({ exposedUntil: null })
    expect(await statusOf(kept)).toBe(403)
  })

  it("stays exposed if it was restored and revoked again while the cut off ran", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, "Pia")
    await clickOn(pia.url, [shared.fileId])
    await cutOff(shared, pia.id)
    const { id } = await db.cutOff.findFirstOrThrow({ where: { linkId: pia.id } })
    await restoreLink(linkAt(shared, pia.id))
    await clickOn(pia.url, [shared.fileId])
    const again = await revokeLink(linkAt(shared, pia.id))

    await finishExposures(id)

    expect(again).toMatchObject({ cutOff: null, exposedUntil: expect.any(String) })
    expect(await requireLink({ ...shared, kind: "share" }, pia.id)).toEqual(again)
  })
})
