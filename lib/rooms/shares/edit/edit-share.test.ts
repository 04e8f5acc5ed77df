import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { listAudit } from "#lib/rooms/audit/list-audit.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import type { ShareEdit } from "#lib/rooms/shares/share.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { inDays } from "#testing/units.ts"
import { editShare } from "./edit-share.ts"

const rowOf = (id: string) => db.share.findUniqueOrThrow({ where: { id } })
const minted = { minted: true }

describe("editShare", () => {
  it("keeps what is left out and clears what is null", async () => {
    const { id, ownerId } = await aShare({
      title: "Plans",
      message: "Have a look",
      maxDownloads: 3,
      mintTtlSeconds: 120,
      password: "open sesame",
    })

    expect(await editShare(acting(ownerId), id, { title: "New plans" })).toMatchObject({
      title: "New plans",
      message: "Have a look",
      maxDownloads: 3,
      mintTtlSeconds: 120,
      hasPassword: true,
    })
    expect(
      await editShare(acting(ownerId), id, {
        maxDownloads: null,
        mintTtlSeconds: null,
        password: null,
        expiresAt: null,
      }),
    ).toMatchObject({
      title: "New plans",
      maxDownloads: null,
      mintTtlSeconds: 60,
      hasPassword: false,
      expiresAt: null,
      status: "open",
    })
  })

  it("keeps apart what was counted while a share was view-only", async () => {
    const { id, ownerId } = await aShare({ maxDownloads: 20, aged: { downloads: 3 } })
    await db.shareCounter.create({ data: { shareId: id, shard: 1, downloads: 2n } })
    const count = (by: number) =>
      db.share.update({ where: { id }, data: { downloads: { increment: by } } })
    const viewOnly = async (on: boolean) => {
      const { downloads, viewers } = await editShare(acting(ownerId), id, { viewOnly: on })
      return [downloads, viewers]
    }

    expect(await viewOnly(false)).toEqual([5, 0])
    expect(await viewOnly(true)).toEqual([5, 0])
    await count(4)
    expect(await viewOnly(true)).toEqual([9, 4])
    expect(await viewOnly(false)).toEqual([9, 4])
    await count(1)
    expect(await viewOnly(true)).toEqual([10, 4])
  })

  it("ends a share now when its end is set to a time in the past", async () => {
    const { id, ownerId } = await aShare({ aged: minted })

    const share = await editShare(acting(ownerId), id, { expiresAt: inDays(-30) })

    expect(share.status).toBe("expired")
    expect(Math.abs(Date.parse(share.expiresAt ?? "") - Date.now())).toBeLessThan(2000)
    expect(share.exposedUntil).not.toBeNull()
    // An end in the past that is sent again with the rest of a form stays as it is.
    expect(
      await editShare(acting(ownerId), id, { expiresAt: inDays(-30), title: "x" }),
    ).toMatchObject({
      expiresAt: share.expiresAt,
    })
    expect((await editShare(acting(ownerId), id, { expiresAt: inDays(1) })).status).toBe("open")
  })

  it("never reopens a revoked share", async () => {
    const { id, ownerId } = await aShare()
    await revokeShare(ownerId, id)

    const share = await editShare(acting(ownerId), id, { expiresAt: inDays(9), maxDownloads: null })

    expect(share.status).toBe("revoked")
  })

  it.each([
    ["a password", { password: "open sesame" }],
    ["a later start", { startsAt: inDays(1) }],
    ["a limit already reached", { maxDownloads: 2 }],
    ["an end within the minute", { expiresAt: new Date(Date.now() + 20_000) }],
  ])("sets exposedUntil when it excludes visitors by %s", async (_, edit) => {
    const { id, ownerId } = await aShare({ aged: { minted: true, downloads: 2 } })

    expect((await editShare(acting(ownerId), id, edit)).exposedUntil).not.toBeNull()
  })

  it.each([
    ["a title", { title: "Other" }],
    ["a later end", { expiresAt: inDays(20) }],
    ["an earlier end that old addresses do not outlive", { expiresAt: inDays(1) }],
    ["a higher limit", { maxDownloads: 10 }],
  ])("sets no exposedUntil after %s", async (_, edit) => {
    const { id, ownerId } = await aShare({ aged: { minted: true, downloads: 2 } })

    expect((await editShare(acting(ownerId), id, edit)).exposedUntil).toBeNull()
  })

  it("voids tickets when the password is set, changed or removed, and at no other edit", async () => {
    const { id, ownerId } = await aShare()
    const versions = async () => {
      const { passwordVersion, ticketEpoch } = await rowOf(id)
      return [passwordVersion, ticketEpoch]
    }

    await editShare(acting(ownerId), id, { password: null, title: "there was none" })
    expect(await versions()).toEqual([0, 0])
    await editShare(acting(ownerId), id, { password: "first" })
    expect(await versions()).toEqual([1, 1])
    await editShare(acting(ownerId), id, { password: "second" })
    expect(await versions()).toEqual([2, 2])
    await editShare(acting(ownerId), id, { password: null })
    expect(await versions()).toEqual([3, 3])
  })

  it("stores the longest lifetime of a URL", async () => {
    const { id, ownerId } = await aShare()
    await editShare(acting(ownerId), id, { mintTtlSeconds: 300 })
    await editShare(acting(ownerId), id, { mintTtlSeconds: 15 })

    expect(await rowOf(id)).toMatchObject({ mintTtlSeconds: 15, maxTtlSeconds: 300 })
  })

  it("refuses an end before the start, also when only one of them is sent", async () => {
    const { id, ownerId } = await aShare({ expiresAt: inDays(3) })

    await expect(editShare(acting(ownerId), id, { startsAt: inDays(4) })).rejects.toBeRefusal(
      "invalid",
      {
        field: "expiresAt",
      },
    )
    await editShare(acting(ownerId), id, { startsAt: inDays(2) })
    await expect(editShare(acting(ownerId), id, { expiresAt: inDays(1) })).rejects.toBeRefusal(
      "invalid",
    )
  })

  it("refuses a share without previews and downloads, also when only one of them is sent", async () => {
    const { id, ownerId } = await aShare()
    await editShare(acting(ownerId), id, { preview: false })
    await expect(editShare(acting(ownerId), id, { viewOnly: true })).rejects.toBeRefusal("invalid")
    const share = await editShare(acting(ownerId), id, {
      viewOnly: true,
      preview: true,
      watermark: true,
    })
    expect(share).toMatchObject({ viewOnly: true, preview: true, watermark: true })
    await expect(editShare(acting(ownerId), id, { preview: false })).rejects.toBeRefusal("invalid")
  })

  it("says until when URLs may still work that it no longer hands out", async () => {
    const { id, ownerId } = await aShare({ aged: minted })
    expect((await editShare(acting(ownerId), id, { watermark: true })).exposedUntil).toBeNull()
    expect((await editShare(acting(ownerId), id, { viewOnly: true })).exposedUntil).not.toBeNull()
  })

  it("keeps both of two simultaneous edits", async () => {
    const { id, ownerId } = await aShare()

    await Promise.all([
      editShare(acting(ownerId), id, { title: "Plans" }),
      editShare(acting(ownerId), id, { maxDownloads: 5 }),
      editShare(acting(ownerId), id, { message: "Hello" }),
    ])

    expect(await rowOf(id)).toMatchObject({ title: "Plans", maxDownloads: 5, message: "Hello" })
  })

  it("refuses an edit that is based on another version, and of simultaneous ones all but one", async () => {
    const { id, ownerId } = await aShare()
    const actor = acting(ownerId)
    const { version } = await editShare(actor, id, { title: "Plans" })
    const messages = ["a", "b", "c", "d"]

    const edits = await Promise.allSettled(
      messages.map((message) => editShare(actor, id, { message, version })),
    )

    expect(edits.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const stale = editShare(actor, id, { message: "e", version })
    await expect(stale).rejects.toBeRefusal("conflict", { field: "version" })
    expect(messages).toContain((await rowOf(id)).message)
  })

  it("joins a person's edits within a minute in one entry of the audit log", async () => {
    const { id, ownerId } = await aShare()
    const edit = (input: ShareEdit) => editShare(acting(ownerId), id, input)
    await Promise.all([edit({ title: "Plans" }), edit({ message: "Hello" })])
    await edit({ direct: true })

    const { items } = await listAudit({ limit: 50, action: "share.edit" })
    expect(items).toMatchObject([{ targetId: id, parts: 2 }])
    expect(`${items[0]?.details.changed} ${items[0]?.partsChanged}`.split(" ").sort()).toEqual([
      "direct",
      "message",
      "title",
    ])
    const each = await listAudit({ limit: 50, actId: items[0]?.id })
    expect(each.items).toHaveLength(3)

    await db.$executeRaw`UPDATE audit_entry SET at = at - interval '2 minutes'`
    await edit({ title: "New plans" })
    expect((await listAudit({ limit: 50, action: "share.edit" })).items).toHaveLength(2)
  })

  it("does not find another member's share, and changes nothing of it", async () => {
    const { id } = await aShare()
    const before = await rowOf(id)

    await expect(editShare(acting(await aMember()), id, { title: "mine" })).rejects.toBeRefusal(
      "not_found",
    )
    expect(await rowOf(id)).toEqual(before)
  })
})
