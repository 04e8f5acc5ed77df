import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { isOfType } from "#lib/rooms/files/allowed-files.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { inDays } from "#testing/units.ts"
import { changeSettings } from "./change-settings.ts"
import { findOutsideShares } from "./find-outside-shares.ts"
import { shortenShares } from "./shorten-shares.ts"

describe("the shares that settings would not allow today", () => {
  it("are counted once, with each reason, and shares that have ended are not counted", async () => {
    const admin = await anAdmin()
    await aShare({ title: "fine", expiresAt: inDays(3), password: "sesame" })
    await aShare({ title: "long", expiresAt: inDays(30), password: "sesame" })
    const both = await aShare({ title: "both", expiresAt: null })
    await aShare({ title: "scheduled", startsAt: inDays(1), expiresAt: inDays(2) })
    const { ownerId, id } = await aShare({ title: "revoked", expiresAt: null })
    await revokeShare(ownerId, id)
    await aShare({ title: "expired", aged: { expiresAt: inDays(-1) } })
    await aLink({ title: "used up", maxDownloads: 1, downloads: 1, expiresAt: null })
    await changeSettings(admin, { maxShareDays: 7, passwordRequired: true })

    const { first, ...found } = await findOutsideShares(admin)

    expect(found).toEqual({
      count: 3,
      reasons: { tooLong: 2, noPassword: 2, noLimit: 0, tooLarge: 0, type: 0 },
    })
    expect(first.map(({ title, reasons }) => [title, reasons])).toEqual([
      ["both", ["tooLong", "noPassword"]],
      ["long", ["tooLong"]],
      ["scheduled", ["noPassword"]],
    ])
    expect(first[0]).toMatchObject({ id: both.id, owner: "Ada Lovelace", expiresAt: null })
  })

  it("are those with a file of a type or size that is not allowed, and no others", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const names = ["a.exe", "B.EXE. .", "exe", "a.exe.pdf", "a_exe", "photo", "%.pdf"]
    names.push(
      "a.ex\u200be",
      "a．ｅｘｅ",
      "a.éxe",
      "a.exe::$DATA",
      "a.exe:\u3000. ",
      "Süß.ＴＡＲ.gz",
    )
    const types = ["application/pdf", "image/png; q=1", "Image/PNG", "imagex/png"]
    const files = names.flatMap((name) => types.map((contentType) => ({ name, contentType })))
    const made = await db.file.createManyAndReturn({
      data: files.map((file) => ({ ownerId: owner, size: 10n, ...file })),
    })
    const shares = await db.share.createManyAndReturn({
      data: made.map(() => ({ ownerId: owner, maxTtlSeconds: 60 })),
    })
    await db.shareFile.createMany({
      data: shares.map(({ id }, index) => ({
        shareId: id,
        fileId: made[index]?.id ?? "",
        position: 0,
      })),
    })
    for (const list of [["exe"], ["image/*"], ["image/png"], ["exe", "image/png"], ["tar.gz"]]) {
      const isOf = (file: (typeof files)[number]) => list.some((type) => isOfType(file, type))
      await changeSettings(admin, { blockedTypes: list, allowedTypes: null })
      const blocked = await findOutsideShares(admin)
      expect([list, blocked.reasons.type]).toEqual([list, files.filter(isOf).length])

      await changeSettings(admin, { blockedTypes: [], allowedTypes: list })
      const others = await findOutsideShares(admin)
      expect([list, others.count]).toEqual([list, files.filter((file) => !isOf(file)).length])
    }
    await changeSettings(admin, { allowedTypes: null, maxFileBytes: 9 })
    expect((await findOutsideShares(admin)).reasons.tooLarge).toBe(files.length)
  })
})

describe("shortenShares", () => {
  it("gives exactly those shares an earlier end, says how many, and does so once", async () => {
    const admin = await anAdmin()
    await aShare({ title: "fine", expiresAt: inDays(3) })
    const never = await aShare({ title: "never", expiresAt: null })
    const long = await aShare({ title: "long", expiresAt: inDays(30) })
    await changeSettings(admin, { maxShareDays: 7 })

    expect(await shortenShares(admin, { endsInDays: 7, dryRun: true })).toMatchObject({ count: 2 })
    const { count, endsAt } = await shortenShares(admin, { endsInDays: 7 })
    expect(count).toBe(2)
    expect(await findOutsideShares(admin)).toMatchObject({ count: 0 })
    expect(await shortenShares(admin, { endsInDays: 7 })).toMatchObject({ count: 0 })

    const rows = await db.share.findMany({ where: { id: { in: [never.id, long.id] } } })
    expect(rows.map(({ expiresAt }) => expiresAt?.toISOString())).toEqual([endsAt, endsAt])
    const entries = await db.auditEntry.findMany({ where: { action: "share.shorten" } })
    expect(entries.map(({ targetId }) => targetId).sort()).toEqual([never.id, long.id, null].sort())
    expect(entries.find(({ targetId }) => targetId === long.id)?.details).toEqual({
      title: "long",
      to: endsAt,
      before: long.expiresAt,
    })
  })

  it("counts each share once, however many callers run at once, and keeps an owner's earlier end", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    const { id: fileId } = await aFile({ owner })
    const shares = await Promise.all(
      Array.from({ length: 12 }, () => aShare({ owner, fileIds: [fileId], expiresAt: null })),
    )
    await changeSettings(admin, { maxShareDays: 7 })

    const [edited] = shares
    const edit = editShare(owner, edited?.id ?? "", { expiresAt: inDays(1) })
    const calls = await Promise.all([1, 2, 3, 4].map(() => shortenShares(admin, { endsInDays: 5 })))
    const { expiresAt } = await edit

    const total = calls.reduce((sum, { count }) => sum + count, 0)
    expect([11, 12]).toContain(total)
    const row = await db.share.findUniqueOrThrow({ where: { id: edited?.id ?? "" } })
    expect(row.expiresAt?.toISOString()).toBe(expiresAt)
  })
})
